package io.millrace.mysql.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.record.Calendars;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TextValuesTest {

  /** How a value is read. */
  private interface Parse<T> {
    T parse(byte[] source, int offset, int length);
  }

  /** Surrounded by other digits, so that reading too far shows. */
  private static <T> T parse(String text, Parse<T> parse) {
    byte[] bytes = ("99" + text + "99").getBytes(StandardCharsets.ISO_8859_1);
    return parse.parse(bytes, 2, bytes.length - 4);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "-0,0",
    "00042,42",
    "-1,-1",
    "999999999999999999,999999999999999999",
    "9223372036854775807,9223372036854775807",
    "-9223372036854775808,-9223372036854775808",
    "18446744073709551615,-1",
    "00000000000000000042,42"
  })
  void wholeNumbersAreRead(String text, long value) {
    assertThat(parse(text, TextValues::integer)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "1a", "18446744073709551616", "1.5", "--1", "1e5"})
  void whatIsNoWholeNumberIsRefused(String text) {
    assertThatThrownBy(() -> parse(text, TextValues::integer))
        .isInstanceOf(NumberFormatException.class);
  }

  @Test
  void doublesAreThoseThatJavaReads() {
    Random random = new Random(42);
    for (int i = 0; i < 200_000; i++) {
      double value =
          switch (i % 4) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextInt(2_000_000_000) / 100.0 - 10_000_000;
            case 2 -> random.nextGaussian();
            default -> random.nextFloat();
          };
      if (Double.isFinite(value)) {
        assertThat(parse(Double.toString(value), TextValues::floating)).isEqualTo(value);
      }
    }
    for (String text :
        new String[] {"-0", "1e308", "5e-324", "1.5", "-17", "9007199254740993", "1e22", "-1E-5"}) {
      assertThat(Double.doubleToRawLongBits(parse(text, TextValues::floating)))
          .as(text)
          .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(text)));
    }
    assertThatThrownBy(() -> parse("abc", TextValues::floating))
        .isInstanceOf(NumberFormatException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "00:00:00,0",
    "838:59:59.999999,3020399999999",
    "-838:59:59,-3020399000000",
    "-00:00:00.000001,-1",
    "01:02:03.5,3723500000"
  })
  void timesAreRead(String text, long micros) {
    assertThat(parse(text, TextValues::time)).isEqualTo(micros);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "12:00",
        "12:00:0",
        ":00:00",
        "1x:00:00",
        "12:00:00.",
        "12:00:00x",
        "01:60:00",
        "01:00:60"
      })
  void whatIsNoTimeIsRefused(String text) {
    assertThatThrownBy(() -> parse(text, TextValues::time))
        .isInstanceOf(NumberFormatException.class);
  }

  @Test
  void datesAreReadAsTheyStand() {
    assertThat(parse("0000-00-00", TextValues::date)).isZero();
    assertThat(parse("2024-02-31", TextValues::date)).isEqualTo(Calendars.date(2024, 2, 31));
    assertThat(parse("9999-12-31 23:59:59.999999", TextValues::dateTime))
        .isEqualTo(Calendars.dateTime(9999, 12, 31, 23, 59, 59, 999_999));
    assertThat(parse("2024-01-02 03:04:05.06", TextValues::dateTime))
        .isEqualTo(Calendars.dateTime(2024, 1, 2, 3, 4, 5, 60_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2024-1-01", "2024/01/01", "20240101xx", "2024-01-01 00:00:00"})
  void whatIsNoDateIsRefused(String text) {
    assertThatThrownBy(() -> parse(text, TextValues::date))
        .isInstanceOf(NumberFormatException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-13-01 00:00:00",
        "2024-99-01 00:00:00",
        "2024-01-32 00:00:00",
        "2024-01-01 24:00:00",
        "2024-01-01 00:60:00",
        "2024-01-01 00:00:60"
      })
  void aMomentThatNoCalendarHoldsIsRefused(String text) {
    assertThatThrownBy(() -> parse(text, TextValues::dateTime))
        .isInstanceOf(NumberFormatException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "1d", "1.5f", " 1.25 ", "0x1p3", ""})
  void whatOnlyJavaTakesForANumberIsRefused(String text) {
    assertThatThrownBy(() -> parse(text, TextValues::floating))
        .isInstanceOf(NumberFormatException.class);
    assertThatThrownBy(() -> parse("+9223372036854775807", TextValues::integer))
        .isInstanceOf(NumberFormatException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "1,1000000",
    "0.000001,1",
    "1700000000.12,1700000000120000",
    "253402300799,253402300799000000"
  })
  void instantsAreRead(String text, long micros) {
    assertThat(parse(text, TextValues::epoch)).isEqualTo(micros);
  }

  @Test
  void theZeroTimestampHasItsOwnValue() {
    assertThat(parse("0", TextValues::epoch)).isEqualTo(Calendars.ZERO_TIMESTAMP);
    assertThat(parse("0.000000", TextValues::epoch)).isEqualTo(Calendars.ZERO_TIMESTAMP);
  }

  @Test
  void bitsAreReadFromTheHighestByte() {
    assertThat(TextValues.bits(new byte[] {9, (byte) 0x80, 1, 9}, 1, 2)).isEqualTo(0x8001);
    assertThat(TextValues.bits(new byte[] {-1, -1, -1, -1, -1, -1, -1, -2}, 0, 8)).isEqualTo(-2);
  }
}
