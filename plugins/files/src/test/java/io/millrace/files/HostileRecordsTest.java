package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.RecordView;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.testkit.context.TestContext;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Control records that somebody has changed who may write to the folder that they lie in. */
class HostileRecordsTest {

  private static final Schema SCHEMA = Schema.of(Field.of("id", ColumnType.INT64));
  private static final String CHANGED = "somebody has changed the record";

  @TempDir private Path top;
  private Path folder;
  private Path area;
  private Path precious;
  private Writer writer;
  private WriteState state;
  private List<SplitCommit> commits;
  private long epoch;
  private final TestContext context = TestContext.create();

  @BeforeEach
  void writeOneSplit() throws IOException {
    folder = Files.createDirectory(top.resolve("shared"));
    area = folder.resolve(".millrace/hunt-1");
    precious = Files.writeString(Files.createDirectory(top.resolve("home")).resolve("key"), "key");
    begin(Map.of());
  }

  @AfterEach
  void close() {
    writer.close();
  }

  private void begin(Map<String, Object> more) {
    Map<String, Object> options = new HashMap<>();
    options.put("path", folder.toString());
    options.put("fileName", "out");
    options.put("writeMode", "truncate");
    options.putAll(more);
    writer = Rows.writer(new FilesConnector(), options, context);
    writer.check(SCHEMA, context);
    epoch = 1;
    state = writer.prepare(new WritePlan("hunt", 1, 1, SCHEMA), context);
    RecordBatch batch = new RecordBatch(SCHEMA, 1 << 20, 100);
    RecordView.append(batch, 0, 7L);
    try (SplitWriter split = writer.open(state, "a", context)) {
      split.write(batch);
      commits = List.of(split.commit(new SplitTally(1, 1, 0, 1, "")));
    }
  }

  private static String line(Object... words) {
    return Stream.of(words)
            .map(word -> "=" + URLEncoder.encode(word.toString(), StandardCharsets.UTF_8))
            .reduce((a, b) -> a + " " + b)
            .orElseThrow()
        + "\n";
  }

  private void manifest(String lines) throws IOException {
    Files.writeString(area.resolve("manifest"), lines + line("end"));
  }

  /** Neither going on nor publishing believes it. */
  private void assertRefused(String... says) {
    for (Runnable each :
        List.<Runnable>of(
            () -> writer.publish(state, commits, context),
            () -> writer.commits(state, context),
            this::goOn)) {
      assertThatThrownBy(each::run)
          .isInstanceOf(MillraceException.class)
          .hasMessageContainingAll(says)
          .hasMessageNotContaining("\n");
    }
    assertThat(precious).hasContent("key");
  }

  /** As a resume does. */
  private void goOn() {
    epoch++;
    state = writer.takeOver(state, epoch, context);
    writer.publish(state, commits, context);
  }

  private String staged() throws IOException {
    try (Stream<Path> files = Files.list(area.resolve("data"))) {
      return files.findFirst().orElseThrow().toString();
    }
  }

  @Test
  void aManifestRemovesNothingThatTruncateDoesNotMean() throws IOException {
    Path other = Files.writeString(folder.resolve("others.csv"), "theirs");
    for (String name :
        List.of(
            precious.toString(),
            folder + "/../home/key",
            folder + "/out/../../home/key",
            other.toString(),
            area + "/fence/1",
            folder + "/below/out.csv")) {
      manifest(line("remove", name));
      assertRefused(CHANGED, name);
    }
    assertThat(other).hasContent("theirs");
  }

  @Test
  void aManifestMovesNothingToWhereTheInstanceDoesNotWrite() throws IOException {
    String token = staged();
    Path other = Files.writeString(folder.resolve("out.csv"), "theirs");
    for (String name :
        List.of(
            precious.toString(),
            folder + "/../home/key",
            other.toString(),
            folder + "/out__0000000000000000_a.csv",
            area + "/published")) {
      manifest(line("file", name, Files.size(Path.of(token)), token));
      assertRefused(CHANGED, name);
    }
    assertThat(Path.of(token)).exists();
    assertThat(other).hasContent("theirs");
  }

  @Test
  void aManifestPublishesNothingThatWasNotStagedInItsArea() throws IOException {
    String name = published();
    for (String token :
        List.of(
            precious.toString(),
            area + "/data/../../../../home/key",
            area + "/data/" + UUID.randomUUID() + "/../../../../../home/key",
            area + "/fence/1",
            folder + "/.millrace/other-1/data/" + UUID.randomUUID())) {
      manifest(line("file", name, 3, token));
      assertRefused(CHANGED, name);
    }
  }

