package io.millrace.kafka.value;

import io.millrace.api.Sensitive;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.RealText;
import io.millrace.api.record.Texts;
import io.millrace.kafka.value.Fields.Kind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Appends fields of a message to columns, by the column's type. Stateless. */
public final class TypedValues {

  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

  /** Beyond it a number is no longer written out in full. */
  private static final int MOST_DIGITS = 1000;

  /** More digits than any moment has. */
  private static final int MOST_OF_A_MOMENT = 40;

  private static final String BASE64_DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  private TypedValues() {}

  /**
   * Appends one field.
   *
   * @param zone the task's, in which a wall clock is a moment where its text says no offset
   * @param unit what a number counts that is a TIMESTAMP
   * @throws BadValueException when it is not of the column's type; nothing is appended then
   */
  public static void append(Column column, Fields fields, int field, ZoneId zone, NumberUnit unit)
      throws BadValueException {
    Kind kind = fields.kind(field);
    if (kind == Kind.NULL) {
      column.appendNull();
      return;
    }
    ColumnType type = column.field().type();
    byte[] bytes = fields.buffer(field);
    int start = fields.start(field);
    int length = fields.length(field);
    if (kind == Kind.TRUE || kind == Kind.FALSE) {
      bytes = kind == Kind.TRUE ? TRUE : FALSE;
      start = 0;
      length = bytes.length;
    }
    switch (type) {
      case STRING -> {
        if (kind == Kind.TEXT || kind == Kind.NESTED) {
          Utf8.require(bytes, start, length);
        }
        ((BytesColumn) column).append(bytes, start, length);
      }
      case JSON -> {
        if (kind == Kind.NESTED) {
          Utf8.require(bytes, start, length);
        }
        ((BytesColumn) column).append(bytes, start, length);
      }
      case BYTES -> ((BytesColumn) column).append(base64(bytes, start, length));
      case BOOLEAN -> ((LongColumn) column).append(bool(bytes, start, length) ? 1 : 0);
      case INT64 -> ((LongColumn) column).append(integer(bytes, start, length));
      case FLOAT64 -> ((DoubleColumn) column).append(real(bytes, start, length));
      case DECIMAL -> decimal((DecimalColumn) column, bytes, start, length);
      case TIMESTAMP ->
          ((LongColumn) column)
              .append(
                  kind == Kind.NUMBER || unit.inText() && isNumber(bytes, start, length)
                      ? micros(bytes, start, length, unit.micros())
                      : temporal(type, bytes, start, length, zone));
      case DATETIME, DATE, TIME ->
          ((LongColumn) column).append(temporal(type, bytes, start, length, zone));
    }
  }

  private static long temporal(ColumnType type, byte[] bytes, int start, int length, ZoneId zone)
      throws BadValueException {
    try {
      return switch (type) {
        case TIMESTAMP -> Texts.readTimestamp(bytes, start, length, zone);
        case DATETIME -> Texts.readDateTime(bytes, start, length, zone);
        case DATE -> Texts.readDate(bytes, start, length);
        default -> Texts.readTime(bytes, start, length);
      };
    } catch (DateTimeException e) {
      throw bad(shown(bytes, start, length) + " " + e.getMessage());
    }
  }

  /** Whether a text is a number and no date, which has a sign or a point elsewhere. */
  private static boolean isNumber(byte[] bytes, int start, int length) {
    int points = 0;
    for (int i = start; i < start + length; i++) {
      points += bytes[i] == '.' ? 1 : 0;
      boolean sign = i == start && bytes[i] == '-' && length > 1;
      if (!sign && bytes[i] != '.' && (bytes[i] < '0' || bytes[i] > '9')) {
        return false;
      }
    }
    return length > points && points < 2;
  }

  private static long micros(byte[] bytes, int start, int length, long unitMicros)
      throws BadValueException {
    for (int i = start; i < start + length; i++) {
      if (bytes[i] == '.') {
        return fraction(bytes, start, length, unitMicros);
      }
    }
    return micros(integer(bytes, start, length), unitMicros);
  }

