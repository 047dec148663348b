package io.millrace.files;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.api.Narrowing;
import io.millrace.api.TaskContext.Rules;
import io.millrace.api.TaskForm;
import io.millrace.api.error.MillraceException;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Sample;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and types that a task wants its files to have are taken, or the task is refused. */
class TargetColumnsTest {

  private static final Schema SOURCE =
      Schema.of(
          Field.of("c1", ColumnType.INT64).withBits(32, false),
          Field.of("c2", ColumnType.STRING),
          Field.decimal("c3", 12, 4),
          Field.of("c4", ColumnType.DATETIME));

  @TempDir Path folder;

  private static RecordBatch rows() {
    return Sample.of(
            SOURCE,
            List.of(1L, "a", "1.2000", LocalDateTime.of(2024, 1, 31, 0, 0)),
            List.of(2L, "b", "1.2350", LocalDateTime.of(2024, 1, 31, 23, 59, 59, 123_456_000)),
            Arrays.asList(3L, null, null, null))
        .batch();
  }

  private static TestContext context(Narrowing narrowing) {
    return TestContext.create().withRules(Rules.of(TaskForm.DATAX).withNarrowing(narrowing));
  }

  private Rows.Read roundTrip(String format, TestContext context, Object... more) {
    write(format, context, rows(), more);
    return Rows.read(new FilesConnector(), Map.of("path", folder + "/out*", "fileFormat", format));
  }

  private void write(String format, TestContext context, RecordBatch rows, Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("path", folder.toString());
    options.put("fileName", "out");
    options.put("writeMode", "truncate");
    options.put("fileFormat", format);
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    Rows.write(new TxtFileConnector(), options, context, rows);
  }

  private static Map<String, Object> column(String name, String type) {
    return Map.of("name", name, "type", type);
  }

