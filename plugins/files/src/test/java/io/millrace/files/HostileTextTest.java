package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.TaskContext;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.files.compress.Compression;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text as nobody should write it: each test is a row that was lost or changed once. */
class HostileTextTest {

  private static final List<Map<String, Object>> TWO =
      List.of(Map.of("index", 0, "type", "string"), Map.of("index", 1, "type", "string"));

  @TempDir Path folder;

  private Map<String, Object> options(Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("path", folder.resolve("in").toString());
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    return options;
  }

  private Rows.Read read(String text, Charset charset, Object... more) {
    return read(text.getBytes(charset), more);
  }

  private Rows.Read read(String text, Object... more) {
    return read(text, StandardCharsets.UTF_8, more);
  }

  private Rows.Read read(byte[] content, Object... more) {
    put(content);
    return Rows.read(new FilesConnector(), options(more));
  }

  private void put(byte[] content) {
    try {
      Files.write(folder.resolve("in"), content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertRefused(Runnable what, String... words) {
    AbstractReading.assertError(what, StandardError.CONFIGURATION, words);
  }

  @Test
  void aQuoteLeftOpenInAHeaderDoesNotTakeTheRecordsForNames() {
    put("id,\"name\n1,a\n2,b\n".getBytes(StandardCharsets.UTF_8));
    for (Object column : List.of("*", TWO, List.of("id", "name"))) {
      AbstractReading.assertError(
          () -> Rows.read(new FilesConnector(), options("skipHeader", true, "column", column)),
          StandardError.READ_REFUSED,
          "/in cannot be read",
          "is never closed");
    }
  }

  @ParameterizedTest
  @CsvSource({"PAR1,PAR1,parquet", "PARE,PARE,parquet", "ORC_,ORC),orc"})
  void aFileOfAnotherFormatIsNotReadAsText(String head, String tail, String format) {
    put((head + ",1\n2,3\n" + tail).getBytes(StandardCharsets.ISO_8859_1));
    for (String as : List.of("csv", "text", "jsonl")) {
      Object column = as.equals("jsonl") ? "*" : TWO;
      AbstractReading.assertError(
          () -> Rows.read(new FilesConnector(), options("fileFormat", as, "column", column)),
          StandardError.READ_REFUSED,
          "it is a file of " + format,
          "fileFormat: " + format);
    }
    assertThat(read(head + ",1\n2,3\n" + "end,e\n", "column", TWO).records()).hasSize(3);
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "ZIP", "ZSTD"})
  void aCompressedFileWhoseNameDoesNotSaySoIsNotReadAsText(Compression compression)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = compression.encode(bytes)) {
      out.write("id,name\n1,a\n".getBytes(StandardCharsets.UTF_8));
    }
    put(bytes.toByteArray());
    String name = compression.name().toLowerCase(Locale.ROOT);
    for (Object column : List.of("*", TWO)) {
      AbstractReading.assertError(
          () -> Rows.read(new FilesConnector(), options("column", column)),
          StandardError.READ_REFUSED,
          "/in cannot be read",
          "it is compressed",
          "set compress: " + name);
    }
    assertThat(read(bytes.toByteArray(), "compress", name, "column", TWO).records()).hasSize(2);
  }

  @Test
  void aFileThatIsNotCompressedAsSaidNamesTheOption() {
    for (String compress : List.of("gzip", "zip")) {
      put("1,a\n".getBytes(StandardCharsets.UTF_8));
      AbstractReading.assertError(
          () -> Rows.read(new FilesConnector(), options("compress", compress, "column", TWO)),
          StandardError.READ_REFUSED,
          "it is no " + compress,
          "check compress");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "text"})
  void aReturnAloneEndsARecordAsOnOldSystems(String format) {
    assertThat(read("1,a\r2,b\r\r\n3,c\r", "fileFormat", format, "column", TWO).records())
        .containsExactly(List.of("1", "a"), List.of("2", "b"), List.of("3", "c"));
  }

