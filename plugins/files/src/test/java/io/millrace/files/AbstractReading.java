package io.millrace.files;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Reader;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.testkit.context.TestContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is read of which files, and what is said when it cannot be, on every store. */
@Timeout(120)
abstract class AbstractReading {

  abstract Place place();

  final Rows.Read read(String pattern, Object... more) {
    return Rows.read(place().connector(), with(place().reading(pattern), more));
  }

  static Map<String, Object> with(Map<String, Object> options, Object... more) {
    Map<String, Object> all = new HashMap<>(options);
    for (int i = 0; i < more.length; i += 2) {
      all.put((String) more[i], more[i + 1]);
    }
    return all;
  }

  private List<String> firsts(Rows.Read read) {
    return read.records().stream().map(record -> String.valueOf(record.get(0))).sorted().toList();
  }

  private void letters() {
    for (String name :
        List.of(
            "a1.csv", "a2.csv", "a22.csv", "b1.csv", "deep/c1.csv", "deep/er/d1.csv", "é中.csv")) {
      place().put(name, name.replaceAll(".*/", "").replace(".csv", "") + ",x\n");
    }
    for (String hidden : List.of("_SUCCESS", ".part.crc", "_tmp/e.csv", "deep/.f.csv")) {
      place().put(hidden, "hidden\n");
    }
    place().put("empty.csv", "");
  }

  @Test
  void namesWithWildcardsMeanTheFilesThatFit() {
    letters();
    assertThat(firsts(read("a?.csv"))).containsExactly("a1", "a2");
    assertThat(firsts(read("a*.csv"))).containsExactly("a1", "a2", "a22");
    assertThat(firsts(read("[ab][0-9].csv"))).containsExactly("a1", "a2", "b1");
    assertThat(firsts(read("[!a]1.csv"))).containsExactly("b1");
    assertThat(firsts(read("**/?1.csv"))).containsExactly("a1", "b1", "c1", "d1");
    assertThat(firsts(read("é*.csv"))).containsExactly("é中");
    assertThat(firsts(read(""))).containsExactly("a1", "a2", "a22", "b1", "c1", "d1", "é中");
    assertThat(firsts(read("deep"))).containsExactly("c1", "d1");
    assertThat(firsts(read("_tmp/*.csv"))).containsExactly("hidden");
  }

  @Test
  void namesWithCharactersThatMeanSomethingElsewhereAreRead() {
    List<String> names =
        List.of(
            "a+b.csv",
            "a b.csv",
            "a%20b.csv",
            "a&b=c.csv",
            "a#b'c.csv",
            "a\nb.csv",
            "a..b.csv",
            "e\u0301.csv",
            "\u00e9.csv",
            "😀.csv");
    names.forEach(name -> place().put("odd/" + name, name.replace('\n', '_') + "\n"));
    assertThat(firsts(read("odd/")))
        .containsExactlyElementsOf(names.stream().map(n -> n.replace('\n', '_')).sorted().toList());
    assertThat(firsts(read("odd/?.csv"))).containsExactly("\u00e9.csv", "😀.csv");
    place().put("odd/a,b*.csv", "comma and star\n");
    assertThat(firsts(read("odd/a\\,b\\*.csv"))).containsExactly("comma and star");
  }

  @Test
  void aNameThatAFileHasMeansExactlyThatFile() {
    for (String name :
        List.of("r[1].csv", "r1.csv", "a,b.csv", "a", "b.csv", "x*.csv", "xy.csv", "q?.csv")) {
      place().put("exact/" + name, name + "\n");
    }
    for (String name : List.of("r[1].csv", "a,b.csv", "x*.csv", "q?.csv")) {
      assertThat(read("exact/" + name).records()).as(name).containsExactly(texts(name));
    }
    place().put("exact/f[0-9]/z.csv", "in the folder\n");
    place().put("exact/f1/z.csv", "in another\n");
    assertThat(firsts(read("exact/f[0-9]"))).containsExactly("in the folder");
    assertThat(firsts(read("exact/f[0-9]/z.csv"))).containsExactly("in the folder");
    assertThat(firsts(read("exact/f?/z.csv"))).containsExactly("in another");
  }

