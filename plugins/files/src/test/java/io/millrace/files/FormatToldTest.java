package io.millrace.files;

import static io.millrace.files.AbstractReading.assertError;
import static io.millrace.files.AbstractReading.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Connector;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which format files are read and written with when the task does not say it. */
class FormatToldTest {

  private static final String JSON = "{\"id\":1,\"text\":\"a,b\"}\n";
  private static final Sample SAMPLE =
      Sample.of(
          Schema.of(Field.of("id", ColumnType.INT64), Field.of("text", ColumnType.STRING)),
          List.of(1L, "a,b"));

  @TempDir Path folder;

  private LocalPlace place;

  @BeforeEach
  void place() {
    place = new LocalPlace(folder);
  }

  private List<?> read(String pattern, Object... more) {
    return Rows.read(place.connector(), with(place.reading(pattern), more)).records();
  }

  private void assertRefused(String pattern, String... words) {
    for (Object column : List.of("*", List.of(Map.of("index", 0, "type", "string")))) {
      assertError(() -> read(pattern, "column", column), StandardError.CONFIGURATION, words);
    }
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static byte[] zip(String name, String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      out.putNextEntry(new ZipEntry(name));
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void aFolderAndAPatternAreReadAsTheNamesOfTheirFilesEnd() throws IOException {
    place.put("lines/a.jsonl", JSON);
    place.put("lines/b.NDJSON", JSON);
    place.put("lines/c.jsonl.gz", gzip(JSON));
    place.put("lines/d.jsonl.1", JSON);
    place.put("lines/e.jsonl.zip", zip("e.jsonl", JSON));
    place.put("lines/empty.csv", "");
    for (String pattern : List.of("lines", "lines/*", "lin*/**")) {
      assertThat(read(pattern)).hasSize(5).allMatch(List.of("1", "a,b")::equals);
    }
    place.put("text/a.txt", "\"a,b\n");
    assertThat(read("text")).isEqualTo(List.of(List.of("\"a", "b")));
    for (String format : List.of("parquet", "orc")) {
      Map<String, Object> writing = new LocalPlace(folder.resolve(format)).writing("t");
      Rows.write(place.connector(), with(writing, "fileFormat", format), SAMPLE.batch());
      assertThat(read(format)).isEqualTo(List.of(List.of("1", "a,b")));
    }
  }

  @Test
  void filesWhoseNamesSayNothingAreOfTheFormatOfTheNameThatIsGivenElseCsv() {
    place.put("t.jsonl/part-0", JSON);
    assertThat(read("t.jsonl")).isEqualTo(List.of(List.of("1", "a,b")));
    place.put("plain/part-0", "\"a,b\",c\n");
    place.put("plain/part-1.csv", "\"a,b\",c\n");
    place.put("plain/2026.11.21", "\"a,b\",c\n");
    assertThat(read("plain")).hasSize(3).allMatch(List.of("a,b", "c")::equals);
  }

  @Test
  void filesWhoseNamesDoNotAgreeAreRefusedWithTwoOfThem() {
    place.put("mixed/a.csv", "1,x\n");
    place.put("mixed/b.csv", "1,x\n");
    place.put("mixed/c.jsonl", JSON);
    assertRefused("mixed", "mixed/a.csv", "csv", "mixed/c.jsonl", "jsonl", "fileFormat");
    assertRefused("mixed/a.csv," + folder + "/mixed/c.jsonl", "a.csv", "c.jsonl");
    assertThat(read("mixed", "fileFormat", "text", "fieldDelimiter", "|")).hasSize(3);
    place.put("without/a", "1,x\n");
    place.put("without/c.jsonl", JSON);
    assertRefused("without", "without/a", "without/c.jsonl");
  }

  @Test
  void anEndingOfAnotherFormatIsNotReadAsCsv() throws IOException {
    for (String name : List.of("json", "xml", "avro", "json.gz", "xlsx", "tar.gz")) {
      place.put("other/" + name + "/a." + name, gzip(JSON));
      assertRefused("other/" + name, "a." + name, "fileFormat");
      assertRefused("other/" + name + "/a." + name, "a." + name, "fileFormat");
    }
    place.put("a.json", JSON);
    assertThat(read("a.json", "fileFormat", "jsonl")).isEqualTo(List.of(List.of("1", "a,b")));
  }

  @Test
  void theNameInAZipCountsAsTheZipsOwn() throws IOException {
    place.put("z/a.zip", zip("deep/a.jsonl", JSON));
    place.put("y/a.csv.zip", zip("a.xml", JSON));
    for (String folder : List.of("z", "y")) {
      for (Object column : List.of("*", List.of(Map.of("index", 0, "type", "string")))) {
        assertError(
            () -> read(folder, "column", column),
            StandardError.READ_REFUSED,
            "zip",
            "csv",
            "fileFormat");
      }
    }
    assertThat(read("z", "fileFormat", "jsonl")).isEqualTo(List.of(List.of("1", "a,b")));
    place.put("x/a.zip", zip("a.txt", "1,2\n"));
    assertThat(read("x")).isEqualTo(List.of(List.of("1", "2")));
  }

  @Test
  void whatIsCompressedInAWayThatIsNotReadIsNotReadAsCsv() {
    place.put("a.csv.xz", new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0});
    place.put("a.csv.lz4", new byte[] {4, '"', 'M', 24, 100, 64});
    for (String name : List.of("xz", "lz4")) {
      assertError(() -> read("a.csv." + name), StandardError.READ_REFUSED, name, "unpack it");
    }
  }

  @Test
  void ofDataxTheyAreCsvAndTheLogWarnsOnce() throws IOException {
    place.put("in/a.json", JSON);
    place.put("in/b.json", JSON);
    place.put("in/c.csv", "1,x\n");
    place.put("in/d.txt", "1,x\n");
    TestContext context = TestContext.create();
    Map<String, Object> options =
        with(
            place.reading("in"),
            "column",
            List.of(Map.of("index", 0, "type", "string")),
            "fieldDelimiter",
            "|");
    assertThat(Rows.read(new TxtFileConnector(), options, 4, context).records()).hasSize(4);
    assertThat(context.log().warnings())
        .singleElement()
        .asString()
        .contains("in/a.json", "csv", ".json", "fileFormat");
    context = TestContext.create();
    Rows.read(new TxtFileConnector(), with(options, "fileFormat", "csv"), 4, context);
    assertThat(context.log().warnings()).isEmpty();
  }

  private Map<String, Object> writing(String base, Object... more) {
    return with(new HashMap<>(place.writing(base)), more);
  }

  private void assertUnwritten(Map<String, Object> options, String... words) {
    assertError(
        () -> Rows.write(place.connector(), options, SAMPLE.batch()),
        StandardError.CONFIGURATION,
        words);
  }

  @Test
  void whatIsWrittenIsWhatItsNameSays() {
    String[] wrong = {"csv", ".json", "fileFormat"};
    assertUnwritten(writing("out.json"), wrong);
    assertUnwritten(writing("out.json", "writeSingleObject", true), wrong);
    assertUnwritten(writing("out", "suffix", ".json"), wrong);
    assertUnwritten(writing("out.csv", "suffix", ".jsonl"), "csv", ".jsonl", "fileFormat");
    assertUnwritten(writing("out.csv.gz", "writeSingleObject", true), ".gz", "compress");
    assertUnwritten(writing("out", "suffix", ".csv.gz"), ".gz", "compress");
    assertThat(place.names()).isEmpty();

    Rows.write(place.connector(), writing("out", "suffix", ".jsonl"), SAMPLE.batch());
    assertThat(place.get(place.names().get(0))).startsWith("{");
    Rows.write(place.connector(), writing("b.jsonl", "writeSingleObject", true), SAMPLE.batch());
    assertThat(place.get("b.jsonl")).startsWith("{");
    Rows.write(place.connector(), writing("c.json", "fileFormat", "jsonl"), SAMPLE.batch());
    Rows.write(
        place.connector(),
        writing("d.csv.gz", "writeSingleObject", true, "compress", "none"),
        SAMPLE.batch());
    assertThat(place.get("d.csv.gz")).isEqualTo("1,\"a,b\"\n");
  }

  @Test
  void ofDataxTextIsWrittenUnderAnyNameAndTheLogWarns() {
    Sample one =
        Sample.of(Schema.of(Field.of("document", ColumnType.STRING)), List.of("{\"a\":1,\"b\":2}"));
    Connector connector = new TxtFileConnector();
    for (String name : List.of("a.json", "a.jsonl", "a.csv.gz")) {
      TestContext context =
          Rows.write(connector, writing(name, "writeSingleObject", true), one.batch());
      assertThat(context.log().warnings()).as(name).singleElement().asString().contains("text");
      assertThat(place.get(name)).isEqualTo("{\"a\":1,\"b\":2}\n");
    }
    assertThat(Rows.write(connector, writing("a.csv"), one.batch()).log().warnings()).isEmpty();
  }

  private static final Map<String, List<String>> ENDINGS =
      Map.of(
          "gzip", List.of(".gz", ".GZ"),
          "bzip2", List.of(".bz2"),
          "zip", List.of(".zip"),
          "zstd", List.of(".zst"),
          "snappy", List.of(".snappy", ".sz"),
          "other", List.of(".xz", ".lz4", ".7z"));

  /** A name and the compression that is stated with it, and whether they agree. */
  private interface Case {
    void accept(String compress, String ending, boolean agree);
  }

  private static void forEveryCompression(Case each) {
    for (String compress : List.of("gzip", "bzip2", "zip", "zstd", "snappy")) {
      ENDINGS.forEach(
          (name, endings) ->
              endings.forEach(ending -> each.accept(compress, ending, name.equals(compress))));
    }
  }

  @Test
  void aNameOfAnotherCompressionThanTheStatedOneIsNotWritten() {
    forEveryCompression(
        (compress, ending, agree) -> {
          List<Map<String, Object>> tasks =
              List.of(
                  writing("out.csv" + ending, "writeSingleObject", true, "compress", compress),
                  writing("out.csv" + ending, "compress", compress),
                  writing("out", "suffix", ".csv" + ending, "compress", compress));
          for (Map<String, Object> task : agree ? List.<Map<String, Object>>of() : tasks) {
            assertUnwritten(task, "compress " + compress, "ends in " + ending);
          }
        });
    for (String unknown : ENDINGS.get("other")) {
      assertUnwritten(
          writing("out.csv" + unknown, "writeSingleObject", true), unknown, "without compression");
    }
    assertThat(place.names()).isEmpty();
    for (String ending : List.of(".gz", "", ".2024")) {
      String name = "fine.csv" + ending;
      Rows.write(
          place.connector(),
          writing(name, "writeSingleObject", true, "compress", "GZIP"),
          SAMPLE.batch());
      assertThat(read(name, "compress", "gzip")).isEqualTo(List.of(List.of("1", "a,b")));
    }
  }

  @Test
  void aFileWhoseNameTellsAnotherCompressionThanTheStatedOneIsNotRead() throws IOException {
    byte[] lines = gzip("1,x\n");
    ENDINGS.values().forEach(all -> all.forEach(each -> place.put("in/a.csv" + each, lines)));
    forEveryCompression(
        (compress, ending, agree) -> {
          if (!agree) {
            assertError(
                () -> read("in/a.csv" + ending, "compress", compress),
                StandardError.CONFIGURATION,
                "a.csv" + ending,
                "compress is " + compress);
          }
        });
    assertThat(read("in/a.csv.gz", "compress", "gzip")).isEqualTo(List.of(List.of("1", "x")));
  }

  @Test
  void ofDataxTheStatedCompressionCountsAndTheLogWarns() throws IOException {
    Sample one = Sample.of(Schema.of(Field.of("document", ColumnType.STRING)), List.of("a"));
    for (String ending : List.of(".bz2", ".zip", ".zst", ".snappy", ".sz", ".xz")) {
      TestContext context =
          Rows.write(
              new TxtFileConnector(),
              writing("a.txt" + ending, "writeSingleObject", true, "compress", "gzip"),
              one.batch());
      assertThat(context.log().warnings())
          .as(ending)
          .singleElement()
          .asString()
          .contains("compress gzip", ending);
      context = TestContext.create();
      Map<String, Object> reading =
          with(
              place.reading("a.txt" + ending),
              "column",
              List.of(Map.of("index", 0, "type", "string")),
              "fileFormat",
              "text",
              "compress",
              "gzip");
      assertThat(Rows.read(new TxtFileConnector(), reading, 4, context).records())
          .isEqualTo(List.of(List.of("a")));
      assertThat(context.log().warnings()).singleElement().asString().contains("gzip", ending);
    }
  }
}
