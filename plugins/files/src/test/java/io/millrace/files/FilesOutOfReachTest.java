package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.LocalFiles;
import io.millrace.api.error.MillraceException;
import io.millrace.api.read.Reader;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.RecordView;
import io.millrace.api.record.Schema;
import io.millrace.testkit.context.TestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A task of a server that tries to read or write the server's own files. */
class FilesOutOfReachTest {

  private static final Schema SCHEMA = Schema.of(Field.of("id", ColumnType.STRING));

  @TempDir private Path top;
  private Path root;
  private TestContext context;

  @BeforeEach
  void makeFiles() throws IOException {
    top = top.toRealPath();
    root = Files.createDirectories(top.resolve("data/files"));
    Files.writeString(top.resolve("data/key"), "sesame\n");
    Files.createDirectories(top.resolve("data/runs/1"));
    Files.writeString(top.resolve("data/runs/1/out.csv"), "kept\n");
    Files.createDirectories(top.resolve("plugins"));
    Files.writeString(root.resolve("a.csv"), "1\n");
    LocalFiles files = LocalFiles.within(List.of(root), "files.roots", "conf/millrace.yaml");
    context = TestContext.create().withFiles(files);
  }

  private Rows.Read read(String path, Object... more) {
    Map<String, Object> options =
        AbstractReading.with(
            Map.of("path", path, "column", List.of(Map.of("name", "id", "index", 0))), more);
    return Rows.read(new FilesConnector(), options, 1, context);
  }

  private static void assertRefused(Runnable what) {
    assertThatThrownBy(what::run)
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("outside of files.roots")
        .hasMessageContaining("to files.roots in conf/millrace.yaml")
        .hasMessageNotContainingAny("sesame", "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s/data/key",
        "%s//data/./key",
        "%s/data/files/../key",
        "%s/data/files/none/../../key",
        "%s/data/*",
        "%s/data/",
        "%s/data",
        "%s/data/files/../k*",
        "%s/**/key",
        "%s/data/{files,key}",
        "/proc/self/root%s/data/key",
        "/proc/self/root%s/data/*",
        "/proc/self/cwd/*",
        "/proc/self/environ",
        "/dev/fd/*",
        "/**",
        "/etc/passwd"
      })
  void noPathReadsThem(String path) {
    assertRefused(() -> read(path.formatted(top)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "text", "jsonl", "parquet", "orc"})
  void noFormatReadsThem(String format) {
    assertRefused(() -> read(top + "/data/key", "fileFormat", format));
  }

  @Test
  void noDocumentOfDataxReadsOrWritesThem() {
    Map<String, Object> reading =
        Map.of(
            "path",
            List.of(top + "/data/key"),
            "column",
            List.of(Map.of("index", 0, "type", "string")));
    assertRefused(() -> Rows.read(new TxtFileConnector(), reading, 1, context));
    Map<String, Object> writing =
        Map.of("path", top + "/data/runs/1", "fileName", "out", "writeMode", "truncate");
    RecordBatch batch = new RecordBatch(SCHEMA, 1 << 20, 100);
    RecordView.append(batch, 0, "row");
    assertRefused(() -> Rows.write(new TxtFileConnector(), writing, context, batch));
    assertThat(top.resolve("data/runs/1/out.csv")).hasContent("kept");
  }

  @Test
  void noLinkInAListingReadsThem() throws IOException {
    Files.createSymbolicLink(root.resolve("key"), top.resolve("data/key"));
    Files.createSymbolicLink(root.resolve("folder"), top.resolve("data"));
    for (String path : List.of("key", "k*", "folder/key", "folder/*", "folder/**", "*", "**", "")) {
      assertRefused(() -> read(root + "/" + path));
    }
  }

  @Test
  void aLinkToNothingIsPassedOverAndOneWithinIsFollowed() throws IOException {
    Files.createSymbolicLink(root.resolve("nothing.csv"), top.resolve("data/none"));
    Path inside = Files.createDirectories(root.resolve("real"));
    Files.writeString(inside.resolve("b.csv"), "2\n");
    Files.createSymbolicLink(root.resolve("link"), inside);
    assertThat(read(root + "/*.csv").records()).containsExactly(List.of("1"));
    assertThat(read(root + "/link/*.csv").records()).containsExactly(List.of("2"));
    assertThat(read(root + "/").records()).hasSize(2);
  }

  /** A plan is kept in a folder, and read back. */
  @Test
  void noSplitReadsThem() {
    Map<String, Object> options =
        Map.of("path", root + "/a.csv", "column", List.of(Map.of("name", "id", "index", 0)));
    try (Reader reader = Rows.reader(new FilesConnector(), options, context)) {
      reader.schema(context);
      reader.prepare(context);
      Split split = reader.split(new SplitRequest(1), context).splits().get(0);
      Map<String, String> properties = new HashMap<>();
      split
          .properties()
          .forEach((key, value) -> properties.put(key, value.replace("files%2Fa.csv", "key")));
      assertThat(properties).isNotEqualTo(split.properties());
      Split changed =
          new Split(
              split.id(),
              split.version(),
              properties,
              split.description(),
              split.estimatedRecords());
      assertRefused(() -> readAll(reader, changed));
    }
  }

  private void readAll(Reader reader, Split split) {
    try (var open = reader.open(split, context)) {
      open.read(new RecordBatch(SCHEMA, 1 << 16, 10));
    }
  }

  @Test
  void aLinkThatComesAfterThePlanIsNotFollowed() throws IOException {
    Map<String, Object> options =
        Map.of("path", root + "/a.csv", "column", List.of(Map.of("name", "id", "index", 0)));
    try (Reader reader = Rows.reader(new FilesConnector(), options, context)) {
      reader.schema(context);
      reader.prepare(context);
      Split split = reader.split(new SplitRequest(1), context).splits().get(0);
      Files.delete(root.resolve("a.csv"));
      Files.createSymbolicLink(root.resolve("a.csv"), top.resolve("data/key"));
      assertRefused(() -> readAll(reader, split));
    }
  }

  private void write(String path, Object... more) {
    Map<String, Object> options =
        AbstractReading.with(Map.of("path", path, "writeMode", "append", "fileName", "out"), more);
    RecordBatch batch = new RecordBatch(SCHEMA, 1 << 20, 100);
    RecordView.append(batch, 0, "row");
    Rows.write(new FilesConnector(), options, context, batch);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s/plugins",
        "%s/plugins/new",
        "%s/data",
        "%s/data/runs/1",
        "%s/data/files/../runs/1",
        "%s//data//runs//1/",
        "/proc/self/root%s/plugins",
        "/proc/self/cwd/target/out-of-reach"
      })
  void noPathWritesThere(String path) throws IOException {
    for (String mode : List.of("append", "truncate", "nonConflict")) {
      for (boolean single : new boolean[] {false, true}) {
        assertRefused(
            () ->
                write(
                    path.formatted(top),
                    "writeMode",
                    mode,
                    "writeSingleObject",
                    single,
                    "successFile",
                    true));
      }
    }
    assertNothingChanged();
  }

