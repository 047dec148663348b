package io.millrace.kafka.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.Sensitive;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.record.Texts;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the text of a field becomes. */
class TypedValuesTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static String value(ColumnType type, String text) throws BadValueException {
    RecordBatch batch = new RecordBatch(new Schema(List.of(Field.of("x", type))), 100, 1);
    Fields fields = new Fields(1);
    fields.setText(text.getBytes(StandardCharsets.UTF_8));
    TypedValues.append(batch.column(0), fields, 0, BERLIN, NumberUnit.KAFKAS_OWN);
    return String.valueOf(Texts.text(batch.column(0), 0));
  }

  @ParameterizedTest
  @CsvSource({
    "BYTES, AQI=, 0x0102",
    "BYTES, AQI, 0x0102",
    "BYTES, /w==, 0xff",
    "FLOAT64, 1e308, 1.0E308",
    "FLOAT64, -0.0e-999, -0.0",
    "FLOAT64, 0e5, 0.0",
    "FLOAT64, 9007199254740994, 9.007199254740994E15",
    "FLOAT64, -Infinity, -Infinity",
    "DATE, 2024-02-29, 2024-02-29",
    "DATE, 2024-00-00, 2024-00-00",
    "DATE, 0000-00-00, 0000-00-00",
    "DATE, 2024-02-29 00:00:00, 2024-02-29",
    "DATETIME, 2024-03-31 02:30:00, 2024-03-31 02:30:00.000000",
    "DATETIME, 2024-01-31T10:00:00+08:00, 2024-01-31 03:00:00.000000",
    "DATETIME, 131071-12-31 23:59:59, 131071-12-31 23:59:59.000000",
    "TIMESTAMP, 2024-09-15 17:50:33, 2024-09-15 15:50:33.000000Z",
    "TIMESTAMP, 2024-09-15 17:50:33Z, 2024-09-15 17:50:33.000000Z",
    "TIMESTAMP, 2024-10-27 02:30:00, 2024-10-27 00:30:00.000000Z",
    "TIMESTAMP, 2024-10-27 02:30:00+01:00, 2024-10-27 01:30:00.000000Z",
    "TIMESTAMP, 0000-00-00 00:00:00, 0000-00-00 00:00:00Z",
    "TIME, -838:59:59, -838:59:59.000000"
  })
  void whatIsOfTheTypeIsTakenAsItIs(ColumnType type, String text, String expected)
      throws BadValueException {
    assertThat(value(type, text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "BYTES, AQJ=",
    "BYTES, /x==",
    "BYTES, AQJ",
    "BYTES, AQ=I",
    "FLOAT64, 1e400",
    "FLOAT64, -1e400",
    "FLOAT64, 1e-400",
    "FLOAT64, 9007199254740993",
    "FLOAT64, ' -9007199254740993'",
    "FLOAT64, 1d",
    "FLOAT64, 0x1p3",
    "DATE, 2023-02-29",
    "DATE, 2023-04-31",
    "DATETIME, 2023-02-29 00:00:00",
    "DATETIME, 2023-02-28 24:00:00",
    "DATETIME, 131072-01-01 00:00:00",
    "DATETIME, 999999-01-01 00:00:00",
    "DATETIME, 2024-01-01 00:00:00 CET",
    "DATE, 2024-02-29 00:00:01",
    "TIMESTAMP, 2023-02-29T00:00:00Z",
    "TIMESTAMP, 2024-03-31 02:30:00",
    "TIMESTAMP, 131072-01-01 00:00:00Z",
    "TIMESTAMP, 2024-01-01 00:00:00+19:00",
    "TIMESTAMP, 1700000000"
  })
  void whatWouldBecomeAnotherValueIsBad(ColumnType type, String text) {
    assertThatThrownBy(() -> value(type, text)).isInstanceOf(BadValueException.class);
  }

  @Test
  void theReasonShowsTheValueAndSaysWhy() {
    assertThatThrownBy(() -> value(ColumnType.TIMESTAMP, "2024-03-31 02:30:00"))
        .hasMessageStartingWith(
            "'" + Sensitive.mark("2024-03-31 02:30:00") + "' is not a moment such as")
        .hasMessageContaining("never was on clocks in Europe/Berlin");
    assertThatThrownBy(() -> value(ColumnType.DATE, "2024-03-31 02:30:00"))
        .hasMessage(
            "'"
                + Sensitive.mark("2024-03-31 02:30:00")
                + "' is not a date alone: read a time of day as a datetime");
  }

  @Test
  void aNumberOfMillisecondsIsAMomentOrTooLarge() throws BadValueException {
    assertThat(TypedValues.micros(-1, 1000)).isEqualTo(-1000);
    for (long millis : List.of(Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE / 1000 + 1)) {
      assertThatThrownBy(() -> TypedValues.micros(millis, 1000))
          .isInstanceOf(BadValueException.class);
    }
  }

  @Test
  void nestedTextMustBeUtf8() throws Exception {
    byte[] message = "{\"j\": [\"a??\"]}".getBytes(StandardCharsets.UTF_8);
    // An unpaired surrogate, which encoders of other languages let through.
    message[9] = (byte) 0xED;
    message[10] = (byte) 0xA0;
    byte[] longer = new byte[message.length + 1];
    System.arraycopy(message, 0, longer, 0, 11);
    longer[11] = (byte) 0x80;
    System.arraycopy(message, 11, longer, 12, message.length - 11);
    for (ColumnType type : List.of(ColumnType.STRING, ColumnType.JSON)) {
      Fields fields = new Fields(1);
      RecordBatch batch = new RecordBatch(new Schema(List.of(Field.of("j", type))), 100, 1);
      assertThatThrownBy(
              () -> {
                new JsonFields(List.of(List.of("j")), List.of(false), 1000)
                    .parse(longer, 0, longer.length, fields);
                TypedValues.append(batch.column(0), fields, 0, BERLIN, NumberUnit.KAFKAS_OWN);
              })
          .isInstanceOf(BadValueException.class);
    }
  }
}
