package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.sample.TypeCase;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The formats with types of their own, with every compression. */
class ColumnarRoundTripTest {

  /** What has no place in a calendar or a day. */
  private static final Set<TypeCase> NOT_HELD =
      EnumSet.of(
          TypeCase.TIME_DURATION,
          TypeCase.DATE_ZERO,
          TypeCase.DATETIME_ZERO,
          TypeCase.TIMESTAMP_ZERO);

  @TempDir Path folder;

  private Map<String, Object> target(String format, String compression) {
    return Map.of(
        "path",
        folder.toString(),
        "fileName",
        "out",
        "writeMode",
        "truncate",
        "fileFormat",
        format,
        "compress",
        compression);
  }

  private Map<String, Object> source(String format) {
    return Map.of("path", folder + "/out*", "fileFormat", format);
  }

  @ParameterizedTest
  @CsvSource({
    "parquet, none", "parquet, gzip", "parquet, snappy", "parquet, zstd", "parquet, lz4_raw",
    "orc, none", "orc, zlib", "orc, snappy", "orc, zstd", "orc, lz4"
  })
  void everyTypeComesBackAsItWas(String format, String compression) {
    Sample sample = Sample.types(EnumSet.complementOf(EnumSet.copyOf(NOT_HELD)));

    TestContext context =
        Rows.write(new FilesConnector(), target(format, compression), sample.batch());
    Rows.Read read = Rows.read(new FilesConnector(), source(format));

    assertThat(read.reasons()).isEmpty();
    assertThat(read.schema().fields())
        .extracting(Field::name)
        .isEqualTo(sample.schema().fields().stream().map(Field::name).toList());
    assertThat(read.schema().fields())
        .extracting(Field::type)
        .isEqualTo(sample.schema().fields().stream().map(Field::type).toList());
    // ORC has no number for the last microsecond before 1970.
    assertThat(context.dirty().entries()).hasSize(format.equals("orc") ? 1 : 0);
    List<List<@Nullable String>> expected = new ArrayList<>(sample.texts());
    context.dirty().entries().forEach(each -> expected.remove((int) each.position()));
    assertThat(read.records()).containsExactlyElementsOf(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void decimalsOfEveryWidthComeBackAsTheyWere(String format) {
    List<Field> fields = new ArrayList<>();
    List<Object> largest = new ArrayList<>();
    List<Object> least = new ArrayList<>();
    for (int precision = 1; precision <= 38; precision++) {
      for (int scale : new TreeSet<>(List.of(0, 1, precision))) {
        fields.add(Field.decimal("d" + precision + "_" + scale, precision, scale));
        BigDecimal value = new BigDecimal(new BigInteger("9".repeat(precision)), scale);
        largest.add(value);
        least.add(value.negate());
      }
    }
    Sample sample = Sample.of(new Schema(fields), largest, least);
    Rows.write(new FilesConnector(), target(format, "none"), sample.batch());
    Rows.Read read = Rows.read(new FilesConnector(), source(format));
    assertThat(read.reasons()).isEmpty();
    assertThat(read.records()).isEqualTo(sample.texts());
    assertThat(read.schema().fields())
        .extracting(Field::precision, Field::scale)
        .isEqualTo(fields.stream().map(each -> tuple(each.precision(), each.scale())).toList());
  }

  /** No other program that is known reads them, so it is said before anything is written. */
  @Test
  void parquetHoldsDecimalsOfMoreDigitsThanOthersReadAndSaysSo() {
    Schema schema =
        Schema.of(
            Field.decimal("usual", 38, 10),
            Field.decimal("long_one", 39, 10),
            Field.decimal("price", 65, 30),
            Field.decimal("huge", 200, 0));
    BigDecimal value = new BigDecimal(new BigInteger("9".repeat(65)), 30);
    Sample sample =
        Sample.of(
            schema,
            List.of(
                new BigDecimal("1.0000000001"),
                new BigDecimal(new BigInteger("-" + "9".repeat(39)), 10),
                value,
                new BigDecimal("7".repeat(200))),
            List.of(
                new BigDecimal("-1.0000000000"),
                new BigDecimal("0.0000000000"),
                value.negate(),
                new BigDecimal("-1")));

    TestContext context =
        Rows.write(new FilesConnector(), target("parquet", "none"), sample.batch());

    String said =
        ": Spark, Hive, Trino and most other programs read no parquet decimal of more than 38"
            + " digits; if one of them will, give the writer's option column a type of at most 38"
            + " digits, or string";
    assertThat(context.log().warnings())
        .containsExactly(
            "column 'long_one' is written as decimal(39,10)" + said,
            "column 'price' is written as decimal(65,30)" + said,
            "column 'huge' is written as decimal(200,0)" + said);
    Rows.Read read = Rows.read(new FilesConnector(), source("parquet"));
    assertThat(read.reasons()).isEmpty();
    assertThat(read.records()).isEqualTo(sample.texts());
    assertThat(read.schema().fields())
        .extracting(Field::precision, Field::scale)
        .containsExactly(tuple(38, 10), tuple(39, 10), tuple(65, 30), tuple(200, 0));
  }

  /** What stands in the file counts, not what the source has. */
  @Test
  void aColumnThatIsWrittenWithFewerDigitsOrIsAFolderIsNotToldOf() {
    Schema schema = Schema.of(Field.decimal("price", 65, 2), Field.of("id", ColumnType.INT64));
    Sample sample = Sample.of(schema, List.of(new BigDecimal("1.00"), 1L));
    Map<String, Object> narrower = new HashMap<>(target("parquet", "none"));
    narrower.put("column", List.of(Map.of("name", "price", "type", "string"), "id"));
    Map<String, Object> folders = new HashMap<>(target("parquet", "none"));
    folders.put("partitionBy", List.of("price"));

    for (Map<String, Object> target : List.of(narrower, folders, target("orc", "none"))) {
      assertThat(Rows.write(new FilesConnector(), target, sample.batch()).log().warnings())
          .noneMatch(each -> each.contains("digits"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "parquet, TIME_DURATION",
    "parquet, DATE_ZERO",
    "parquet, DATETIME_ZERO",
    "parquet, TIMESTAMP_ZERO",
    "orc, DATE_ZERO",
    "orc, DATETIME_ZERO",
    "orc, TIMESTAMP_ZERO"
  })
  void whatTheFormatCannotHoldIsDirtyAndTold(String format, TypeCase type) {
    Sample sample = Sample.types(EnumSet.of(type));

    TestContext context = Rows.write(new FilesConnector(), target(format, "none"), sample.batch());

    assertThat(context.dirty().entries()).hasSize(type.count());
    assertThat(context.dirty().entries())
        .allSatisfy(each -> assertThat(each.reason().column()).isEqualTo(type.field().name()));
    assertThat(Rows.read(new FilesConnector(), source(format)).records())
        .containsExactly(sample.texts().get(type.count()));
  }
}
