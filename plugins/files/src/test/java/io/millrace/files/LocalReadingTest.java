package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.TaskContext;
import io.millrace.api.TaskForm;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Reader;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.RecordBatch;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalReadingTest extends AbstractReading {

  @TempDir Path folder;

  @Test
  void aLinkToAFolderAboveGivesNothingTwice() throws IOException {
    place().put("deep/x.csv", "1\n");
    Files.createSymbolicLink(folder.resolve("deep/up"), folder);
    Files.createSymbolicLink(folder.resolve("deep/gone"), folder.resolve("nowhere"));
    assertThat(read("").records()).containsExactly(List.of("1"));
  }

  @Test
  void aLinkBesideItsTargetIsReadOnceAndTold() throws IOException {
    place().put("in/a.csv", "1\n");
    place().put("in/b.csv", "1\n");
    Files.createSymbolicLink(folder.resolve("in/link.csv"), folder.resolve("in/a.csv"));
    Files.createLink(folder.resolve("in/hard.csv"), folder.resolve("in/b.csv"));
    Files.createSymbolicLink(folder.resolve("beside"), folder.resolve("in"));
    Rows.Read read = read("");
    assertThat(read.records()).hasSize(2);
    assertThat(read.plan().rule()).contains("2 files", "6 were reached a second time", "link");
    assertThat(read.context().log().warnings()).singleElement().asString().contains("once");
  }

  @Test
  void foldersDeeperThanAnybodyMeansAreNotLeftOutInSilence() throws IOException {
    place().put("x/".repeat(101) + "deep.csv", "1\n");
    assertError(() -> read(""), StandardError.READ_REFUSED, "more than 100 folders deep");
  }

  @Test
  void linksThatDoubleTheFilesWithEachLevelAreAnErrorAndDoNotRunForEver() throws IOException {
    int levels = 30;
    for (int i = 0; i < levels; i++) {
      Path level = Files.createDirectories(folder.resolve("level" + i));
      for (String link : List.of("a", "b")) {
        Files.createSymbolicLink(level.resolve(link), folder.resolve("level" + (i + 1)));
      }
    }
    place().put("level" + levels + "/x.csv", "1\n");
    assertError(
        () -> read("level0"), StandardError.READ_REFUSED, "by links in more than 1000 ways");
  }

  @Test
  void aFolderOrFileWithAWildcardInItsNameIsReadInADataxDocument() throws IOException {
    place().put("in/r[1].csv", "bracket\n");
    place().put("in/r1.csv", "one\n");
    place().put("in/a,b.csv", "comma\n");
    place().put("in/c\\d.csv", "backslash\n");
    TestContext datax = TestContext.create().withRules(TaskContext.Rules.of(TaskForm.DATAX));
    for (String[] each :
        new String[][] {
          {"r[1]*", "bracket"}, {"a,b*", "comma"}, {"c\\d*", "backslash"}, {"c\\?.csv", "backslash"}
        }) {
      Map<String, Object> options = Map.of("path", folder + "/in/" + each[0]);
      assertThat(Rows.read(new TxtFileConnector(), options, 1, datax).records())
          .as(each[0])
          .containsExactly(List.of(each[1]));
    }
    TestContext dataworks =
        TestContext.create().withRules(TaskContext.Rules.of(TaskForm.DATAWORKS));
    Map<String, Object> sets =
        Map.of("path", folder + "/in/r[0-9]*, " + folder + "/in/a,b.csv, " + folder + "/in/c\\*");
    assertThat(Rows.read(new TxtFileConnector(), sets, 1, dataworks).records())
        .containsExactlyInAnyOrder(List.of("one"), List.of("backslash"));
  }

  /** Opens the first split, lets its file change after the first records, and reads to the end. */
  private void changedWhileItIsRead(String name, Object... options) throws IOException {
    TestContext context = TestContext.create();
    try (Reader reader =
        Rows.reader(place().connector(), with(place().reading(name), options), context)) {
      RecordBatch batch = new RecordBatch(reader.schema(context), 1 << 12, 10);
      Split split = reader.split(new SplitRequest(4), context).splits().get(0);
      try (SplitReader open = reader.open(split, context)) {
        assertThat(open.read(batch)).isTrue();
        Path file = folder.resolve(name);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2024-01-01T00:00:00Z")));
        assertError(
            () -> {
              boolean more = true;
              while (more) {
                batch.clear();
                more = open.read(batch);
              }
            },
            StandardError.READ_REFUSED,
            name + " has changed");
      }
    }
  }

  @Test
  void aFileThatChangesWhileItIsReadIsNoticedAtTheEndOfEachPieceAndInEveryFormat()
      throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      text.append("{\"id\":").append(i).append("}\n");
    }
    place().put("cut.jsonl", text.toString());
    changedWhileItIsRead("cut.jsonl", "splitBy", "volume", "maxSplitBytes", 200_000L);
    place().put("whole.jsonl", text.toString());
    changedWhileItIsRead("whole.jsonl");
    for (String format : List.of("parquet", "orc")) {
      Map<String, Object> writing =
          with(
              place().writing("all." + format),
              "fileFormat",
              format,
              "suffix",
              "." + format,
              "maxFileSize",
              1);
      Rows.write(place().connector(), writing, Sample.plain(500).batch());
      String name =
          place().names().stream().filter(n -> n.endsWith("." + format)).findFirst().orElseThrow();
      changedWhileItIsRead(name);
    }
  }

  @Override
  Place place() {
    return new LocalPlace(folder);
  }
}
