package io.millrace.mysql.write;

import io.millrace.api.Counted;
import io.millrace.api.Sensitive;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.Column;
import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.LongColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What values must satisfy to arrive unchanged. */
final class Checks {

  static final String OUT_OF_RANGE = "OUT_OF_RANGE";
  static final String NOT_A_NUMBER = "NOT_A_NUMBER";
  static final String TOO_LONG = "TOO_LONG";
  static final String ROUNDED = "WOULD_ROUND";
  static final String BAD_DATE = "BAD_DATE";
  static final String NOT_A_MEMBER = "NOT_A_MEMBER";
  static final String TRAILING_SPACE = "TRAILING_SPACE";
  static final String PADDED = "WOULD_PAD";
  static final String ZERO_DATE = "ZERO_DATE";
  static final String WALL_CLOCK = "WALL_CLOCK";

  private static final int[] FRACTION_UNITS = {1_000_000, 100_000, 10_000, 1_000, 100, 10, 1};
  private static final long MAX_TIME = ((838L * 60 + 59) * 60 + 59) * 1_000_000;

  private static final Problem TIME_LOST =
      new Problem(ROUNDED, "the column holds a date and the value's time is not zero", true);

  private Checks() {}

  /** Whole numbers between two signed bounds; the source's numbers are signed. */
  static ValueCheck range(long min, long max) {
    return (column, row) -> {
      long value = ((LongColumn) column).get(row);
      return value >= min && value <= max ? null : outOfRange(Long.toString(value));
    };
  }

  /** Whole numbers from 0 to an unsigned bound; the source's numbers are unsigned bits. */
  static ValueCheck unsignedRange(long max) {
    return (column, row) -> {
      long value = ((LongColumn) column).get(row);
      return Long.compareUnsigned(value, max) <= 0
          ? null
          : outOfRange(Long.toUnsignedString(value));
    };
  }

  private static Problem outOfRange(String value) {
    return new Problem(OUT_OF_RANGE, Sensitive.mark(value) + " is out of the column's range");
  }

  /** A year a YEAR column holds. */
  static ValueCheck year() {
    return (column, row) -> yearProblem(((LongColumn) column).get(row));
  }

  private static @Nullable Problem yearProblem(long year) {
    return year == 0 || (year >= 1901 && year <= 2155)
        ? null
        : new Problem(OUT_OF_RANGE, Sensitive.mark(year) + " is not a year between 1901 and 2155");
  }

  /** Whole numbers that a floating point column of so many bits of mantissa holds exactly. */
  static ValueCheck exactIn(boolean isFloat) {
    return (column, row) -> {
      long value = ((LongColumn) column).get(row);
      boolean unsigned = column.field().unsigned() && value < 0;
      BigDecimal exact =
          unsigned ? new BigDecimal(Long.toUnsignedString(value)) : BigDecimal.valueOf(value);
      double stored = isFloat ? exact.floatValue() : exact.doubleValue();
      return new BigDecimal(stored).compareTo(exact) == 0 ? null : rounded(exact.toPlainString());
    };
  }

  private static Problem rounded(String value) {
    return new Problem(ROUNDED, Sensitive.mark(value) + " would be rounded by the column", true);
  }

  /** Finite numbers; for a FLOAT column only those a float holds. */
  static ValueCheck finite(boolean asFloat) {
    return (column, row) -> {
      double value = ((DoubleColumn) column).get(row);
      if (!Double.isFinite(value)) {
        return new Problem(NOT_A_NUMBER, Sensitive.mark(value) + " cannot be stored");
      }
      return !asFloat || (float) value == value ? null : rounded(Double.toString(value));
    };
  }