  /** What the instance's own file is going to be called. */
  private String published() throws IOException {
    try (Stream<Path> files = Files.list(area.resolve("commits"))) {
      String record = Files.readString(files.findFirst().orElseThrow());
      String word = record.lines().toList().get(1).split(" ")[0].substring(1);
      return URLDecoder.decode(word, StandardCharsets.UTF_8);
    }
  }

  @Test
  void aStagedFileThatWasReplacedByALinkIsNotPublished() throws IOException {
    Path token = Path.of(staged());
    long size = Files.size(token);
    Files.delete(token);
    Files.writeString(precious, "k".repeat((int) size));
    Files.createSymbolicLink(token, precious);
    assertThatThrownBy(() -> writer.publish(state, commits, context))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining(CHANGED);
    assertThat(Path.of(published())).doesNotExist();
  }

  @Test
  void anAreaThatWasReplacedByALinkIsNotPublishedFrom() throws IOException {
    Path data = area.resolve("data");
    Path moved = Files.move(data, top.resolve("home/data"));
    Files.createSymbolicLink(data, moved);
    assertThatThrownBy(() -> writer.publish(state, commits, context))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining(CHANGED);
    assertThat(Path.of(published())).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCommitNamesFilesOfItsInstanceOnly(boolean single) throws IOException {
    writer.close();
    folder = Files.createDirectory(top.resolve("again"));
    area = folder.resolve(".millrace/hunt-1");
    begin(Map.of("writeSingleObject", single));
    Path record = area.resolve("commits/a@1");
    List<String> lines = Files.readAllLines(record);
    String tally = lines.get(0) + "\n";
    String name = published();
    for (String file :
        List.of(
            line(precious, 3, precious),
            line(name, 3, precious),
            line(area + "/parts/../../../../home/key", 3, area + "/data/" + UUID.randomUUID()))) {
      Files.writeString(record, tally + file + line("end"));
      assertRefused(CHANGED);
    }
    Files.writeString(record, tally.replace("=a ", "=b ") + line("end"));
    assertRefused("changed, or of another version");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=version =2\n",
        "=rename =a =b\n",
        "=file =a\n",
        "=file =a =many =b\n",
        "=file =a =%zz =b\n",
        "  \n"
      })
  void aManifestThatIsNotUnderstoodIsRefused(String lines) throws IOException {
    manifest(lines);
    assertRefused("a control record of the output is cut off, changed, or of another version");
  }

  @Test
  void aManifestThatIsTooLargeIsNotRead() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(area.resolve("manifest").toFile(), "rw")) {
      file.setLength(3L << 30);
    }
    assertRefused("manifest has more than 64 MB");
  }

  @Test
  void theListOfCommitsThatCountNamesNoOtherFolder() throws IOException {
    Files.writeString(area.resolve("valid/1"), line("../../../../home/x", 1) + line("end"));
    assertThatThrownBy(() -> writer.commits(state, context))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("changed, or of another version");
  }

  @Test
  void aStateThatNamesNoInstanceRemovesNothing() {
    for (String instance : List.of("../../home", "", "a/b")) {
      Map<String, String> properties = new HashMap<>(state.properties());
      properties.put("instance", instance);
      WriteState changed =
          new WriteState(state.version(), properties, state.guarantee(), state.reason());
      for (Runnable each :
          List.<Runnable>of(
              () -> writer.discard(changed, context),
              () -> writer.forget(changed, context),
              () -> writer.publish(changed, commits, context))) {
        assertThatThrownBy(each::run)
            .isInstanceOf(MillraceException.class)
            .hasMessageContaining("names no instance");
      }
    }
    assertThat(precious).hasContent("key");
  }

  @Test
  void whatIsNoRecordOfAnOwnerDoesNotKeepOthersFromBeingCleanedUp() throws IOException {
    for (String content : List.of("=test =%zz", "x y", " ", line("test", "p", "soon"))) {
      Path other = Files.createDirectories(folder.resolve(".millrace/" + content.hashCode()));
      Files.writeString(other.resolve("owner"), content);
    }
    Files.createSymbolicLink(folder.resolve(".millrace/link"), precious.getParent());
    Files.writeString(
        precious.resolveSibling("owner"), line("test", folder + "/out", 1) + line("x"));
    writer.cleanUp(Instant.now().plusSeconds(60), context);
    assertThat(area).doesNotExist();
    assertThat(precious).hasContent("key");
  }
}
