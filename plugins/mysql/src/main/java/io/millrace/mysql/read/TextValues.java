package io.millrace.mysql.read;

import io.millrace.api.record.Calendars;
import java.nio.charset.StandardCharsets;

/**
 * Reads the server's text forms straight from its bytes. Every method throws {@link
 * NumberFormatException} for a text of another form, so that nothing is taken for a value that is
 * none.
 */
final class TextValues {

  /** Powers of ten that a double holds exactly. */
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  /** Up to here every whole number is a double. */
  private static final long EXACT_DOUBLE = 1L << 53;

  private static final int[] FRACTION_FACTORS = {0, 100_000, 10_000, 1_000, 100, 10, 1};

  private TextValues() {}

  /** A whole number of at most 64 bits, signed or unsigned. */
  static long integer(byte[] source, int offset, int length) {
    int i = offset;
    int end = offset + length;
    boolean negative = length > 0 && source[i] == '-';
    if (negative) {
      i++;
    }
    if (i == end) {
      throw malformed("number", source, offset, length);
    }
    if (end - i > 18) {
      return longInteger(source, offset, length);
    }
    long value = 0;
    for (; i < end; i++) {
      int digit = source[i] - '0';
      if (digit < 0 || digit > 9) {
        throw malformed("number", source, offset, length);
      }
      value = value * 10 + digit;
    }
    return negative ? -value : value;
  }

  private static long longInteger(byte[] source, int offset, int length) {
    // Java's own parser also takes a plus sign.
    if (source[offset] == '+' || source[offset] == '-' && source[offset + 1] == '+') {
      throw malformed("number", source, offset, length);
    }
    String text = new String(source, offset, length, StandardCharsets.ISO_8859_1);
    return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
  }

  /** Up to eight bytes, most significant first. */
  static long bits(byte[] source, int offset, int length) {
    if (length > 8) {
      throw malformed("bit value", source, offset, length);
    }
    long value = 0;
    for (int i = offset; i < offset + length; i++) {
      value = value << 8 | source[i] & 0xff;
    }
    return value;
  }

  /** The double nearest to a decimal or scientific notation. */
  static double floating(byte[] source, int offset, int length) {
    int i = offset;
    int end = offset + length;
    boolean negative = length > 0 && source[i] == '-';
    if (negative) {
      i++;
    }
    long digits = 0;
    int scale = 0;
    boolean point = false;
    int count = 0;
    for (; i < end; i++) {
      byte b = source[i];
      if (b >= '0' && b <= '9') {
        digits = digits * 10 + (b - '0');
        count++;
        scale += point ? 1 : 0;
      } else if (b == '.' && !point) {
        point = true;
      } else {
        break;
      }
    }
    // Few digits and a small power of ten: both are exact doubles, so one division rounds once.
    if (i == end && count > 0 && count <= 18 && digits <= EXACT_DOUBLE && scale <= 22) {
      double value = digits / POWERS_OF_TEN[scale];
      return negative ? -value : value;
    }
    // Java's own parser also takes blanks, NaN, 1d and hexadecimal digits.
    for (i = offset; i < end; i++) {
      byte b = source[i];
      if ((b < '0' || b > '9') && b != '.' && b != '-' && b != '+' && b != 'e' && b != 'E') {
        throw malformed("number", source, offset, length);
      }
    }
    return Double.parseDouble(new String(source, offset, length, StandardCharsets.ISO_8859_1));
  }

  /** A packed date. */
  static long date(byte[] source, int offset, int length) {
    if (length != 10) {
      throw malformed("date", source, offset, length);
    }
    return datePart(source, offset, length);
  }

  private static long datePart(byte[] source, int offset, int length) {
    if (source[offset + 4] != '-' || source[offset + 7] != '-') {
      throw malformed("date", source, offset, length);
    }
    int year = two(source, offset) * 100 + two(source, offset + 2);
    // Days that a month does not have and zeros are carried; what no calendar could hold is not.
    int month = upTo(12, source, offset + 5);
    return Calendars.date(year, month, upTo(31, source, offset + 8));
  }

  /** A packed wall-clock time. */
  static long dateTime(byte[] source, int offset, int length) {
    if (length < 19
        || source[offset + 10] != ' '
        || source[offset + 13] != ':'
        || source[offset + 16] != ':') {
      throw malformed("datetime", source, offset, length);
    }
    return datePart(source, offset, length)
        | (long) upTo(23, source, offset + 11) << 32
        | (long) upTo(59, source, offset + 14) << 26
        | (long) upTo(59, source, offset + 17) << 20
        | fraction(source, offset + 19, offset + length);
  }

  /** A signed duration in microseconds. */
  static long time(byte[] source, int offset, int length) {
    int i = offset;
    int end = offset + length;
    boolean negative = length > 0 && source[i] == '-';
    if (negative) {
      i++;
    }
    long hours = 0;
    int first = i;
    while (i < end && source[i] >= '0' && source[i] <= '9') {
      hours = hours * 10 + (source[i++] - '0');
    }
    if (i == first || i - first > 4 || end - i < 6 || source[i] != ':' || source[i + 3] != ':') {
      throw malformed("time", source, offset, length);
    }
    long seconds = (hours * 60 + upTo(59, source, i + 1)) * 60 + upTo(59, source, i + 4);
    long micros = seconds * 1_000_000 + fraction(source, i + 6, end);
    return negative ? -micros : micros;
  }

  /** Microseconds of an instant from seconds with a fraction. */
  static long epoch(byte[] source, int offset, int length) {
    int end = offset + length;
    int i = offset;
    boolean negative = length > 0 && source[i] == '-';
    if (negative) {
      i++;
    }
    long seconds = 0;
    int first = i;
    while (i < end && source[i] >= '0' && source[i] <= '9') {
      seconds = seconds * 10 + (source[i++] - '0');
    }
    if (i == first || i - first > 12) {
      throw malformed("timestamp", source, offset, length);
    }
    long micros = seconds * 1_000_000 + fraction(source, i, end);
    if (micros == 0) {
      return Calendars.ZERO_TIMESTAMP;
    }
    return negative ? -micros : micros;
  }

  /** Microseconds from nothing, or from a point and up to six digits. */
  private static int fraction(byte[] source, int from, int end) {
    if (from == end) {
      return 0;
    }
    int count = end - from - 1;
    if (source[from] != '.' || count < 1 || count > 6) {
      throw malformed("fraction of a second", source, from, end - from);
    }
    int value = 0;
    for (int i = from + 1; i < end; i++) {
      int digit = source[i] - '0';
      if (digit < 0 || digit > 9) {
        throw malformed("fraction of a second", source, from, end - from);
      }
      value = value * 10 + digit;
    }
    return value * FRACTION_FACTORS[count];
  }

  private static int upTo(int most, byte[] source, int offset) {
    int value = two(source, offset);
    if (value > most) {
      throw malformed("part of a date or time", source, offset, 2);
    }
    return value;
  }

  private static int two(byte[] source, int offset) {
    int high = source[offset] - '0';
    int low = source[offset + 1] - '0';
    if (high < 0 || high > 9 || low < 0 || low > 9) {
      throw malformed("two digits", source, offset, 2);
    }
    return high * 10 + low;
  }

  private static NumberFormatException malformed(
      String what, byte[] source, int offset, int length) {
    String text = new String(source, offset, Math.min(length, 60), StandardCharsets.UTF_8);
    return new NumberFormatException("not a " + what + " as the server writes it: '" + text + "'");
  }
}
