package io.millrace.dist.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.record.Texts;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.sample.TypeCase;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalValuesTest {

  @Test
  void everyValueComesBackFromItsText() {
    Sample sample = Sample.types(EnumSet.allOf(TypeCase.class));
    RecordBatch original = sample.batch();
    RecordBatch copy = new RecordBatch(sample.schema(), Integer.MAX_VALUE, Integer.MAX_VALUE);
    for (int row = 0; row < original.size(); row++) {
      for (int i = 0; i < sample.schema().size(); i++) {
        CanonicalValues.append(copy, i, Texts.text(original.column(i), row));
      }
      copy.endRecord(row);
      for (int i = 0; i < sample.schema().size(); i++) {
        assertThat(Texts.text(copy.column(i), row))
            .as(sample.schema().field(i).name())
            .isEqualTo(Texts.text(original.column(i), row));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BOOLEAN, yes",
    "INT64, 1.5",
    "INT64, 9223372036854775808",
    "FLOAT64, x",
    "DECIMAL, '1,5'",
    "DECIMAL, 1e999999999",
    "BYTES, 6162",
    "BYTES, 0x6",
    "TIME, 12:60:00",
    "DATE, 2024-13-01",
    "DATE, 01.02.2024",
    "DATE, 2026-02-30",
    "DATE, 2023-02-29",
    "DATETIME, 2026-02-30 10:00:00",
    "DATETIME, 2026-04-31 10:00:00",
    "TIMESTAMP, 2026-02-30 10:00:00Z",
    "DATETIME, 2024-01-01 25:00:00",
    "INT64, +5",
    "INT64, ٥",
    "FLOAT64, 1d",
    "FLOAT64, 0x1p3",
    "FLOAT64, ' 1'",
    "DATETIME, 2024-01-01 00:00:00.123456789",
    "TIMESTAMP, 2024-01-01 00:00:00"
  })
  void aTextThatIsNoValueIsRefusedWithItsType(ColumnType type, String text) {
    RecordBatch batch = new RecordBatch(Schema.of(Field.of("a", type)), 1 << 20, 10);
    assertThatThrownBy(() -> CanonicalValues.append(batch, 0, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'" + text + "' is not a value of type " + type);
  }

  @Test
  void aValueOfMoreThanItsColumnHoldsIsNotCutDownOnItsWay() {
    refused(Field.decimal("a", 10, 2), "1.234", "decimal(10,2)");
    refused(Field.decimal("a", 4, 2), "123.4", "decimal(4,2)");
    refused(Field.of("a", ColumnType.INT64).withBits(8, false), "128", "8 bits");
    refused(Field.of("a", ColumnType.INT64).withBits(8, true), "256", "8 bits");
    refused(Field.of("a", ColumnType.DATETIME).withScale(3), "2024-01-01 00:00:00.0001", "3");
    refused(Field.of("a", ColumnType.TIMESTAMP).withScale(0), "2024-01-01 00:00:00.5Z", "0");
    refused(Field.of("a", ColumnType.FLOAT64), "1e999", "beyond");
    refused(Field.of("a", ColumnType.FLOAT64), "9007199254740993", "more digits");
  }

  private static void refused(Field field, String text, String why) {
    RecordBatch batch = new RecordBatch(Schema.of(field), 1 << 20, 10);
    assertThatThrownBy(() -> CanonicalValues.append(batch, 0, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining(why);
  }
}