  /** A line with a comma in it is a record of two values. */
  private static List<String> texts(String line) {
    return List.of(line.split(","));
  }

  @Test
  void theEntriesOfAListAreNotSplitAndEachFileIsReadOnceAndTold() {
    letters();
    place().put("a1.csv,b1.csv", "with a comma\n");
    Map<String, Object> one = place().reading("");
    String key = one.containsKey("path") ? "path" : "object";
    String base = String.valueOf(one.get(key));
    Rows.Read listed =
        Rows.read(place().connector(), with(one, key, List.of(base + "a1.csv,b*.csv")));
    assertThat(firsts(listed)).containsExactly("with a comma");
    Rows.Read twice =
        Rows.read(
            place().connector(),
            with(one, key, List.of(base + "a1.csv", base + "a?.csv", base + "n*")));
    assertThat(firsts(twice)).containsExactly("a1", "a2");
    assertThat(twice.plan().rule()).contains("2 files", "1 was reached a second time", "a1.csv");
    assertThat(twice.context().log().warnings())
        .anyMatch(
            line -> line.contains("no file fits") && line.endsWith("n*: nothing is read there"))
        .anyMatch(line -> line.contains("a1.csv"));
  }

  @Test
  void nothingToReadIsNotSilent() {
    Object[] known = {"column", List.of(Map.of("index", 0, "type", "long"))};
    place().put("none/_a.csv", "1\n");
    assertError(
        () -> read("none/", known), StandardError.READ_REFUSED, "but hidden ones (1)", "_: name");
    place().put("none/b.csv", "");
    Rows.Read read = read("none/", known);
    assertThat(read.records()).isEmpty();
    assertThat(read.context().log().warnings())
        .containsExactly("1 file is empty: no record is read");
  }

  @Test
  void severalNamesMeanEachFileOnce() {
    letters();
    Map<String, Object> one = place().reading("a1.csv");
    String key = one.containsKey("path") ? "path" : "object";
    String first = String.valueOf(one.get(key));
    String second = String.valueOf(place().reading("a*.csv").get(key));
    assertThat(firsts(Rows.read(place().connector(), with(one, key, first + ", " + second))))
        .containsExactly("a1", "a2", "a22");
    assertThat(firsts(Rows.read(place().connector(), with(one, key, List.of(second, first)))))
        .containsExactly("a1", "a2", "a22");
  }

  @Test
  void smallFilesAreOneSplitAndTheRuleSaysWhatWasDone() {
    for (int i = 0; i < 30; i++) {
      place().put("s" + i + ".csv", i + ",x\n");
    }
    place().put("empty.csv", "");
    Rows.Read read = Rows.read(place().connector(), place().reading(""), 1, TestContext.create());
    assertThat(read.records()).hasSize(30).doesNotHaveDuplicates();
    assertThat(read.plan().splits()).hasSizeBetween(4, 6);
    assertThat(read.plan().rule()).contains("by file", "30 files", "1 empty one passed over");
    assertThat(read.plan().maxConcurrency()).isEqualTo(read.plan().splits().size());
  }

  @Test
  void columnsGoByIndexByNameAndAreConstants() {
    place().put("t.csv", "id,name,day\n1,x,2024/02/03\n2,\\N,2024/02/04\n");
    Rows.Read read =
        read(
            "t.csv",
            "skipHeader",
            "true",
            "column",
            List.of(
                Map.of("index", 0, "type", "long"),
                Map.of("name", "day", "type", "date", "format", "yyyy/MM/dd"),
                Map.of("value", "k", "type", "string"),
                "name"));
    assertThat(read.records())
        .containsExactly(
            List.of("1", "2024-02-03", "k", "x"), Arrays.asList("2", "2024-02-04", "k", null));
  }

