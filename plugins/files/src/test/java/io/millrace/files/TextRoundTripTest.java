package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Sample;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is written as text is read again, bit for bit, in every encoding and with every delimiter.
 */
class TextRoundTripTest {

  @TempDir Path folder;

  private Map<String, Object> writing(Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("path", folder.resolve("out").toString());
    options.put("writeMode", "append");
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    return options;
  }

  private Map<String, Object> reading(Schema schema, boolean byName, Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("path", folder.resolve("out").toString());
    List<Map<String, Object>> columns = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      Map<String, Object> column = new LinkedHashMap<>();
      column.put("name", schema.field(i).name());
      if (!byName) {
        column.put("index", i);
      }
      column.put("type", Columns.type(schema.field(i)));
      columns.add(column);
    }
    options.put("column", columns);
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    return options;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "bzip2", "zstd", "snappy"})
  void partsThatAreCompressedAreOneFileWhenPutTogether(String compression) {
    Sample sample = Sample.plain(3000);
    Object[] options = {"compress", compression, "fileFormat", "csv"};
    Map<String, Object> writing =
        writing("compress", compression, "fileFormat", "csv", "writeSingleObject", true);
    writing.put("fileName", "all.bin");
    writing.put("header", true);

    Rows.write(
        new FilesConnector(),
        writing,
        sample.slice(0, 1000),
        sample.slice(1000, 1000),
        sample.slice(1000, 3000));
    Map<String, Object> reading = reading(sample.schema(), true, options);

    Rows.Read read = Rows.read(new FilesConnector(), reading);
    assertThat(read.plan().splits()).hasSize(1);
    assertThat(read.records()).isEqualTo(sample.texts());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gbk", "gb18030", "utf-16", "utf-16le", "iso-8859-1"})
  void everyEncodingComesBack(String encoding) throws IOException {
    String text =
        encoding.equals("iso-8859-1")
            ? "ünïcode ÿ"
            : encoding.equals("gbk") ? "中文，逗号|丨" : "中文，逗号 㐀|丨";
    Sample sample =
        Sample.of(
            Schema.of(
                Field.of("id", ColumnType.INT64).withNullable(false),
                Field.of("text", ColumnType.STRING)),
            List.of(0L, text),
            List.of(1L, text.repeat(60_000)),
            Arrays.asList(2L, null));
    Object[] options = {"encoding", encoding};

    Rows.write(new FilesConnector(), writing(options), sample.batch());
    Rows.Read read = Rows.read(new FilesConnector(), reading(sample.schema(), false, options));

    // Not isEqualTo: its message would hold a megabyte.
    assertThat(read.reasons()).isEmpty();
    assertThat(read.records().equals(sample.texts())).isTrue();
    Path file = onlyFile();
    assertThat(Files.readString(file, Charset.forName(encoding)).contains(text)).isTrue();
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      return files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
  }

  @Test
  void whatAnEncodingLacksIsDirty() {
    Sample sample =
        Sample.of(
            Schema.of(Field.of("id", ColumnType.INT64), Field.of("text", ColumnType.STRING)),
            List.of(0L, "plain"),
            List.of(1L, "😀"));

    TestContext written =
        Rows.write(new FilesConnector(), writing("encoding", "gbk"), sample.batch());

    assertThat(written.dirty().entries())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.position()).isEqualTo(1);
              assertThat(entry.reason().message()).contains("characters that GBK lacks");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16BE", "UTF-16LE"})
  void aByteOrderMarkSaysTheEncodingAndIsNoPartOfTheFirstValue(String encoding) throws IOException {
    Files.createDirectories(folder.resolve("out"));
    Files.write(
        folder.resolve("out/marked.csv"), "\ufeff\"a\",é\n".getBytes(Charset.forName(encoding)));

    Rows.Read read =
        Rows.read(
            new FilesConnector(),
            new HashMap<>(Map.of("path", folder.resolve("out").toString(), "encoding", "gbk")));

    assertThat(read.records()).containsExactly(List.of("a", "é"));
  }

  @Test
  void nullAnEmptyTextAndTheTextForNullStayThreeThingsInCsv() {
    Sample sample = threeThings();

    Rows.write(new FilesConnector(), writing("nullFormat", "null"), sample.batch());
    Rows.Read read =
        Rows.read(new FilesConnector(), reading(sample.schema(), false, "nullFormat", "null"));

    assertThat(read.records()).isEqualTo(sample.texts());
  }

  @Test
  void nullAndAnEmptyTextStayTwoThingsInCsvWhenNothingStandsForNull() {
    Sample sample = threeThings();

    Rows.write(new FilesConnector(), writing("nullFormat", ""), sample.batch());
    Rows.Read read =
        Rows.read(new FilesConnector(), reading(sample.schema(), false, "nullFormat", ""));

    assertThat(read.records()).isEqualTo(sample.texts());
  }

  @Test
  void aColumnOfNothingButNullKeepsItsRecordsInCsv() {
    Sample sample =
        Sample.of(
            Schema.of(Field.of("text", ColumnType.STRING)),
            Arrays.asList((Object) null),
            List.of(""),
            Arrays.asList((Object) null));

    Rows.write(new FilesConnector(), writing("nullFormat", ""), sample.batch());
    Rows.Read read =
        Rows.read(new FilesConnector(), reading(sample.schema(), false, "nullFormat", ""));

    assertThat(read.records()).isEqualTo(sample.texts());
  }

  private static Sample threeThings() {
    Schema schema =
        Schema.of(
            Field.of("id", ColumnType.INT64).withNullable(false),
            Field.of("text", ColumnType.STRING));
    return Sample.of(
        schema, Arrays.asList(0L, null), List.of(1L, ""), List.of(2L, "null"), List.of(3L, "\\N"));
  }

  @Test
  void whatTextCannotHoldIsDirtyWithTheReason() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String each :
        List.of("fine", "with,comma", "with\nline", "ends in\r", "null", "quote \" is fine")) {
      rows.add(List.of((long) rows.size(), each));
    }
    rows.add(Arrays.asList(6L, null));
    @SuppressWarnings("unchecked")
    Sample sample =
        Sample.of(
            Schema.of(Field.of("id", ColumnType.INT64), Field.of("text", ColumnType.STRING)),
            rows.toArray(List[]::new));

    Object[] options = {"fileFormat", "text", "nullFormat", "null"};
    TestContext written = Rows.write(new FilesConnector(), writing(options), sample.batch());
    Rows.Read read = Rows.read(new FilesConnector(), reading(sample.schema(), false, options));

    assertThat(written.dirty().entries())
        .extracting(entry -> entry.position())
        .containsExactly(1L, 2L, 3L, 4L);
    assertThat(written.dirty().entries().get(0).reason().message()).contains("does not escape");
    assertThat(written.dirty().entries().get(3).reason().message()).contains("stands for NULL");
    List<List<@Nullable String>> expected = new ArrayList<>(sample.texts());
    expected.subList(1, 5).clear();
    assertThat(read.records()).isEqualTo(expected);
  }

  @Test
  void aDelimiterOfSeveralCharactersComesBack() {
    Sample sample =
        Sample.of(
            Schema.of(
                Field.of("a", ColumnType.STRING),
                Field.of("b", ColumnType.STRING),
                Field.of("c", ColumnType.INT64)),
            List.of("x|", "|y", 1L),
            List.of("||", "", -5L),
            List.of("", "a|b", 0L));
    Object[] options = {"fieldDelimiter", "||"};

    Rows.write(new FilesConnector(), writing(options), sample.batch());
    assertThat(Rows.read(new FilesConnector(), reading(sample.schema(), false, options)).records())
        .isEqualTo(sample.texts());
  }

  @Test
  void aDelimiterThatNumbersHoldIsQuoted() {
    Sample sample =
        Sample.of(
            Schema.of(Field.of("a", ColumnType.INT64), Field.decimal("b", 10, 2)),
            List.of(-5L, "1.50"),
            List.of(7L, "-0.25"));
    for (String delimiter : List.of("-", "5", ".")) {
      Map<String, Object> writing = writing("fieldDelimiter", delimiter);
      writing.put("writeMode", "truncate");
      Rows.write(new FilesConnector(), writing, sample.batch());
      assertThat(
              Rows.read(
                      new FilesConnector(),
                      reading(sample.schema(), false, "fieldDelimiter", delimiter))
                  .records())
          .isEqualTo(sample.texts());
    }
  }

  @Test
  void datesAreWrittenAndReadInTheUsersForm() throws IOException {
    Sample sample =
        Sample.of(
            Schema.of(
                Field.of("id", ColumnType.INT64), Field.of("at", ColumnType.DATETIME).withScale(0)),
            List.of(0L, LocalDateTime.of(2024, 2, 29, 23, 59, 58)));
    Rows.write(new FilesConnector(), writing("dateFormat", "yyyy/MM/dd HH.mm.ss"), sample.batch());
    assertThat(Files.readString(onlyFile(), StandardCharsets.UTF_8))
        .isEqualTo("0,2024/02/29 23.59.58\n");

    Map<String, Object> reading = reading(sample.schema(), false);
    reading.put(
        "column",
        List.of(
            Map.of("index", 0, "type", "long"),
            Map.of("index", 1, "type", "date", "format", "yyyy/MM/dd HH.mm.ss"),
            Map.of("value", "x")));
    assertThat(Rows.read(new FilesConnector(), reading).records())
        .containsExactly(List.of("0", "2024-02-29 23:59:58.000000", "x"));
  }

  @Test
  void theJsonNullIsDirtyInJsonlWhereItWouldBeRead() {
    Sample sample =
        Sample.of(
            Schema.of(Field.of("id", ColumnType.INT64), Field.of("j", ColumnType.JSON)),
            List.of(0L, "{\"a\":\n[1, \"\\n\"]}"),
            List.of(1L, "null"),
            List.of(2L, "\"text\""));
    TestContext written =
        Rows.write(new FilesConnector(), writing("fileFormat", "jsonl"), sample.batch());
    Rows.Read read =
        Rows.read(new FilesConnector(), reading(sample.schema(), true, "fileFormat", "jsonl"));

    assertThat(written.dirty().entries()).extracting(e -> e.position()).containsExactly(1L);
    assertThat(read.records())
        .containsExactly(List.of("0", "{\"a\": [1, \"\\n\"]}"), List.of("2", "\"text\""));
  }
}
