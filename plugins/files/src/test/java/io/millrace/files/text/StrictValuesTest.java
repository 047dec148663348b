package io.millrace.files.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Sensitive;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.record.Texts;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A text that stands for nothing is told, and never taken for something else. */
class StrictValuesTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** The canonical text of what was read, or the reason behind an exclamation mark. */
  private static String read(ColumnType type, @Nullable String format, String text) {
    return read(Field.of("v", type), format, text);
  }

  private static String read(Field field, @Nullable String format, String text) {
    Column column = new RecordBatch(Schema.of(field), 1 << 10, 1).column(0);
    String wrong = TextConversion.parse(text, field, format, BERLIN, column);
    return wrong == null ? String.valueOf(Texts.text(column, 0)) : "!" + Sensitive.plain(wrong);
  }

  @ParameterizedTest
  @CsvSource({
    "yyyy-MM-dd, 2023-02-29",
    "yyyy-MM-dd, 2024-04-31",
    "yyyyMMdd, 20251131",
    "yyyy/M/d, 2100/2/29",
    "uuuu-MM-dd, 2023-02-30",
    "yyyy-DDD, 2023-366",
    "dd.MM.yyyy, 31.06.2024",
    "yyyy-MM-dd G, 2023-02-29 AD"
  })
  void aDayThatDoesNotExistIsNotTakenForAnother(String format, String text) {
    assertThat(read(ColumnType.DATE, format, text)).startsWith("!").contains("'" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "yyyy-MM-dd HH:mm:ss, 2024-01-31 24:00:00",
    "yyyy-MM-dd hh:mm:ss, 2024-01-31 24:00:00",
    "yyyy-MM-dd HH:mm:ss, 2024-01-31 23:60:00",
    "yyyy-MM-dd HH:mm:ss, 2016-12-31 23:59:60",
    "yyyy-MM-dd HH:mm:ss, 2023-02-29 10:00:00",
    "yyyyMMddHHmmss, 20230229000000",
    "yyyy-MM-dd HH:mm:ss.SSSSSSSSS, 2024-01-31 10:00:00.123456789"
  })
  void aTimeThatDoesNotExistIsNotTakenForAnother(String format, String text) {
    assertThat(read(ColumnType.DATETIME, format, text)).startsWith("!").contains("'" + text + "'");
    assertThat(read(ColumnType.TIMESTAMP, format, text)).startsWith("!");
  }

  @Test
  void aTimeOfWhichAPartIsMissingIsNotMidnight() {
    for (ColumnType type : List.of(ColumnType.DATE, ColumnType.DATETIME, ColumnType.TIMESTAMP)) {
      assertThat(read(type, "yyyy-MM-dd HH:ss", "2024-01-31 13:07"))
          .startsWith("!")
          .contains("the time of day cannot be told");
    }
    assertThat(read(ColumnType.DATETIME, "yyyy-MM-dd HH", "2024-01-31 13"))
        .isEqualTo("2024-01-31 13:00:00.000000");
  }

  @Test
  void withoutAFormatADayHasToExistTooUnlessAPartOfItIsOpen() {
    for (String text : List.of("2023-02-29", "2024-02-30", "2024-04-31", "2023-02-29 10:00:00")) {
      assertThat(read(ColumnType.DATETIME, null, text)).startsWith("!").contains("'" + text + "'");
    }
    assertThat(read(ColumnType.DATE, null, "2023-02-29")).startsWith("!").contains("2023-02-29");
    assertThat(read(ColumnType.DATE, null, "2024-02-29")).isEqualTo("2024-02-29");
    assertThat(read(ColumnType.DATE, null, "2024-00-31")).isEqualTo("2024-00-31");
    assertThat(read(ColumnType.DATE, null, "0000-00-00")).isEqualTo("0000-00-00");
  }

  @Test
  void whatExistsIsReadInEveryForm() {
    assertThat(read(ColumnType.DATE, "yyyy-MM-dd", "2024-02-29")).isEqualTo("2024-02-29");
    assertThat(read(ColumnType.DATE, "yy-M-d", "24-2-9")).isEqualTo("2024-02-09");
    assertThat(read(ColumnType.DATE, "yyyy-MM-dd G", "2024-02-29 AD")).isEqualTo("2024-02-29");
    assertThat(read(ColumnType.DATE, "yyyy-MM-dd'y'", "2024-02-29y")).isEqualTo("2024-02-29");
    assertThat(read(ColumnType.DATETIME, "yyyy-MM-dd hh:mm a", "2024-02-29 12:30 AM"))
        .isEqualTo("2024-02-29 00:30:00.000000");
    assertThat(read(ColumnType.DATETIME, "yyyy-MM-dd hh:mm:ss", "2024-02-29 12:30:01"))
        .isEqualTo("2024-02-29 00:30:01.000000");
    assertThat(read(ColumnType.DATETIME, "yyyyMMddHH", "2024022923"))
        .isEqualTo("2024-02-29 23:00:00.000000");
  }

  @Test
  void theHourThatSummerTimeLeavesOutIsNoInstant() {
    assertThat(read(ColumnType.TIMESTAMP, null, "2024-03-31 02:30:00"))
        .startsWith("!")
        .contains("never was on clocks in Europe/Berlin");
    assertThat(read(ColumnType.TIMESTAMP, "yyyy-MM-dd HH:mm", "2024-03-31 02:30"))
        .startsWith("!")
        .contains("never was on clocks in Europe/Berlin");
    assertThat(read(ColumnType.TIMESTAMP, null, "2024-03-31 02:30:00+01:00"))
        .isEqualTo("2024-03-31 01:30:00.000000Z");
  }

  @Test
  void theHourThatSummerTimeLeavesOutStaysWhatItIsOnAWallClock() {
    assertThat(read(ColumnType.DATETIME, null, "2024-03-31 02:30:00"))
        .isEqualTo("2024-03-31 02:30:00.000000");
    assertThat(read(ColumnType.DATETIME, "yyyy-MM-dd HH:mm", "2024-03-31 02:30"))
        .isEqualTo("2024-03-31 02:30:00.000000");
  }

  @Test
  void inTheHourThatComesTwiceTheEarlierInstantIsMeant() {
    assertThat(read(ColumnType.TIMESTAMP, null, "2024-10-27 02:30:00"))
        .isEqualTo("2024-10-27 00:30:00.000000Z");
    assertThat(read(ColumnType.TIMESTAMP, "yyyy-MM-dd HH:mm", "2024-10-27 02:30"))
        .isEqualTo("2024-10-27 00:30:00.000000Z");
    assertThat(
            read(
                ColumnType.TIMESTAMP,
                "yyyy-MM-dd HH:mmXXX'['VV']'",
                "2024-10-27 02:30+01:00[Europe/Berlin]"))
        .isEqualTo("2024-10-27 01:30:00.000000Z");
  }

  @Test
  void aWallClockThatSaysItsOffsetIsShownByTheClocksOfTheTask() {
    assertThat(read(ColumnType.DATETIME, "yyyy-MM-dd'T'HH:mm:ssXXX", "2024-01-31T10:00:00+08:00"))
        .isEqualTo("2024-01-31 03:00:00.000000");
    assertThat(read(ColumnType.DATETIME, null, "2024-01-31T10:00:00+08:00"))
        .isEqualTo("2024-01-31 03:00:00.000000");
    assertThat(read(ColumnType.DATETIME, null, "2024-03-31 01:30:00.5Z"))
        .isEqualTo("2024-03-31 03:30:00.500000");
    for (String text : List.of("0000-00-00 00:00:00Z", "2024-01-31 10:00:00+19:00")) {
      assertThat(read(ColumnType.DATETIME, null, text)).startsWith("!").contains(text);
    }
  }

  @Test
  void aYearThatHasNoPlaceIsNotTakenForAnother() {
    String text = "131072-01-02";
    for (ColumnType type : List.of(ColumnType.DATE, ColumnType.DATETIME, ColumnType.TIMESTAMP)) {
      assertThat(read(type, "uuuuuu-MM-dd", text)).startsWith("!").contains("131071");
      assertThat(read(type, null, text)).startsWith("!").contains(text);
      assertThat(read(type, "uuuuuu-MM-dd", "131071-01-02")).doesNotStartWith("!");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"QR==", "QQJ=", "QR", "AAAAQUJ"})
  void base64ThatEndsWithinAByteIsNone(String text) {
    assertThat(read(ColumnType.BYTES, null, text)).startsWith("!").contains("is not base64");
  }

  @Test
  void wholeBase64IsReadWithAndWithoutItsPadding() {
    assertThat(read(ColumnType.BYTES, null, "QQ==")).isEqualTo("0x41");
    assertThat(read(ColumnType.BYTES, null, "QQ")).isEqualTo("0x41");
    assertThat(read(ColumnType.BYTES, null, "QUI=")).isEqualTo("0x4142");
    assertThat(read(ColumnType.BYTES, null, "")).isEqualTo("0x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.5", "2.0", "1e3", "2,5", "0x10", " 1", "1L"})
  void onlyAWholeNumberIsALong(String text) {
    assertThat(read(ColumnType.INT64, null, text)).startsWith("!");
  }

  @Test
  void aNumberThatADoubleTakesForZeroOrInfinityIsNone() {
    assertThat(read(ColumnType.FLOAT64, null, "1e-400")).startsWith("!").contains("beyond");
    assertThat(read(ColumnType.FLOAT64, null, "1e400")).startsWith("!").contains("beyond");
    assertThat(read(Field.of("v", ColumnType.FLOAT64).withBits(32, false), null, "1e-60"))
        .startsWith("!");
    assertThat(read(ColumnType.FLOAT64, null, "0e-400")).isEqualTo("0.0");
    assertThat(read(ColumnType.FLOAT64, null, "-0.0000000000000000000")).isEqualTo("-0.0");
  }

  @Test
  void theYearBeforeTheFirstIsWrittenAsWhatItIs() {
    RecordBatch batch = new RecordBatch(Schema.of(Field.of("v", ColumnType.DATETIME)), 1 << 10, 1);
    batch
        .longs(0)
        .append(io.millrace.api.record.Calendars.dateTime(LocalDateTime.of(0, 1, 2, 3, 4, 5)));
    TextBuffer text = new TextBuffer();
    ValueWriters.of(batch.schema().field(0), "yyyy-MM-dd", BERLIN).write(batch.column(0), 0, text);
    assertThat(new String(text.bytes(), 0, text.size(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("0000-01-02");
  }

  /** It would be written as another number into a column of whole numbers. */
  @Test
  void aWholeNumberThatADoubleDoesNotHoldIsToldAndNeverRounded() {
    for (String text : List.of("9007199254740993", "-9007199254740993.0", "9223372036854775807")) {
      assertThat(read(ColumnType.FLOAT64, null, text))
          .startsWith("!'" + text + "' has more digits than a double holds")
          .endsWith("long or decimal");
    }
    assertThat(read(ColumnType.FLOAT64, null, "9007199254740994"))
        .isEqualTo("9.007199254740994E15");
    assertThat(read(ColumnType.FLOAT64, null, "1.5e18")).isEqualTo("1.5E18");
    Field single = Field.of("v", ColumnType.FLOAT64).withBits(32, false);
    assertThat(read(single, null, "16777217")).startsWith("!").contains("a float holds");
    assertThat(read(single, null, "16777216")).isEqualTo("1.6777216E7");
  }
}
