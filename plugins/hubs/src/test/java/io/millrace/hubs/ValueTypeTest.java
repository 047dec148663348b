package io.millrace.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.TaskForm;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.record.Texts;
import io.millrace.hubs.HubOptions.TimeStampUnit;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueTypeTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static HubColumn column(String type, TaskForm form) {
    return HubColumn.list(
            List.of(Map.of("name", "x", "type", type)), "test", form, TimeStampUnit.SECOND)
        .get(0);
  }

  private static @Nullable String read(String type, byte[] value) throws BadValueException {
    return read(column(type, TaskForm.OWN), value);
  }

  private static @Nullable String read(HubColumn column, byte[] value) throws BadValueException {
    RecordBatch batch = new RecordBatch(Schema.of(column.field()), 1000, 10);
    column.typeOrString().append(batch.column(0), value, BERLIN);
    return Texts.text(batch.column(0), 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "string | ' a ü ' | ' a ü '",
        "LONG | ' -9223372036854775808' | -9223372036854775808",
        "double | 1e3 | 1000.0",
        "double | -Infinity | -Infinity",
        "double | 0.0e-999 | 0.0",
        "double | 9007199254740994 | 9.007199254740994E15",
        "decimal(5,2) | -123.4 | -123.40",
        "decimal(5,2) | 1e2 | 100.00",
        "boolean | TRUE | true",
        "boolean | 0 | false",
        "json | {\"a\": [1]} | {\"a\": [1]}",
        "bytes | ab | 0x6162",
        "datetime | 2024-03-31 02:30:00.5 | 2024-03-31 02:30:00.500000",
        "datetime | 2024-01-31T10:00:00+08:00 | 2024-01-31 03:00:00.000000",
        "datetime | 2024-02-01 | 2024-02-01 00:00:00.000000",
        "date | 2024-03-31 | 2024-03-31",
        "date | 2024-03-31T00:00:00 | 2024-03-31",
        "time | 02:30:00.5 | 02:30:00.500000",
        "time | -838:59:59 | -838:59:59.000000",
        "timestamp | 1700000000 | 2023-11-14 22:13:20.000000Z",
        "timestamp | -0.000001 | 1969-12-31 23:59:59.999999Z",
        "timestamp | 2023-11-14 23:13:20+01:00 | 2023-11-14 22:13:20.000000Z",
        "timestamp | 2024-09-15 17:50:33 | 2024-09-15 15:50:33.000000Z",
        "timestamp | 2024-10-27 02:30:00 | 2024-10-27 00:30:00.000000Z",
        "timestamp | 2024-03-31 02:30:00+01:00 | 2024-03-31 01:30:00.000000Z",
        "timestamp | 2024-02-01 | 2024-01-31 23:00:00.000000Z",
        "seconds | 1700000000.5 | 2023-11-14 22:13:20.500000Z",
        "millis | 1700000000001 | 2023-11-14 22:13:20.001000Z",
        "micros | 1700000000000001 | 2023-11-14 22:13:20.000001Z",
      })
  void aValueIsReadAsItsType(String type, String value, String expected) throws BadValueException {
    assertThat(read(type, value.getBytes(StandardCharsets.UTF_8))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "long | 1.0",
        "long | ''",
        "long | 9223372036854775808",
        "double | 1d",
        "double | 0x1p3",
        "double | one",
        "double | 1e400",
        "double | -1e400",
        "double | 1e-400",
        "double | 9007199254740993",
        "decimal(5,2) | 1.234",
        "decimal(5,2) | 1234",
        "decimal(5,2) | 1e999999999",
        "decimal(5,2) | 1e-999999999",
        "boolean | yes",
        "json | {",
        "datetime | 2024-02-31 00:00:00",
        "datetime | 2023-02-29 00:00:00",
        "datetime | 2024-02-28 24:00:00",
        "datetime | 0000-00-00 00:00:00",
        "datetime | 2024-00-01",
        "datetime | 131072-01-01 00:00:00",
        "datetime | +999999999-01-01T00:00:00",
        "datetime | 2024-02-01 00:00:00.0000001",
        "date | 2024-03-31T02:30:00",
        "date | 2024-02-30",
        "date | 0000-00-00",
        "time | 12:60:00",
        "time | noon",
        "timestamp | 1e300",
        "timestamp | 0.0000001",
        "seconds | 2024-09-15 17:50:33",
        "seconds | 0.0000001",
        "timestamp | 2024-03-31 02:30:00",
        "timestamp | 0000-00-00 00:00:00Z",
        "timestamp | 2023-02-29 00:00:00",
        "timestamp | 131072-01-01 00:00:00Z",
        "timestamp | -9223372036854.775808",
        "micros | -9223372036854775808",
        "timestamp | 99999999999999999999",
        "millis | 9223372036854775807",
      })
  void whatIsNoneIsABadValueAndAppendsNothing(String type, String value) {
    HubColumn column = column(type, TaskForm.OWN);
    RecordBatch batch = new RecordBatch(Schema.of(column.field()), 1000, 10);
    assertThatThrownBy(
            () ->
                column
                    .typeOrString()
                    .append(batch.column(0), value.getBytes(StandardCharsets.UTF_8), BERLIN))
        .isInstanceOf(BadValueException.class);
    assertThat(batch.column(0).size()).isZero();
  }

  @Test
  void inDocumentsOfDataxAndDataWorksADateMayHaveATimeOfDay() throws BadValueException {
    for (TaskForm form : TaskForm.values()) {
      if (form != TaskForm.OWN) {
        byte[] text = "2024-03-31 02:30:00".getBytes(StandardCharsets.UTF_8);
        byte[] day = "2024-03-31".getBytes(StandardCharsets.UTF_8);
        assertThat(read(column("date", form), text)).isEqualTo("2024-03-31 02:30:00.000000");
        assertThat(read(column("date", form), day)).isEqualTo("2024-03-31 00:00:00.000000");
      }
    }
  }

  @Test
  void textMustBeUtf8() throws BadValueException {
    byte[] bad = {'a', (byte) 0xc3};
    assertThatThrownBy(() -> read("string", bad))
        .isInstanceOf(BadValueException.class)
        .hasMessageContaining("type bytes");
    assertThatThrownBy(() -> read("long", bad)).isInstanceOf(BadValueException.class);
    assertThat(read("bytes", bad)).isEqualTo("0x61c3");
  }

  @Test
  void aLongValueIsCutInItsMessage() {
    byte[] value = "x".repeat(10_000).getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> read("long", value))
        .isInstanceOf(BadValueException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
  }

  @Test
  void aTimestampCountsWhatTheTaskSaysAndTakesTextInAnyCase() throws BadValueException {
    Map<TimeStampUnit, String> numbers =
        Map.of(
            TimeStampUnit.SECOND, "1700000000.5",
            TimeStampUnit.MILLISECOND, "1700000000500",
            TimeStampUnit.MICROSECOND, "1700000000500000");
    for (Map.Entry<TimeStampUnit, String> each : numbers.entrySet()) {
      for (String text : List.of(each.getValue(), "2023-11-14 22:13:20.5Z")) {
        HubColumn column =
            HubColumn.list(
                    List.of(Map.of("name", "x", "type", "timestamp")),
                    "test",
                    TaskForm.OWN,
                    each.getKey())
                .get(0);
        RecordBatch batch = new RecordBatch(new Schema(List.of(column.field())), 100, 1);
        column
            .typeOrString()
            .append(batch.column(0), text.getBytes(StandardCharsets.UTF_8), ZoneId.of("UTC"));
        assertThat(Texts.text(batch.column(0), 0)).isEqualTo("2023-11-14 22:13:20.500000Z");
      }
    }
    assertThatThrownBy(() -> ValueType.named("timestamp_millis", TaskForm.OWN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