  @Test
  void aHeaderIsFoundAndFilesWithOtherOrdersOfColumnsAgree() {
    place().put("h1.csv", "id,name\n1,a\n");
    place().put("h2.csv", "name,id\nb,2\n");
    Rows.Read read = read("h*.csv", "skipHeader", "auto");
    assertThat(read.schema().fields()).extracting(f -> f.name()).containsExactly("id", "name");
    assertThat(read.records()).containsExactly(List.of("1", "a"), List.of("2", "b"));
    place().put("plain.csv", "1,a\n2,b\n");
    assertThat(read("plain.csv", "skipHeader", "auto").records()).hasSize(2);
  }

  @Test
  void aHeaderThatNamesTwoColumnsAlikeIsReadByIndexOnly() {
    place().put("t1.csv", "a,a\n1,2\n");
    assertThat(read("t*.csv", "skipHeader", true).records()).containsExactly(List.of("1", "2"));
    place().put("t2.csv", "b,a,a\n3,4,5\n");
    assertError(
        () -> read("t*.csv", "skipHeader", true),
        StandardError.READ_REFUSED,
        "t2.csv",
        "two columns 'a'");
  }

  @Test
  void aColumnThatAFileLacksIsAnErrorOrNull() {
    place().put("f1.csv", "id,name\n1,a\n");
    place().put("f2.csv", "id\n2\n");
    Object columns = List.of("id", "name");
    assertError(
        () -> read("f*.csv", "column", columns),
        StandardError.READ_REFUSED,
        "f2.csv",
        "no column 'name'");
    assertThat(read("f*.csv", "column", columns, "missingColumns", "null").records())
        .containsExactly(List.of("1", "a"), Arrays.asList("2", null));
  }

  @Test
  void whatDoesNotParseIsDirtyWithFileLineAndReason() {
    place()
        .put(
            "d.csv",
            "1,2024-01-01\nx,2024-01-02\n3,yesterday\n4,2024-01-04\n5\n99999999999,2024-01-06");
    Rows.Read read =
        read(
            "d.csv",
            "column",
            List.of(
                Map.of("index", 0, "type", "int", "name", "n"),
                Map.of("index", 1, "type", "date", "name", "day")));
    assertThat(read.records())
        .containsExactly(List.of("1", "2024-01-01"), List.of("4", "2024-01-04"));
    assertThat(read.reasons())
        .satisfiesExactly(
            each -> assertThat(each).contains("'x' is not a whole number", "d.csv, line 2"),
            each -> assertThat(each).contains("'yesterday' is not a date", "line 3"),
            each -> assertThat(each).contains("no value 2", "cut off", "line 5"),
            each -> assertThat(each).contains("does not fit into 32 bits", "line 6"));
    assertThat(read.context().dirty().entries().get(1).reason().column()).isEqualTo("day");
  }

  @Test
  void bytesThatAreNoTextInTheEncodingAreDirty() {
    place().put("u.csv", new byte[] {'a', ',', (byte) 0xc3, '\n', 'b', ',', 'c', '\n'});
    Rows.Read read = read("u.csv");
    assertThat(read.records()).containsExactly(List.of("b", "c"));
    assertThat(read.reasons()).singleElement().asString().contains("encoding", "line 1");
  }

  @Test
  void nothingThatFitsIsOneClearLine() {
    assertError(
        () -> read("nothing-*.csv"), StandardError.READ_REFUSED, "no file", "nothing-*.csv");
    assertError(
        () -> read("nothing-*.csv", "column", List.of(Map.of("index", 0, "type", "long"))),
        StandardError.READ_REFUSED,
        "no file matches",
        "nothing-*.csv");
  }