  private static List<Object> columns(String third, String fourth) {
    return List.of(
        column("id", "BIGINT"), column("text", "STRING"), column("n", third), column("at", fourth));
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void theNamesAndTypesOfTheDocumentStandInTheFile(String format) {
    Rows.Read read =
        roundTrip(
            format, context(Narrowing.REFUSE), "column", columns("decimal(20,4)", "TIMESTAMP"));
    assertThat(read.schema().fields())
        .extracting(Field::name, Field::type, Field::bits, Field::precision)
        .containsExactly(
            tuple("id", ColumnType.INT64, 64, 0),
            tuple("text", ColumnType.STRING, 0, 0),
            tuple("n", ColumnType.DECIMAL, 0, 20),
            tuple("at", ColumnType.DATETIME, 0, 0));
    assertThat(read.records())
        .containsExactly(
            List.of("1", "a", "1.2000", "2024-01-31 00:00:00.000000"),
            List.of("2", "b", "1.2350", "2024-01-31 23:59:59.123456"),
            Arrays.asList("3", null, null, null));
  }

  @Test
  void namesAloneAreTakenByEveryFormatThatHasNames() {
    List<String> names = List.of("id", "text", "n", "at");
    for (String format : List.of("parquet", "orc", "jsonl")) {
      assertThat(roundTrip(format, context(Narrowing.REFUSE), "column", names).schema().fields())
          .as(format)
          .extracting(Field::name)
          .isEqualTo(names);
    }
  }

  @Test
  void theSchemaInParquetsOwnWordsIsTaken() {
    Rows.Read read =
        roundTrip(
            "parquet",
            context(Narrowing.ROUND),
            "parquetSchema",
            "message m { required int64 id; optional binary text; optional int32 n"
                + " (DECIMAL(9,2)); optional int64 at (TIMESTAMP(MILLIS,false)); }");
    assertThat(read.schema().fields())
        .extracting(Field::name, Field::type, Field::scale)
        .containsExactly(
            tuple("id", ColumnType.INT64, 0),
            tuple("text", ColumnType.BYTES, 0),
            tuple("n", ColumnType.DECIMAL, 2),
            tuple("at", ColumnType.DATETIME, 3));
    assertThat(read.records())
        .containsExactly(
            List.of("1", "0x61", "1.20", "2024-01-31 00:00:00.000"),
            List.of("2", "0x62", "1.24", "2024-01-31 23:59:59.123"),
            Arrays.asList("3", null, null, null));
  }

  @Test
  void everyColumnThatWouldBeNarrowedIsNamedAtOnce() {
    String schema =
        "message m { required int64 id; optional binary text (UTF8); optional int32 n"
            + " (DECIMAL(9,2)); optional int32 at (DATE); }";
    assertThatThrownBy(
            () -> roundTrip("parquet", context(Narrowing.REFUSE), "parquetSchema", schema))
        .hasMessageContaining("'n': the source's decimal(12,4) would be changed to decimal(9,2); ")
        .hasMessageContaining("column 'at': the source's datetime(6) would be changed to date: ");
  }

  @Test
  void narrowingIsRefusedRoundedOrDirtyAsTheTaskChooses() {
    List<Object> columns = columns("decimal(10,2)", "TIMESTAMP");
    assertThatThrownBy(() -> roundTrip("parquet", context(Narrowing.REFUSE), "column", columns))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("'n': the source's decimal(12,4)")
        .hasMessageContaining("decimal(10,2)");

    TestContext rounding = context(Narrowing.ROUND);
    assertThat(roundTrip("parquet", rounding, "column", columns).records())
        .extracting(each -> each.get(2))
        .containsExactly("1.20", "1.24", null);
    assertThat(rounding.log().lines())
        .anyMatch(line -> line.contains("decimal(12,4) is narrowed to decimal(10,2)"))
        .anyMatch(line -> line.contains("which changed 1 value"));

    TestContext dirty = context(Narrowing.DIRTY);
    assertThat(roundTrip("orc", dirty, "column", columns).records())
        .extracting(each -> each.get(0))
        .containsExactly("1", "3");
    assertThat(dirty.dirty().entries())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.position()).isEqualTo(1);
              assertThat(entry.values()).contains("1.2350");
              assertThat(entry.reason().column()).isEqualTo("n");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ROUND | decimal(12,4) | bigint | 1 | 1",
        "ROUND | decimal(12,4) | double | 1.2 | 1.235",
        "DIRTY | decimal(12,4) | string | 1.2000 | 1.2350"
      })
  void anotherTypeIsConvertedWithoutLossOrRounded(
      Narrowing narrowing, String from, String to, String first, String second) {
    assertThat(
            roundTrip("parquet", context(narrowing), "column", columns(to, "timestamp")).records())
        .as(from)
        .extracting(each -> each.get(2))
        .containsExactly(first, second, null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "parquet | message m { required int64 id; } | names 1 column, the source delivers 4",
        "parquet | message m { required group g { required int64 x; } } | type that is not written",
        "parquet | message m { required int96 at; } | type that is not written",
        "parquet | whatever | is not a schema such as",
        "orc | message m { required int64 id; } | is for files of parquet"
      })
  void aSchemaThatCannotBeWrittenIsRefused(String format, String schema, String why) {
    assertThatThrownBy(() -> roundTrip(format, context(Narrowing.ROUND), "parquetSchema", schema))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("option 'parquetSchema': ")
        .hasMessageContaining(why);
  }

  @Test
  void columnsThatCannotBeWrittenAreRefused() {
    refused(List.of("a", "b"), "names 2 columns, the source delivers 4");
    refused(columns("array<int>", "date"), "type 'array<int>' is not one of");
    refused(columns("varchar(10)", "date"), "say string");
    refused(List.of(Map.of("type", "long")), "expected a name");
    refused(columns("bytes", "date"), "cannot be written as bytes");
  }

  private void refused(Object columns, String why) {
    assertThatThrownBy(() -> roundTrip("parquet", context(Narrowing.ROUND), "column", columns))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining(why);
  }

  @Test
  void theIndexesOfAReaderCountTheColumnsOfItsSchema() {
    write("parquet", context(Narrowing.ROUND), rows());
    Rows.Read read =
        Rows.read(
            new TxtFileConnector(),
            Map.of(
                "path",
                List.of(folder + "/out*"),
                "fileFormat",
                "parquet",
                "parquetSchema",
                "message m { optional binary c2 (UTF8); required int32 c1; }",
                "column",
                List.of(Map.of("index", 0, "type", "string"), Map.of("index", 1, "type", "long"))));
    assertThat(read.reasons()).isEmpty();
    assertThat(read.records())
        .containsExactly(List.of("a", "1"), List.of("b", "2"), Arrays.asList(null, "3"));
  }

  @ParameterizedTest
  @CsvSource({
    "syncMode, copy",
    "markDoneFileName, _DONE",
    "markDoingFileName, _DOING",
    "byteEncoding, hex",
    "quoteChar, |",
    "csvWriterConfig, {forceQualifier: true}"
  })
  void anOptionThatWouldChangeWhatIsWrittenAndIsNotKnownIsRefused(String option, String value) {
    assertThatThrownBy(() -> write("csv", context(Narrowing.ROUND), rows(), option, value))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("option '" + option + "' is not supported: ");
  }

  @Test
  void anOptionThatSaysWhatHappensAnywayIsTaken() {
    write(
        "csv",
        context(Narrowing.ROUND),
        rows(),
        "syncMode",
        "data",
        "quoteChar",
        "\"",
        "csvWriterConfig",
        Map.of());
  }
}
