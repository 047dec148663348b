package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.RecordView;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalWritingTest extends AbstractWriting {

  @TempDir Path folder;

  @Override
  Place place() {
    return new LocalPlace(folder);
  }

  @Test
  void foldersBelowAreNeitherEnteredNorTruncated() {
    place().put("below/out.csv", "stays");
    Map<String, Object> options = place().writing("");
    options.put("writeMode", "truncate");
    RecordBatch batch = new RecordBatch(Schema.of(Field.of("id", ColumnType.INT64)), 1 << 20, 100);
    RecordView.append(batch, 0, 7L);
    Rows.write(place().connector(), options, batch);
    Rows.write(place().connector(), options, batch);
    assertThat(place().names()).hasSize(2).contains("below/out.csv");
  }

  @Test
  void manyTasksWriteToTheSameFoldersAtOnce() throws Exception {
    int tasks = 8;
    int runs = 100;
    ExecutorService threads = Executors.newFixedThreadPool(tasks);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int task = 0; task < tasks; task++) {
        String base = "t" + task;
        Map<String, Object> options = place().writing(base);
        options.put("writeMode", "truncate");
        options.put("partitionBy", "part");
        RecordBatch batch =
            new RecordBatch(
                Schema.of(Field.of("id", ColumnType.INT64), Field.of("part", ColumnType.INT64)),
                1 << 20,
                100);
        for (long id = 0; id < 20; id++) {
          RecordView.append(batch, id, id, id % 3);
        }
        all.add(
            threads.submit(
                () -> {
                  for (int run = 0; run < runs; run++) {
                    Rows.write(place().connector(), options, batch);
                    Rows.read(place().connector(), place().reading("**/" + base + "_*"));
                  }
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(Rows.read(place().connector(), place().reading("")).records()).hasSize(tasks * 20);
    assertThat(folder.resolve(".millrace")).doesNotExist();
  }

  @Test
  void aFolderThatIsALinkIsWrittenTo() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    Map<String, Object> options =
        Map.of("path", link.toString(), "writeMode", "append", "successFile", true);
    RecordBatch batch = new RecordBatch(Schema.of(Field.of("id", ColumnType.INT64)), 1 << 20, 100);
    RecordView.append(batch, 0, 7L);
    Rows.write(place().connector(), options, batch);
    assertThat(place().names()).hasSize(2).contains("real/_SUCCESS");
  }

  @Test
  void aNameThatIsAFoldersIsNoFiles() {
    for (String name : List.of(".", "..", "../x", "a/b")) {
      AbstractReading.assertError(
          () -> Rows.writer(place().connector(), place().writing(name), TestContext.create()),
          StandardError.CONFIGURATION,
          "'fileName'");
    }
  }

  @Test
  void aFileInThePlaceOfTheFolderIsOneClearLine() throws IOException {
    Path file = Files.writeString(folder.resolve("out.csv"), "1\n");
    RecordBatch batch = new RecordBatch(Schema.of(Field.of("id", ColumnType.INT64)), 1 << 20, 100);
    AbstractReading.assertError(
        () ->
            Rows.write(
                place().connector(), Map.of("path", file.toString(), "writeMode", "append"), batch),
        StandardError.WRITE_REFUSED,
        file.toString(),
        "a file stands where a folder is needed");
  }

  @Test
  void aNameThatLeavesNoRoomForInstanceAndSplitIsRefusedBeforeAnythingIsWritten() {
    TestContext context = TestContext.create();
    for (String name : List.of("n".repeat(181), "\u6c34".repeat(61))) {
      AbstractReading.assertError(
          () -> Rows.writer(place().connector(), place().writing(name), context),
          StandardError.CONFIGURATION,
          "fileName",
          "180 bytes");
    }
    Rows.write(place().connector(), place().writing("n".repeat(180)), Sample.plain(3).batch());
    assertThat(place().names()).hasSize(1);
  }

  @Test
  void aStagedFileThatWasCutOffIsNotCommittedAnyMore() throws IOException {
    TestContext context = TestContext.create();
    Schema schema = Schema.of(Field.of("id", ColumnType.INT64));
    RecordBatch batch = new RecordBatch(schema, 1 << 20, 100);
    RecordView.append(batch, 0, 7L);
    try (Writer writer = Rows.writer(place().connector(), place().writing("cut"), context)) {
      WriteState state = writer.prepare(new WritePlan("cut", 1, 1, schema), context);
      try (SplitWriter split = writer.open(state, "a", context)) {
        split.write(batch);
        split.commit(new SplitTally(1, 1, 0, 1, ""));
      }
      assertThat(writer.commits(state, context)).containsOnlyKeys("a");
      Files.write(folder.resolve(place().staged().get(0)), new byte[0]);
      assertThat(writer.commits(state, context)).isEmpty();
      writer.discard(state, context);
    }
  }

  @Override
  void removeStaged() {
    place().staged().forEach(place()::delete);
  }
}