  @Test
  void aReturnIsAnEndWhereverTheBufferEnds() {
    // The scanner holds 131,072 bytes: the return stands before, at and behind its end.
    for (String end : List.of("\r", "\r\n")) {
      for (int length = 131_066; length < 131_075; length++) {
        String text = "x".repeat(length) + ",y" + end + "2,z" + end;
        Rows.Read read = read(text, "column", TWO);
        assertThat(read.reasons()).isEmpty();
        assertThat(read.records()).hasSize(2);
        assertThat(read.records().get(0).get(1)).isEqualTo("y");
        assertThat(read.records().get(1)).isEqualTo(List.of("2", "z"));
      }
    }
  }

  @Test
  void aReturnIsPartOfAValueWhereLinesAreSaidToEndInNewlines() {
    assertThat(read("1,a\rb\n2,c\r\n", "column", TWO, "lineDelimiter", "\\n").records())
        .containsExactly(List.of("1", "a\rb"), List.of("2", "c"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-32LE", "UTF-32BE"})
  void aMarkOfUtf32IsNotTakenForOneOfUtf16(String charset) {
    assertThat(read("\ufeffa,é\n", Charset.forName(charset), "encoding", "gbk").records())
        .containsExactly(List.of("a", "é"));
  }

  @Test
  void textIsCutWhereItsLinesEndAndNotAtEachNewline() {
    List<List<@Nullable String>> expected = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      expected.add(List.of(String.valueOf(i), "a\nb" + "c".repeat(i % 5)));
      text.append(i).append(",a\nb").append("c".repeat(i % 5)).append("\r\n");
    }
    for (long pieceBytes = 1; pieceBytes < 30; pieceBytes++) {
      assertThat(
              read(
                      text.toString(),
                      "fileFormat",
                      "text",
                      "column",
                      TWO,
                      "lineDelimiter",
                      "\\r\\n",
                      "splitBy",
                      "volume",
                      "maxSplitBytes",
                      pieceBytes)
                  .records())
          .as("pieces of %s", pieceBytes)
          .isEqualTo(expected);
    }
  }

  @Test
  void aQuoteThatIsTheSecondByteOfACharacterIsNoneWhereAFileIsCut() {
    // The second byte of this character is the one of | in GBK.
    String odd = new String(new byte[] {(byte) 0x81, 0x7c}, Charset.forName("GBK"));
    String line = "1," + odd + "\n2,|x\ny|\n";
    Rows.Read read =
        read(
            line.repeat(30),
            Charset.forName("GBK"),
            "encoding",
            "gbk",
            "column",
            TWO,
            "csvReaderConfig",
            Map.of("textQualifier", "|"),
            "splitBy",
            "volume",
            "maxSplitBytes",
            13L);
    assertThat(read.records()).hasSize(60).contains(List.of("1", odd), List.of("2", "x\ny"));
  }

  @ParameterizedTest(name = "{0} of {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "2024-01-31 10:20:30; yyyy-MM-dd hh:mm:ss; 2024-01-31 10:20:30.000000",
        "2024-01-31 13:20:30; yyyy-MM-dd hh:mm:ss; 2024-01-31 13:20:30.000000",
        "2024-01-31 12:20:30; yyyy-MM-dd hh:mm:ss; 2024-01-31 00:20:30.000000",
        "2024-01-31 12:20:30 PM; yyyy-MM-dd hh:mm:ss a; 2024-01-31 12:20:30.000000",
        "2024-1-5 7:8:9; yyyy-MM-dd HH:mm:ss; 2024-01-05 07:08:09.000000",
        "20240105070809; yyyyMMddHHmmss; 2024-01-05 07:08:09.000000",
        "2024/1/5T7; yyyy/MM/dd'T'HH; 2024-01-05 07:00:00.000000",
        "hh 2024-01-31 1; ''hh'' yyyy-MM-dd HH; ",
      })
  void aTimeIsReadAsItsFormSays(String text, String format, @Nullable String expected) {
    Rows.Read read =
        read(text + "\n", "column", List.of(Map.of("index", 0, "type", "date", "format", format)));
    if (expected == null) {
      assertThat(read.reasons()).singleElement().asString().contains("is not of the form");
    } else {
      assertThat(read.records()).containsExactly(List.of(expected));
    }
  }

  @Test
  void aBlankTextForAnOptionMeansThatNothingIsSaid() throws IOException {
    Rows.Read read =
        read(
            "2024-01-31,中\n",
            "encoding",
            "",
            "compress",
            " ",
            "column",
            List.of(
                Map.of("index", 0, "type", "date", "format", ""),
                Map.of("index", 1, "type", "string", "format", " ")));
    assertThat(read.records()).containsExactly(List.of("2024-01-31", "中"));

    Map<String, Object> writing =
        new HashMap<>(Map.of("path", folder.resolve("out").toString(), "writeMode", "append"));
    writing.putAll(Map.of("dateFormat", "", "encoding", " ", "fileName", "x", "header", ""));
    writing.put("writeSingleObject", true);
    Sample sample =
        Sample.of(
            Schema.of(Field.of("d", ColumnType.DATE), Field.of("t", ColumnType.STRING)),
            List.of(java.time.LocalDate.of(2024, 1, 31), "中"));
    Rows.write(new FilesConnector(), writing, sample.batch());
    assertThat(Files.readString(folder.resolve("out/x"))).isEqualTo("2024-01-31,中\n");
  }

  @Test
  void everyWordOfDataxsCsvReaderIsUnderstood() {
    Map<String, Object> all = new HashMap<>();
    all.putAll(Map.of("caseSensitive", true, "textQualifier", 34, "trimWhitespace", true));
    all.putAll(Map.of("useTextQualifier", true, "delimiter", 44, "recordDelimiter", 0));
    all.putAll(Map.of("comment", 35, "useComments", true, "escapeMode", 1));
    all.putAll(Map.of("safetySwitch", true, "skipEmptyRecords", true, "captureRawRecord", true));
    assertThat(
            read(
                    "#a, \"comment\n \"1,\" , x y\t\n \t\n2,\"#\"\n#",
                    "column",
                    TWO,
                    "csvReaderConfig",
                    all)
                .records())
        .containsExactly(List.of("1,", "x y"), List.of("2", "#"));
    assertThat(
            read(
                    "1|a;2|b;",
                    "column",
                    TWO,
                    "csvReaderConfig",
                    Map.of("delimiter", "|", "recordDelimiter", ";"))
                .records())
        .containsExactly(List.of("1", "a"), List.of("2", "b"));
    assertRefused(
        () -> read("1\n", "csvReaderConfig", Map.of("escapeMode", 2)), "escapeMode 2", "doubled");
  }

  @Test
  void commentsAreNoRecordsWhereAFileIsCutEither() {
    StringBuilder text = new StringBuilder();
    IntStream.range(0, 50).forEach(i -> text.append("#it's \"odd\n").append(i).append(",x\n"));
    for (long pieceBytes = 1; pieceBytes < 40; pieceBytes += 3) {
      assertThat(
              read(
                      text.toString(),
                      "column",
                      TWO,
                      "splitBy",
                      "volume",
                      "maxSplitBytes",
                      pieceBytes,
                      "csvReaderConfig",
                      Map.of("useComments", true))
                  .records())
          .extracting(record -> record.get(0))
          .isEqualTo(IntStream.range(0, 50).mapToObj(String::valueOf).toList());
    }
  }

  @Test
  void whatCannotBeToldFromOneAnotherIsRefusedBeforeAnythingIsRead() {
    String both = "neither may hold the other";
    assertRefused(() -> read("1\n", "fieldDelimiter", ";", "lineDelimiter", "|;"), both);
    assertRefused(() -> read("1\n", "fieldDelimiter", "||", "lineDelimiter", "|"), both);
    assertRefused(() -> read("1\n", "nullFormat", "a,b"), "'nullFormat'", "delimiter");
    assertRefused(() -> read("1\n", "fieldDelimiter", "\\r"), "'fieldDelimiter'", "line's end");
    assertRefused(
        () -> read("1\n", "fieldDelimiter", "中", "encoding", "iso-8859-1"), "'中'", "lacks");
  }

  @Test
  void aConstantThatDoesNotParseIsToldBeforeEveryRecordIsDirty() {
    assertRefused(
        () -> read("1\n", "column", List.of(Map.of("value", "abc", "type", "long"))),
        "'column'",
        "'abc' is not a whole number");
  }

  @Test
  void aRecordTooLargeToBeHeldIsDirtyAndItsNeighboursAreNot() throws IOException {
    String large = "x".repeat(5_000_000);
    TestContext context =
        TestContext.create().withLimits(new TaskContext.Limits(1 << 20, 1000, 100_000, 1));
    for (String text :
        List.of(
            "\"" + large + "\"  ,1\r",
            " \t\"" + large + "\"\"" + large + "\" \t",
            " ".repeat(5_000_000) + ",1",
            large + "\r\n",
            "\"x\"" + large)) {
      put(("1,a\n" + text + "\n2,b\n").getBytes(StandardCharsets.UTF_8));
      for (boolean trim : new boolean[] {false, true}) {
        Rows.Read read =
            Rows.read(
                new FilesConnector(),
                options("column", TWO, "csvReaderConfig", Map.of("trimWhitespace", trim)),
                1,
                context);
        assertThat(read.records()).containsExactly(List.of("1", "a"), List.of("2", "b"));
        assertThat(read.reasons()).last().asString().contains("bytes");
      }
    }
    assertThat(context.dirty().count()).isEqualTo(10);
  }

  @Test
  void aSetInBracketsThatIsNoneIsOneClearLine() {
    assertRefused(() -> Rows.read(new FilesConnector(), options("path", "/x/[z-a]")), "[z-a]");
  }

  private TestContext write(Object... more) {
    Map<String, Object> options = options(more);
    options.put("path", folder.resolve("out").toString());
    options.putIfAbsent("writeMode", "append");
    options.put("fileName", "x");
    options.put("writeSingleObject", true);
    Object value = options.remove("value");
    List<List<@Nullable Object>> rows = new ArrayList<>();
    rows.add(Arrays.asList(value, "1"));
    rows.add(Arrays.asList("2", value));
    @SuppressWarnings("unchecked")
    Sample sample =
        Sample.of(
            Schema.of(Field.of("a", ColumnType.STRING), Field.of("b", ColumnType.STRING)),
            rows.toArray(List[]::new));
    return Rows.write(new FilesConnector(), options, sample.batch());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x#", "x:", "#", "a##b", "a::b"})
  void aTextThatEndsAsADelimiterBeginsIsDirtyWhereNothingEscapes(String value) {
    TestContext written =
        write("value", value, "fileFormat", "text", "fieldDelimiter", "::", "lineDelimiter", "##");
    assertThat(written.dirty().entries())
        .hasSize(2)
        .allSatisfy(entry -> assertThat(entry.reason().message()).contains("does not escape"));
  }

  @ParameterizedTest
  @CsvSource({"utf-8,\ufeffx", "iso-8859-1,þÿx", "windows-1252,ÿþx", "iso-8859-1,ï»¿x"})
  void aFirstValueThatBeginsLikeAByteOrderMarkComesBack(String encoding, String value) {
    write("value", value, "encoding", encoding, "writeMode", "truncate");
    Rows.Read read =
        Rows.read(
            new FilesConnector(),
            options("path", folder.resolve("out/x").toString(), "encoding", encoding));
    assertThat(read.records()).containsExactly(List.of(value, "1"), List.of("2", value));

    TestContext text =
        write("value", value, "encoding", encoding, "fileFormat", "text", "writeMode", "truncate");
    assertThat(text.dirty().entries())
        .singleElement()
        .satisfies(
            entry -> assertThat(entry.reason().message()).contains("like a byte order mark"));
  }

  @Test
  void aHeaderThatTheEncodingLacksIsToldBeforeAnythingIsWritten() {
    Map<String, Object> options = options("writeMode", "append", "header", List.of("名"));
    options.put("encoding", "iso-8859-1");
    Sample sample = Sample.of(Schema.of(Field.of("a", ColumnType.STRING)), List.of("x"));
    assertRefused(
        () -> Rows.write(new FilesConnector(), options, sample.batch()), "'名'", "ISO-8859-1");
  }
}
