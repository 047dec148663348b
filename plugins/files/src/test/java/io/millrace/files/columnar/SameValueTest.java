package io.millrace.files.columnar;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Narrowing;
import io.millrace.api.TaskContext.Rules;
import io.millrace.api.TaskForm;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.parquet.PageCodec;
import io.millrace.files.parquet.ParquetFormat;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** With narrowing dirty a value is dirty when it would become another one, and only then. */
class SameValueTest {

  private static final Field DECIMAL = Field.decimal("a", 24, 4);
  private static final Field DOUBLE = Field.of("a", ColumnType.FLOAT64);
  private static final Field DATETIME = Field.of("a", ColumnType.DATETIME);
  private static final Field TIMESTAMP = Field.of("a", ColumnType.TIMESTAMP);
  private static final Field LONG = Field.of("a", ColumnType.INT64);

  static Stream<Arguments> pairs() {
    Field date = Field.of("a", ColumnType.DATE);
    Field real = DOUBLE.withBits(32, false);
    return Stream.of(
        Arguments.of(DECIMAL, LONG, "2.0000", "2.5000"),
        Arguments.of(DECIMAL, LONG, "-9223372036854775808.0000", "9223372036854775808.0000"),
        Arguments.of(DECIMAL, LONG.withBits(8, false), "-128.0000", "128.0000"),
        Arguments.of(DECIMAL, LONG.withBits(32, true), "4294967295.0000", "-1.0000"),
        Arguments.of(DECIMAL, LONG.withBits(64, true), "18446744073709551615.0000", "0.0001"),
        Arguments.of(DECIMAL, Field.decimal("a", 4, 2), "2.5000", "2.5001"),
        Arguments.of(DECIMAL, Field.decimal("a", 4, 0), "2.0000", "2.5000"),
        Arguments.of(DECIMAL, DOUBLE, "2.5000", "12345678901234567890.0001"),
        Arguments.of(DECIMAL, real, "2.5000", "16777217.0000"),
        Arguments.of(LONG, DOUBLE, 9007199254740992L, 9007199254740993L),
        Arguments.of(LONG, real, 16777216L, 16777217L),
        // Its shortest text as a float is 9.0071993E15.
        Arguments.of(LONG, real, 9007199254740992L, 9007199254740993L),
        Arguments.of(DECIMAL, real, "9007199254740992.0000", "9007199254740992.5000"),
        Arguments.of(DOUBLE, LONG, 2.0, 2.5),
        Arguments.of(DOUBLE, LONG, 1e15, Double.NaN),
        Arguments.of(DOUBLE, LONG.withBits(8, false), -0.0, 128.0),
        Arguments.of(DOUBLE, Field.decimal("a", 4, 2), 2.5, 2.555),
        Arguments.of(DOUBLE, Field.decimal("a", 20, 0), 1e15, 0.5),
        Arguments.of(DOUBLE, real, 2.5, 0.1),
        Arguments.of(
            DATETIME,
            date,
            LocalDateTime.of(2024, 1, 31, 0, 0),
            LocalDateTime.of(2024, 1, 31, 1, 0)),
        Arguments.of(
            DATETIME,
            DATETIME.withScale(1),
            LocalDateTime.of(2024, 1, 31, 0, 0, 0, 500_000_000),
            LocalDateTime.of(2024, 1, 31, 0, 0, 0, 550_000_000)),
        Arguments.of(
            DATETIME,
            TIMESTAMP.withScale(0),
            LocalDateTime.of(2024, 1, 31, 1, 2, 3),
            LocalDateTime.of(2024, 1, 31, 1, 2, 3, 1000)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aValueThatStaysWhatItIsIsNotDirty(Field from, Field to, Object same, Object other)
      throws IOException {
    TestContext context =
        TestContext.create().withRules(Rules.of(TaskForm.DATAX).withNarrowing(Narrowing.DIRTY));
    Schema source = Schema.of(from);
    RetypedFormat format =
        new RetypedFormat(
            new ParquetFormat(PageCodec.of("snappy"), context.task()),
            ignored -> Schema.of(to),
            context.task());
    format.check(source);
    RecordBatch batch = Sample.of(source, List.of(same), List.of(other)).batch();
    try (var output = format.create(new ByteArrayOutputStream(), source, false)) {
      output.write(batch, 0, 2, context.dirty());
      output.finish();
    }
    assertThat(context.dirty().entries())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.position()).isEqualTo(1);
              assertThat(entry.reason().column()).isEqualTo("a");
            });
  }
}