  @Test
  void aTruncatedGzipIsOneClearLine() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      for (int i = 0; i < 100_000; i++) {
        gzip.write((i * 7919L + ",x\n").getBytes(StandardCharsets.US_ASCII));
      }
    }
    byte[] cut = Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2);
    place().put("cut.csv.gz", cut);
    assertError(() -> read("cut.csv.gz"), StandardError.READ_REFUSED, "cut.csv.gz", "cut off");
    place().put("no.csv.gz", "this is no gzip");
    assertError(() -> read("no.csv.gz"), StandardError.READ_REFUSED, "no.csv.gz", "no gzip");
  }

  @Test
  void severalMembersOfAGzipAreOneText() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String part : List.of("1,a\n", "2,b\n", "3,c\n")) {
      try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
        gzip.write(part.getBytes(StandardCharsets.US_ASCII));
      }
    }
    place().put("members.csv.gz", bytes.toByteArray());
    assertThat(firsts(read("members.csv.gz"))).containsExactly("1", "2", "3");
  }

  @Test
  void aBombIsOneClearLineAndEndsSoon() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("bomb.csv"));
      byte[] zeros = "0,0,0,0,0,0,0\n".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 200; i++) {
        zip.write(zeros);
      }
    }
    place().put("bomb.zip", bytes.toByteArray());
    assertError(
        () -> drain(place().reading("bomb.zip")),
        StandardError.READ_REFUSED,
        "bomb.zip",
        "more than 200 times",
        "maxInflation");
  }

  @Test
  void aNameThatPointsOutOfAZipIsOneClearLine() throws IOException {
    for (String name : List.of("../../etc/passwd", "/etc/passwd", "a\\..\\..\\b")) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write("1,2\n".getBytes(StandardCharsets.US_ASCII));
      }
      place().put("out.zip", bytes.toByteArray());
      assertError(() -> read("out.zip"), StandardError.READ_REFUSED, "out.zip", "points out of it");
    }
  }

  /** Reads to the end without keeping anything. */
  private void drain(Map<String, Object> options) {
    TestContext context = TestContext.create();
    try (Reader reader = Rows.reader(place().connector(), options, context)) {
      RecordBatch batch = new RecordBatch(reader.schema(context), 1 << 20, 16_384);
      for (Split split : reader.split(new SplitRequest(1), context).splits()) {
        try (SplitReader open = reader.open(split, context)) {
          while (open.read(batch)) {
            batch.clear();
          }
        }
      }
    }
  }

  /** A reader in the middle of a file, and what becomes of it when that happens. */
  private void inTheMiddle(Runnable happens, StandardError error, String... words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      text.append(i).append(",0123456789012345678901234567890123456789\n");
    }
    place().put("m.csv", text.toString());
    TestContext context = TestContext.create();
    try (Reader reader = Rows.reader(place().connector(), place().reading("m.csv"), context)) {
      RecordBatch batch = new RecordBatch(reader.schema(context), 1 << 16, 100);
      Split split = reader.split(new SplitRequest(1), context).splits().get(0);
      happens.run();
      assertError(
          () -> {
            try (SplitReader open = reader.open(split, context)) {
              while (open.read(batch)) {
                batch.clear();
              }
            }
          },
          error,
          words);
    }
  }

  @Test
  void aFileThatHasVanishedIsOneClearLine() {
    inTheMiddle(() -> place().delete("m.csv"), StandardError.READ_REFUSED, "m.csv has vanished");
  }

  @Test
  void aFileThatHasChangedIsOneClearLine() {
    inTheMiddle(
        () -> place().put("m.csv", "1,2\n"), StandardError.READ_REFUSED, "m.csv has changed");
  }

  @Test
  void aSplitIsReadAgainFromTheMiddleOfTheFileAfterAFailure() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      text.append(i).append(",\"quoted\nline\"\n");
    }
    place().put("v.csv", text.toString());
    Map<String, Object> options =
        with(place().reading("v.csv"), "splitBy", "volume", "maxSplitBytes", 20_000L);
    TestContext context = TestContext.create();
    List<String> ids = new ArrayList<>();
    try (Reader planner = Rows.reader(place().connector(), options, context)) {
      List<Split> splits = planner.split(new SplitRequest(4), context).splits();
      assertThat(splits).hasSizeGreaterThan(3);
      try (Reader other = Rows.reader(place().connector(), options, context)) {
        RecordBatch batch = new RecordBatch(other.schema(context), 1 << 20, 10_000);
        for (Split split : splits) {
          try (SplitReader first = other.open(split, context)) {
            first.read(new RecordBatch(other.schema(context), 1 << 20, 7));
          }
          try (SplitReader again = other.open(split, context)) {
            boolean more = true;
            while (more) {
              batch.clear();
              more = again.read(batch);
              for (int row = 0; row < batch.size(); row++) {
                ids.add(batch.bytes(0).getString(row));
              }
            }
          }
        }
      }
    }
    assertThat(ids).hasSize(5000).doesNotHaveDuplicates();
  }

  static void assertError(Runnable what, StandardError error, String... words) {
    assertThatThrownBy(what::run)
        .isInstanceOfSatisfying(
            MillraceException.class,
            e -> {
              assertThat(e.getMessage()).contains(words).doesNotContain("\n");
              assertThat(e.errorCode()).isEqualTo(error);
            });
  }

  private static Map<String, Object> typed(String name, String type) {
    return Map.of("name", name, "type", type);
  }

  @Test
  void valuesOfFoldersStandBehindThoseOfTheFiles() {
    place().put("t/m=0/dt=2024-01-31/a.csv", "1,x\n2,y\n");
    place().put("t/m=1/dt=__HIVE_DEFAULT_PARTITION__/b.csv", "3,z\n");
    place().put("t/m=1/dt=2024-02-01/_SUCCESS", "");
    Rows.Read read = read("t", "partitionColumns", List.of(typed("m", "int"), typed("dt", "date")));
    assertThat(read.schema().fields())
        .extracting(Field::name, Field::type)
        .containsExactly(
            tuple("c0", ColumnType.STRING),
            tuple("c1", ColumnType.STRING),
            tuple("m", ColumnType.INT64),
            tuple("dt", ColumnType.DATE));
    assertThat(read.records())
        .containsExactlyInAnyOrder(
            List.of("1", "x", "0", "2024-01-31"),
            List.of("2", "y", "0", "2024-01-31"),
            Arrays.asList("3", "z", "1", null));
    assertThat(read.reasons()).isEmpty();
  }

  @Test
  void columnSaysWhereAFoldersValueStandsAndThoseItDoesNotNameFollow() {
    place().put("t/k=5/m=0/dt=20240131/a.csv", "1,x\n");
    Rows.Read read =
        read(
            "t/**",
            "partitionColumns",
            List.of("m", Map.of("name", "dt", "type", "date", "format", "yyyyMMdd"), "k"),
            "column",
            List.of("dt", Map.of("index", 1, "name", "v"), typed("m", "long")));
    assertThat(read.schema().fields())
        .extracting(Field::name, Field::type)
        .containsExactly(
            tuple("dt", ColumnType.DATE),
            tuple("v", ColumnType.STRING),
            tuple("m", ColumnType.INT64),
            tuple("k", ColumnType.STRING));
    assertThat(read.records()).containsExactly(List.of("2024-01-31", "x", "0", "5"));
  }

  @Test
  void aFileOutsideOfTheFolderFailsBeforeAnythingIsRead() {
    place().put("t/m=0/a.csv", "1\n");
    place().put("t/b.csv", "2\n");
    place().put("u/m=0/m=1/c.csv", "3\n");
    assertError(
        () -> read("t", "partitionColumns", "m"),
        StandardError.READ_REFUSED,
        "t/b.csv lies in no folder 'm=…', which partitionColumns asks for: let path name files in"
            + " such folders only, or leave the column out");
    assertError(
        () -> read("u", "partitionColumns", "m"),
        StandardError.READ_REFUSED,
        "u/m=0/m=1/c.csv lies in several folders 'm=…', which partitionColumns asks for");
  }

  /** The first file is looked at by check already. */
  @Test
  void everyFileIsLookedAtWhenTheSourceIsSplit() {
    place().put("t/a/m=0/a.csv", "1\n");
    place().put("t/b/b.csv", "2\n");
    TestContext context = TestContext.create();
    Map<String, Object> options = with(place().reading("t"), "partitionColumns", "m");
    try (Reader reader = Rows.reader(place().connector(), options, context)) {
      assertThat(reader.schema(context).size()).isEqualTo(2);
      assertError(
          () -> reader.split(new SplitRequest(1), context),
          StandardError.READ_REFUSED,
          "t/b/b.csv lies in no folder 'm=…'");
    }
  }

  @Test
  void aFoldersValueThatIsNoneOfItsTypeMakesEachRowDirty() {
    place().put("t/m=0/a.csv", "1\n2\n");
    place().put("t/m=zero/b.csv", "3\n4\n");
    place().put("u/m=/c.csv", "5\n");
    Rows.Read read = read("t", "partitionColumns", List.of(typed("m", "int")));
    assertThat(read.records()).containsExactly(List.of("1", "0"), List.of("2", "0"));
    assertThat(read.context().dirty().entries())
        .hasSize(2)
        .allSatisfy(
            each -> {
              assertThat(each.reason().column()).isEqualTo("m");
              assertThat(each.reason().message()).contains("m=zero/b.csv", "line ");
              assertThat(each.values()).last().isEqualTo("zero");
            });
    assertThat(read("u", "partitionColumns", "m").records()).containsExactly(List.of("5", ""));
    assertThat(read("u", "partitionColumns", List.of(typed("m", "int"))).reasons()).hasSize(1);
  }

  @Test
  void aFoldersNameIsFoundWhateverToolHasWrittenIt() {
    // Hive and Spark escape what file systems mind, DuckDB and Polars all but letters, by UTF-8.
    place().put("t/k%3D1=a%2Fb%25/Day=%C3%A9%20x/n=100%/_u=5/a.csv", "1\n");
    Rows.Read read = read("t", "partitionColumns", List.of("k=1", "day", "n", "_u"));
    assertThat(read.records()).containsExactly(List.of("1", "a/b%", "é x", "100%", "5"));
    place().put("u/k=%E9/a.csv", "1\n");
    assertError(
        () -> read("u", "partitionColumns", "k"),
        StandardError.READ_REFUSED,
        "u/k=%E9/a.csv lies in a folder whose name is no text in UTF-8");
  }

  @Test
  void aNameThatAFileHasForAColumnOfItsOwnIsRefused() {
    String own =
        " has a column 'm' of its own: leave it out of partitionColumns, which reads that of the"
            + " file";
    place().put("h/m=0/a.csv", "id,m\n1,7\n");
    place().put("j/m=0/a.jsonl", "{\"id\": 1, \"m\": 7}\n");
    assertError(
        () -> read("h", "partitionColumns", "m", "skipHeader", true),
        StandardError.CONFIGURATION,
        "h/m=0/a.csv" + own);
    assertError(
        () -> read("h", "partitionColumns", "m", "column", List.of("id", "m")),
        StandardError.CONFIGURATION,
        "h/m=0/a.csv" + own);
    assertError(
        () -> read("h", "partitionColumns", "M", "column", List.of(typed("id", "int"))),
        StandardError.CONFIGURATION,
        "h/m=0/a.csv" + own);
    assertError(
        () -> read("j", "partitionColumns", "m"),
        StandardError.CONFIGURATION,
        "j/m=0/a.jsonl" + own);
    assertError(
        () -> read("j", "partitionColumns", "m", "column", List.of("id", "m")),
        StandardError.CONFIGURATION,
        "j/m=0/a.jsonl" + own);
    // Without a header there are no names.
    place().put("n/c0=0/a.csv", "1,7\n");
    assertThat(
            read("n", "partitionColumns", "c0", "column", List.of(Map.of("index", 1, "name", "x")))
                .records())
        .containsExactly(List.of("7", "0"));
  }

  @Test
  void partitionColumnsThatMeanNothingAreRefused() {
    place().put("t/m=0/a.csv", "1\n");
    for (Object[] each :
        new Object[][] {
          {List.of(Map.of("index", 0)), "'c0' has an index or a value"},
          {List.of(Map.of("name", "m", "value", "x")), "'m' has an index or a value"},
          {List.of("m", typed("m", "int")), "names 'm' twice"},
          {"*", "expected names, or {name: dt, type: date}"},
          {List.of(typed("m", "integr")), "type 'integr' is not one of"},
          {
            List.of(Map.of("name", "m", "type", "date", "format", "ffff")),
            "Unknown pattern letter: f"
          },
        }) {
      assertError(
          () -> read("t", "partitionColumns", each[0]),
          StandardError.CONFIGURATION,
          "option 'partitionColumns': ",
          (String) each[1]);
    }
    assertError(
        () ->
            read(
                "t",
                "partitionColumns",
                List.of(typed("m", "int")),
                "column",
                List.of(typed("m", "long"))),
        StandardError.CONFIGURATION,
        "'m' has a type in option column too: give one of the two");
    assertError(
        () ->
            read("t", "partitionColumns", "m", "column", List.of(Map.of("index", 0, "name", "m"))),
        StandardError.CONFIGURATION,
        "'m' is what option column calls another column");
  }

  /** What is said of the number of values counts those of the file only. */
  @Test
  void aRowWithoutAllItsValuesIsDirtyBesideValuesOfFolders() {
    place().put("t/m=0/a.csv", "1,x\n2\n3,y,z\n\n");
    place().put("one/m=0/a.csv", "1\n\n3\n");
    place().put("h/m=0/a.csv", "a,b\n1,2\n");
    place().put("h/m=1/b.csv", "b,a\n4,3\n");
    place().put("h/m=2/c.csv", "a,b\n5\n");
    Rows.Read read = read("t", "partitionColumns", "m");
    assertThat(read.records()).containsExactly(List.of("1", "x", "0"));
    assertThat(read.reasons()).hasSize(2).allMatch(each -> each.contains("instead of 2"));
    assertThat(read("one", "partitionColumns", "m").records()).hasSize(3);
    Rows.Read named = read("h", "partitionColumns", "m", "skipHeader", true);
    assertThat(named.records())
        .containsExactlyInAnyOrder(List.of("1", "2", "0"), List.of("3", "4", "1"));
    assertThat(named.reasons()).singleElement().asString().contains("instead of 2");
    place().put("h/m=3/d.csv", "a,b,c\n1,2,3\n");
    assertError(
        () -> read("h", "partitionColumns", "m", "skipHeader", true),
        StandardError.READ_REFUSED,
        "it has the column 'c', which the first file lacks");
  }

  @Test
  void keysOfJsonBesideValuesOfFoldersAreThoseOfTheFirstRecords() {
    place().put("j/m=0/a.jsonl", "{\"a\": 1}\n{\"\": 3}\n{\"a\": 2}\n");
    Rows.Read read = read("j", "partitionColumns", "m");
    assertThat(read.schema().fields()).extracting(Field::name).containsExactly("a", "", "m");
    assertThat(read.records())
        .containsExactly(
            Arrays.asList("1", null, "0"),
            Arrays.asList(null, "3", "0"),
            Arrays.asList("2", null, "0"));
  }
}