  /** Decimals of at most so many digits before and after the point. */
  static ValueCheck decimal(int wholeDigits, int scale, boolean unsigned) {
    return (column, row) -> {
      DecimalColumn decimals = (DecimalColumn) column;
      int sourceScale = column.field().scale();
      if (!decimals.isWide(row) && sourceScale <= 18) {
        // The usual case: no digit after the point is lost, so only the size counts.
        long unscaled = decimals.unscaled(row);
        if ((!unsigned || unscaled >= 0)
            && (sourceScale <= scale || unscaled % power(sourceScale - scale) == 0)
            && Math.abs(unscaled) < power(Math.min(18, wholeDigits + sourceScale))) {
          return null;
        }
      }
      return fits(decimals.get(row), wholeDigits, scale, unsigned);
    };
  }

  private static long power(int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= 10;
    }
    return power;
  }

  private static @Nullable Problem fits(
      BigDecimal value, int wholeDigits, int scale, boolean unsigned) {
    BigDecimal plain = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    if (plain.scale() > scale) {
      return rounded(value.toPlainString());
    }
    if ((unsigned && plain.signum() < 0) || plain.precision() - plain.scale() > wholeDigits) {
      return outOfRange(value.toPlainString());
    }
    return null;
  }

  /** Floating point numbers that a DECIMAL column holds in their shortest form. */
  static ValueCheck realAsDecimal(int wholeDigits, int scale, boolean unsigned) {
    return (column, row) -> {
      double value = ((DoubleColumn) column).get(row);
      if (!Double.isFinite(value)) {
        return new Problem(NOT_A_NUMBER, Sensitive.mark(value) + " cannot be stored");
      }
      return fits(BigDecimal.valueOf(value), wholeDigits, scale, unsigned);
    };
  }

  /** Decimals that are whole numbers between two bounds. */
  static ValueCheck wholeDecimal(BigInteger min, BigInteger max) {
    return (column, row) -> whole(((DecimalColumn) column).get(row), min, max);
  }

  /** Floating point numbers that are whole numbers between two bounds. */
  static ValueCheck wholeReal(BigInteger min, BigInteger max) {
    return (column, row) -> {
      double value = ((DoubleColumn) column).get(row);
      return Double.isFinite(value)
          ? whole(new BigDecimal(value), min, max)
          : new Problem(NOT_A_NUMBER, Sensitive.mark(value) + " cannot be stored");
    };
  }

  private static @Nullable Problem whole(BigDecimal value, BigInteger min, BigInteger max) {
    BigInteger whole;
    try {
      whole = value.setScale(0, RoundingMode.UNNECESSARY).unscaledValue();
    } catch (ArithmeticException e) {
      return rounded(value.toPlainString());
    }
    return whole.compareTo(min) >= 0 && whole.compareTo(max) <= 0
        ? null
        : outOfRange(value.toPlainString());
  }

  /** Decimals that come back the same from a floating point column. */
  static ValueCheck decimalAsReal(boolean asFloat) {
    return (column, row) -> {
      BigDecimal value = ((DecimalColumn) column).get(row);
      return comesBack(value, asFloat) ? null : rounded(value.toPlainString());
    };
  }

  /** The number that is stored is the value, or the digits that come back are the value's. */
  private static boolean comesBack(BigDecimal value, boolean asFloat) {
    double stored = asFloat ? value.floatValue() : value.doubleValue();
    if (!Double.isFinite(stored)) {
      return false;
    }
    String back = asFloat ? Float.toString((float) stored) : Double.toString(stored);
    return new BigDecimal(back).compareTo(value) == 0
        || new BigDecimal(stored).compareTo(value) == 0;
  }

  /** Floating point numbers that a column with a fixed number of digits does not round. */
  static ValueCheck realWithScale(int scale) {
    return (column, row) -> {
      double value = ((DoubleColumn) column).get(row);
      if (!Double.isFinite(value)) {
        return new Problem(NOT_A_NUMBER, Sensitive.mark(value) + " cannot be stored");
      }
      return BigDecimal.valueOf(value).stripTrailingZeros().scale() <= scale
          ? null
          : rounded(Double.toString(value));
    };
  }

  /** Fractions of a second that the column's digits hold; {@code packed} for DATETIME. */
  static ValueCheck fraction(int digits) {
    int unit = FRACTION_UNITS[digits];
    Problem problem = tooFine(digits);
    return (column, row) -> {
      long value = ((LongColumn) column).get(row);
      long micro =
          switch (column.field().type()) {
            case DATETIME -> Calendars.micro(value);
            default -> value == Calendars.ZERO_TIMESTAMP ? 0 : Math.floorMod(value, 1_000_000L);
          };
      return micro % unit == 0 ? null : problem;
    };
  }

  /** What is wrong with more digits of a second than the column holds. */
  static Problem tooFine(int digits) {
    return new Problem(
        ROUNDED,
        "the column holds " + Counted.of(digits, "digit", "digits") + " of a second's fraction",
        true);
  }

  /** Times a TIME column holds. */
  static ValueCheck timeRange() {
    return (column, row) -> {
      long value = ((LongColumn) column).get(row);
      return value >= -MAX_TIME && value <= MAX_TIME
          ? null
          : new Problem(OUT_OF_RANGE, "a TIME column holds -838:59:59 to 838:59:59");
    };
  }

  /** Texts that are a time a TIME column holds with so many digits of a fraction. */
  static ValueCheck timeText(int digits) {
    int unit = FRACTION_UNITS[digits];
    Problem problem = tooFine(digits);
    return (column, row) -> {
      BytesColumn bytes = (BytesColumn) column;
      long micros = TemporalText.time(bytes.buffer(), bytes.offset(row), bytes.length(row));
      if (micros == TemporalText.NO_TIME || Math.abs(micros) > MAX_TIME) {
        return new Problem(
            BAD_DATE, "'" + shown(bytes, row) + "' is not a time in the form hh:mm:ss");
      }
      return micros % unit == 0 ? null : problem;
    };
  }

  /** Calendar fields that have a four-digit year, without the time where it would be lost. */
  static ValueCheck calendar(ZeroDate policy, boolean dateOnly) {
    return (column, row) -> calendarProblem(((LongColumn) column).get(row), policy, dateOnly);
  }

  static @Nullable Problem calendarProblem(long packed, ZeroDate policy, boolean dateOnly) {
    int year = Calendars.year(packed);
    if (year < 0 || year > 9999) {
      return new Problem(
          OUT_OF_RANGE, "the year " + Sensitive.mark(year) + " is not between 0 and 9999");
    }
    if (policy == ZeroDate.DIRTY && ValueEncoders.isZeroDate(packed)) {
      return new Problem(ZERO_DATE, "a date whose month or day is zero");
    }
    if (dateOnly && (packed & ((1L << 37) - 1)) != 0) {
      return TIME_LOST;
    }
    return null;
  }

  /** Instants that are not the zero date where that is dirty. */
  static ValueCheck zeroTimestamp() {
    return (column, row) ->
        ((LongColumn) column).get(row) == Calendars.ZERO_TIMESTAMP
            ? new Problem(ZERO_DATE, "0000-00-00 00:00:00")
            : null;
  }

  /** Instants whose year has four digits, so that they have a form at all. */
  static ValueCheck instantRange() {
    return (column, row) -> instantProblem(((LongColumn) column).get(row));
  }

  static @Nullable Problem instantProblem(long micros) {
    // The servers differ in the last second; beyond 9999 there is no form to ask them with.
    boolean writable =
        micros == Calendars.ZERO_TIMESTAMP || (micros >= 0 && micros < 253_402_300_800_000_000L);
    return writable ? null : new Problem(OUT_OF_RANGE, "the instant is out of TIMESTAMP's range");
  }

  /** Wall-clock times that were shown in the task's zone, if twice, for the first time. */
  static @Nullable Problem wallClockProblem(long packed, WallClock clock) {
    if (ValueEncoders.isZeroDate(packed)) {
      return packed == 0 ? null : new Problem(BAD_DATE, "a date with a zero part is no instant");
    }
    if (!Calendars.isValid(packed)) {
      return new Problem(BAD_DATE, "the calendar has no such day");
    }
    return clock.shows(packed)
        ? null
        : new Problem(WALL_CLOCK, "clocks in the task's zone never showed this time");
  }

  /** Texts of at most so many characters. */
  static ValueCheck characters(long max) {
    return (column, row) -> {
      BytesColumn bytes = (BytesColumn) column;
      int length = bytes.length(row);
      if (length <= max) {
        return null;
      }
      int count = 0;
      byte[] buffer = bytes.buffer();
      int end = bytes.offset(row) + length;
      for (int i = bytes.offset(row); i < end; i++) {
        if ((buffer[i] & 0xc0) != 0x80) {
          count++;
        }
      }
      return count <= max
          ? null
          : new Problem(
              TOO_LONG,
              Counted.of(count, "character", "characters") + ", the column takes " + max,
              count - blanksAtEnd(bytes, row) <= max);
    };
  }

  /** Texts of at most so many bytes, in the UTF-8 that they come in. */
  static ValueCheck octetsOfText(long max) {
    return (column, row) -> {
      BytesColumn bytes = (BytesColumn) column;
      int length = bytes.length(row);
      return length <= max
          ? null
          : new Problem(
              TOO_LONG,
              Counted.of(length, "byte", "bytes") + ", the column takes " + max,
              length - blanksAtEnd(bytes, row) <= max);
    };
  }

  /**
   * Texts of which no blank at the end can be cut, whatever they are as long as in the column's
   * character set: it has at most four bytes for a character.
   */
  static ValueCheck noBlankBeyond(long octets) {
    ValueCheck surely = characters(octets / 4);
    return (column, row) -> {
      BytesColumn bytes = (BytesColumn) column;
      return blanksAtEnd(bytes, row) == 0 || surely.check(column, row) == null
          ? null
          : new Problem(
              TOO_LONG, "whether the blanks at the end fit the column cannot be told before");
    };
  }

  private static int blanksAtEnd(BytesColumn bytes, int row) {
    byte[] buffer = bytes.buffer();
    int from = bytes.offset(row);
    int end = from + bytes.length(row);
    int at = end;
    while (at > from && buffer[at - 1] == ' ') {
      at--;
    }
    return end - at;
  }

  /** Values of at most so many bytes. */
  static ValueCheck octets(long max) {
    return (column, row) -> {
      int length = ((BytesColumn) column).length(row);
      return length <= max
          ? null
          : new Problem(
              TOO_LONG, Counted.of(length, "byte", "bytes") + ", the column takes " + max);
    };
  }

  /** Values of exactly so many bytes: shorter ones would be padded with NUL bytes. */
  static ValueCheck exactOctets(long count) {
    return octets(count)
        .and(
            (column, row) ->
                ((BytesColumn) column).length(row) == count
                    ? null
                    : new Problem(
                        PADDED,
                        Counted.of(((BytesColumn) column).length(row), "byte", "bytes")
                            + " would be padded to "
                            + count
                            + " with NUL bytes"));
  }

  /** Texts that do not end with a blank, which a CHAR column does not keep. */
  static ValueCheck noTrailingSpace() {
    return (column, row) -> {
      BytesColumn bytes = (BytesColumn) column;
      int length = bytes.length(row);
      return length == 0 || bytes.buffer()[bytes.offset(row) + length - 1] != ' '
          ? null
          : new Problem(TRAILING_SPACE, "a CHAR column does not keep the blanks at the end", true);
    };
  }

  /** Members of an ENUM or SET without blanks at the end, which the server would leave out. */
  static ValueCheck noBlankBehindAMember() {
    ValueCheck blanks = noTrailingSpace();
    return (column, row) ->
        blanks.check(column, row) == null
            ? null
            : new Problem(NOT_A_MEMBER, "the column does not keep the blanks at the end", true);
  }

  /** Texts that are valid UTF-8. */
  static ValueCheck utf8() {
    return (column, row) -> {
      BytesColumn bytes = (BytesColumn) column;
      return Utf8.isValid(bytes.buffer(), bytes.offset(row), bytes.length(row))
          ? null
          : new Problem("BAD_UTF8", "the bytes are not valid UTF-8");
    };
  }

  /** Texts that the server takes for one of an ENUM's members. */
  static ValueCheck member(Members members) {
    return (column, row) -> {
      BytesColumn bytes = (BytesColumn) column;
      int from = bytes.offset(row);
      int end = from + bytes.length(row);
      return members.contains(bytes.buffer(), from, end)
          ? null
          : new Problem(NOT_A_MEMBER, "'" + shown(bytes, row) + "' is not a member of the ENUM");
    };
  }

  /** Texts whose parts between commas the server takes for members of a SET. */
  static ValueCheck memberSet(Members members) {
    return (column, row) -> {
      BytesColumn bytes = (BytesColumn) column;
      byte[] buffer = bytes.buffer();
      int start = bytes.offset(row);
      int end = start + bytes.length(row) - blanksAtEnd(bytes, row);
      if (start == end) {
        return null;
      }
      for (int i = start; i <= end; i++) {
        if (i == end || buffer[i] == ',') {
          if (!members.contains(buffer, start, i)) {
            return new Problem(
                NOT_A_MEMBER, "'" + shown(bytes, row) + "' is not made of members of the SET");
          }
          start = i + 1;
        }
      }
      return null;
    };
  }

  /** Texts that are a whole number between two bounds. */
  static ValueCheck wholeText(BigInteger min, BigInteger max) {
    return (column, row) -> {
      BigDecimal number = number(column, row);
      return number == null ? notNumber(column, row) : whole(number, min, max);
    };
  }

  /** Texts that are a decimal of at most so many digits before and after the point. */
  static ValueCheck decimalText(int wholeDigits, int scale, boolean unsigned) {
    return (column, row) -> {
      BigDecimal number = number(column, row);
      return number == null ? notNumber(column, row) : fits(number, wholeDigits, scale, unsigned);
    };
  }

  /** Texts that are a number which comes back the same from a floating point column. */
  static ValueCheck realText(boolean asFloat) {
    return (column, row) -> {
      BigDecimal number = number(column, row);
      if (number == null) {
        return notNumber(column, row);
      }
      boolean finite =
          asFloat ? Float.isFinite(number.floatValue()) : Double.isFinite(number.doubleValue());
      if (!finite) {
        return outOfRange(shown((BytesColumn) column, row));
      }
      return comesBack(number, asFloat) ? null : rounded(shown((BytesColumn) column, row));
    };
  }

  /** Texts that are a year in four digits. */
  static ValueCheck yearText() {
    return (column, row) -> {
      BigDecimal number = number(column, row);
      return number == null || ((BytesColumn) column).length(row) != 4
          ? new Problem(NOT_A_NUMBER, "'" + shown((BytesColumn) column, row) + "' is not a year")
          : yearProblem(number.longValue());
    };
  }

  /** The number a text is in plain or exponent form, or null. Blanks around it are not accepted. */
  private static @Nullable BigDecimal number(Column column, int row) {
    BytesColumn bytes = (BytesColumn) column;
    int length = bytes.length(row);
    if (length == 0 || length > 400) {
      return null;
    }
    byte[] buffer = bytes.buffer();
    int from = bytes.offset(row);
    for (int i = from; i < from + length; i++) {
      byte b = buffer[i];
      boolean allowed =
          (b >= '0' && b <= '9') || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E';
      if (!allowed) {
        return null;
      }
    }
    try {
      BigDecimal number =
          new BigDecimal(new String(buffer, from, length, StandardCharsets.US_ASCII));
      // Beyond this no column holds it, and its plain form would be enormous.
      return Math.abs((long) number.scale()) > 1_000 ? null : number;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Problem notNumber(Column column, int row) {
    return new Problem(NOT_A_NUMBER, "'" + shown((BytesColumn) column, row) + "' is not a number");
  }

  static String shown(BytesColumn bytes, int row) {
    int length = bytes.length(row);
    String text =
        new String(bytes.buffer(), bytes.offset(row), Math.min(length, 60), StandardCharsets.UTF_8);
    return Sensitive.mark(length > 60 ? text + "…" : text);
  }
}