  /** Only where it is exact. */
  private static long fraction(byte[] bytes, int start, int length, long unitMicros)
      throws BadValueException {
    try {
      if (length <= MOST_OF_A_MOMENT) {
        return new BigDecimal(new String(bytes, start, length, StandardCharsets.US_ASCII))
            .multiply(BigDecimal.valueOf(unitMicros))
            .longValueExact();
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw bad(shown(bytes, start, length) + " is no moment that is exact to the microsecond");
    }
    throw bad(shown(bytes, start, length) + " is no moment");
  }

  /**
   * A number since 1970 as a TIMESTAMP.
   *
   * @param unitMicros how many microseconds one is of what it counts
   * @throws BadValueException when it is too large
   */
  public static long micros(long value, long unitMicros) throws BadValueException {
    try {
      long micros = Math.multiplyExact(value, unitMicros);
      if (micros != Calendars.ZERO_TIMESTAMP) {
        return micros;
      }
    } catch (ArithmeticException e) {
      throw bad(value + " is too large a time since 1970 (timeStampUnit)");
    }
    throw bad(value + " is too large a time since 1970 (timeStampUnit)");
  }

  /** The value as it is shown of a bad one. */
  static String shown(byte[] bytes, int start, int length) {
    String text =
        new String(bytes, start, Math.min(length, 60), StandardCharsets.UTF_8)
            .replaceAll("\\p{Cntrl}", " ");
    return "'" + Sensitive.mark(text + (length > 60 ? "…" : "")) + "'";
  }

  static BadValueException bad(String message) {
    return new BadValueException("BAD_VALUE", message);
  }

  private static boolean bool(byte[] bytes, int start, int length) throws BadValueException {
    if (matches(bytes, start, length, "true") || matches(bytes, start, length, "1")) {
      return true;
    }
    if (matches(bytes, start, length, "false") || matches(bytes, start, length, "0")) {
      return false;
    }
    throw bad(shown(bytes, start, length) + " is neither true nor false");
  }

  private static boolean matches(byte[] bytes, int start, int length, String word) {
    if (length != word.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (Character.toLowerCase((char) (bytes[start + i] & 0xFF)) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static long integer(byte[] bytes, int start, int length) throws BadValueException {
    boolean negative = length > 0 && bytes[start] == '-';
    int at = negative || length > 0 && bytes[start] == '+' ? start + 1 : start;
    int end = start + length;
    long value = 0;
    boolean fits = at < end;
    // Counts downwards, since the lowest number has no positive counterpart.
    for (; at < end && fits; at++) {
      int digit = bytes[at] - '0';
      fits =
          digit >= 0
              && digit <= 9
              && (value > Long.MIN_VALUE / 10
                  || value == Long.MIN_VALUE / 10 && digit <= -(Long.MIN_VALUE % 10));
      value = value * 10 - digit;
    }
    if (!fits || !negative && value == Long.MIN_VALUE) {
      throw bad(shown(bytes, start, length) + " is not a whole number of 64 bits");
    }
    return negative ? value : -value;
  }

  private static double real(byte[] bytes, int start, int length) throws BadValueException {
    double value;
    boolean plain = true;
    boolean zero = true;
    for (int i = start; i < start + length && plain; i++) {
      byte b = bytes[i];
      boolean digit = b >= '0' && b <= '9';
      plain = digit || b == '+' || b == '-' || b == '.' || b == 'e' || b == 'E' || b == ' ';
      zero &= !digit || b == '0';
    }
    String text = new String(bytes, start, length, StandardCharsets.US_ASCII);
    // Java's own suffixes and hex digits are no one else's.
    if (!plain && !text.equals("NaN") && !text.endsWith("Infinity")) {
      throw bad(shown(bytes, start, length) + " is not a number");
    }
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw bad(shown(bytes, start, length) + " is not a number");
    }
    if (plain && (Double.isInfinite(value) || value == 0 && !zero && !isZero(text))) {
      throw bad(shown(bytes, start, length) + " is beyond what 64 bits can hold");
    }
    if (RealText.losesDigits(value, 64, text.strip())) {
      throw bad(
          shown(bytes, start, length)
              + " has more digits than a double holds: give the column the type long or decimal");
    }
    return value;
  }

  /** Whether the digits before the exponent are zeros. */
  private static boolean isZero(String text) {
    return text.matches(" *[+-]?[0.]*([eE].*)?");
  }

  private static void decimal(DecimalColumn column, byte[] bytes, int start, int length)
      throws BadValueException {
    if (isPlain(bytes, start, length)) {
      column.appendText(bytes, start, length);
      return;
    }
    try {
      BigDecimal value =
          new BigDecimal(new String(bytes, start, length, StandardCharsets.US_ASCII));
      if (Math.abs((long) value.scale()) + value.precision() > MOST_DIGITS) {
        throw bad(shown(bytes, start, length) + " has more than " + MOST_DIGITS + " digits");
      }
      column.append(value.scale() < 0 ? value.setScale(0) : value);
    } catch (NumberFormatException e) {
      throw bad(shown(bytes, start, length) + " is not a decimal number");
    }
  }

  private static boolean isPlain(byte[] bytes, int start, int length) {
    int end = start + length;
    int at = length > 0 && bytes[start] == '-' ? start + 1 : start;
    int digits = 0;
    int points = 0;
    for (; at < end; at++) {
      if (bytes[at] == '.') {
        points++;
      } else if (bytes[at] >= '0' && bytes[at] <= '9') {
        digits++;
      } else {
        return false;
      }
    }
    return digits > 0 && digits <= MOST_DIGITS && points <= 1 && bytes[end - 1] != '.';
  }

  private static byte[] base64(byte[] bytes, int start, int length) throws BadValueException {
    byte[] decoded = exactBase64(Arrays.copyOfRange(bytes, start, start + length));
    if (decoded == null) {
      throw bad(shown(bytes, start, length) + " is not Base64");
    }
    return decoded;
  }

  /**
   * What Base64 stands for; null when it is none, or when its last digit has bits that belong to no
   * byte, which Java would drop.
   */
  public static byte @Nullable [] exactBase64(byte[] text) {
    int digits = text.length;
    while (digits > 0 && text[digits - 1] == '=') {
      digits--;
    }
    int spare = digits % 4 == 2 ? 4 : digits % 4 == 3 ? 2 : 0;
    if (spare > 0) {
      int last = BASE64_DIGITS.indexOf(text[digits - 1]);
      if (last < 0 || (last & (1 << spare) - 1) != 0) {
        return null;
      }
    }
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
