package io.millrace.files.columnar;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NarrowedTest {

  private static DoubleColumn of(double value) {
    RecordBatch batch = new RecordBatch(Schema.of(Field.of("v", ColumnType.FLOAT64)), 1 << 10, 1);
    batch.doubles(0).append(value);
    return batch.doubles(0);
  }

  /** Its shortest text, such as 1.23456789012345677E18, may be another whole number. */
  @ParameterizedTest
  @ValueSource(
      doubles = {
        1234567890123456768.0,
        9223372036854774784.0,
        -9223372036854775808.0,
        4611686018427387904.0,
        9007199254740992.0,
        9007199254740991.0,
        0x1.fffffffffffffp52,
        -4503599627370497.0,
        0.0
      })
  void aDoubleWithoutAFractionIsTheWholeNumberThatItIs(double value) {
    LongColumn whole =
        new RecordBatch(Schema.of(Field.of("v", ColumnType.INT64)), 1 << 10, 1).longs(0);
    assertThat(Narrowed.whole(Narrowed.number(of(value)), Field.of("v", ColumnType.INT64), whole))
        .isNull();
    assertThat(whole.get(0)).isEqualTo((long) value);
  }

  @Test
  void aFractionIsTheOneThatEverybodyReads() {
    assertThat(Narrowed.number(of(2.675))).isEqualTo(new BigDecimal("2.675"));
    assertThat(Narrowed.number(of(Double.NaN))).isNull();
    assertThat(Narrowed.number(of(Double.NEGATIVE_INFINITY))).isNull();
  }
}