  private void assertNothingChanged() throws IOException {
    try (Stream<Path> files = Files.walk(top)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> top.relativize(file).toString()))
          .containsExactlyInAnyOrder("data/key", "data/runs/1/out.csv", "data/files/a.csv");
    }
    assertThat(top.resolve("data/runs/1/out.csv")).hasContent("kept");
  }

  @Test
  void noLinkWritesThere() throws IOException {
    Files.createSymbolicLink(root.resolve("runs"), top.resolve("data/runs"));
    Files.createSymbolicLink(root.resolve("new"), top.resolve("plugins/new"));
    Path task = Files.createDirectory(root.resolve("task"));
    Files.createSymbolicLink(task.resolve(".millrace"), top.resolve("plugins"));
    Files.createDirectory(root.resolve("parts"));
    Files.createSymbolicLink(root.resolve("parts/id=row"), top.resolve("plugins"));
    for (String mode : List.of("append", "truncate")) {
      assertRefused(() -> write(root + "/runs/1", "writeMode", mode));
      assertRefused(() -> write(root + "/new", "writeMode", mode));
      assertRefused(() -> write(root + "/task", "writeMode", mode));
    }
    assertNothingChanged();
  }

  @Test
  void truncateRemovesALinkAndNotWhatItLeadsTo() throws IOException {
    Path folder = Files.createDirectory(root.resolve("target"));
    Files.createSymbolicLink(folder.resolve("out.csv"), root.resolve("a.csv"));
    write(folder.toString(), "writeMode", "truncate");
    assertThat(folder.resolve("out.csv")).doesNotExist();
    assertThat(root.resolve("a.csv")).hasContent("1");
  }

  @Test
  void inARootEverythingWorksAlsoThroughALink() throws IOException {
    Files.createSymbolicLink(root.resolve("link"), Files.createDirectory(root.resolve("real")));
    for (String folder : List.of("plain", "link", "link/below")) {
      for (String mode : List.of("append", "truncate")) {
        write(root + "/" + folder, "writeMode", mode, "successFile", true);
      }
      assertThat(read(root + "/" + folder + "/out*").records()).containsExactly(List.of("row"));
    }
    write(root + "/one", "writeSingleObject", true, "fileName", "one.csv");
    assertThat(root.resolve("one/one.csv")).hasContent("row");
    assertThat(root.resolve("one/.millrace")).doesNotExist();
  }
}
