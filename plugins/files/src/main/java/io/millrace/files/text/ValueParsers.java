package io.millrace.files.text;

import io.millrace.api.Sensitive;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.RealText;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The parsers for every type of column. Stateless. */
final class ValueParsers {

  static final String NOT_UTF8 =
      "holds bytes that are no text in the file's encoding: is 'encoding' right?";

  private static final String EXACT = ": give the column the type long or decimal";
  private static final String BASE64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  private ValueParsers() {}

  /**
   * The parser for a column.
   *
   * @param format the user's own form of dates and times, or of bytes; null for the usual ones
   * @throws IllegalArgumentException when the format does not suit the type
   */
  static ValueParser of(Field field, @Nullable String format, ZoneId zone) {
    return switch (field.type()) {
      case STRING -> ValueParsers::string;
      case JSON -> ValueParsers::json;
      case BYTES -> bytes(format);
      case INT64 -> integer(field);
      case BOOLEAN -> ValueParsers::bool;
      case FLOAT64 -> field.bits() == 32 ? ValueParsers::single : ValueParsers::real;
      case DECIMAL -> decimal(field);
      case DATE, DATETIME, TIME, TIMESTAMP -> TemporalParsers.of(field, format, zone);
    };
  }

  static String shown(byte[] bytes, int offset, int length) {
    String text = new String(bytes, offset, Math.min(length, 100), StandardCharsets.UTF_8);
    return "'" + Sensitive.mark(text + (length > 100 ? "…" : "")) + "'";
  }

  private static @Nullable String string(byte[] bytes, int offset, int length, Object into) {
    if (!Utf8.isValid(bytes, offset, length)) {
      return NOT_UTF8;
    }
    ((BytesColumn) into).append(bytes, offset, length);
    return null;
  }

  private static @Nullable String json(byte[] bytes, int offset, int length, Object into) {
    if (!Utf8.isValid(bytes, offset, length)) {
      return NOT_UTF8;
    }
    String wrong = JsonText.wrong(bytes, offset, length);
    if (wrong != null) {
      return shown(bytes, offset, length) + " is no JSON: " + wrong;
    }
    ((BytesColumn) into).append(bytes, offset, length);
    return null;
  }

  private static ValueParser bytes(@Nullable String format) {
    String form = format == null ? "base64" : format.toLowerCase(Locale.ROOT);
    return switch (form) {
      case "base64" -> ValueParsers::base64;
      case "hex" -> ValueParsers::hex;
      case "text" ->
          (bytes, offset, length, into) -> {
            ((BytesColumn) into).append(bytes, offset, length);
            return null;
          };
      default ->
          throw new IllegalArgumentException(
              "format '" + format + "' is not one of base64, hex, text");
    };
  }

  private static @Nullable String base64(byte[] bytes, int offset, int length, Object into) {
    try {
      byte[] text = Arrays.copyOfRange(bytes, offset, offset + length);
      byte[] value = Base64.getDecoder().decode(text);
      if (hasBitsLeft(text)) {
        return shown(bytes, offset, length)
            + " is not base64: its last character has bits that no byte holds, so it was cut off";
      }
      ((BytesColumn) into).append(value);
      return null;
    } catch (IllegalArgumentException e) {
      return shown(bytes, offset, length) + " is not base64";
    }
  }

  /** Whether something would be left out of a text in base64, which the JDK passes over. */
  private static boolean hasBitsLeft(byte[] text) {
    int end = text.length;
    while (end > 0 && text[end - 1] == '=') {
      end--;
    }
    int sextet = end == 0 ? 0 : BASE64.indexOf(text[end - 1]);
    return (end % 4 == 2 && (sextet & 0xf) != 0) || (end % 4 == 3 && (sextet & 0x3) != 0);
  }

  private static @Nullable String hex(byte[] bytes, int offset, int length, Object into) {
    try {
      String text = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
      String digits = text.startsWith("0x") || text.startsWith("0X") ? text.substring(2) : text;
      ((BytesColumn) into).append(HexFormat.of().parseHex(digits));
      return null;
    } catch (IllegalArgumentException e) {
      return shown(bytes, offset, length) + " is not made of hex digits";
    }
  }

  private static ValueParser integer(Field field) {
    return field.unsigned() ? unsigned(field.bits()) : signed(field.bits());
  }

  private static ValueParser signed(int bits) {
    long max = bits >= 64 ? Long.MAX_VALUE : (1L << (bits - 1)) - 1;
    return (bytes, offset, length, into) -> {
      int at = offset;
      int end = offset + length;
      boolean negative = length > 0 && bytes[at] == '-';
      if (negative || (length > 0 && bytes[at] == '+')) {
        at++;
      }
      if (at == end) {
        return shown(bytes, offset, length) + " is not a whole number";
      }
      // Below zero, where there is one more.
      long value = 0;
      long least = negative ? -max - 1 : -max;
      for (; at < end; at++) {
        int digit = bytes[at] - '0';
        if (digit < 0 || digit > 9) {
          return shown(bytes, offset, length) + " is not a whole number";
        }
        if (value < least / 10 || value * 10 < least + digit) {
          return shown(bytes, offset, length) + " does not fit into " + bits + " bits";
        }
        value = value * 10 - digit;
      }
      ((LongColumn) into).append(negative ? value : -value);
      return null;
    };
  }

  private static ValueParser unsigned(int bits) {
    long max = bits >= 64 ? -1L : (1L << bits) - 1;
    long tenth = Long.divideUnsigned(max, 10);
    return (bytes, offset, length, into) -> {
      if (length == 0) {
        return "'' is not a whole number";
      }
      long value = 0;
      for (int at = offset; at < offset + length; at++) {
        int digit = bytes[at] - '0';
        if (digit < 0 || digit > 9) {
          return shown(bytes, offset, length) + " is not a whole number from 0";
        }
        if (Long.compareUnsigned(value, tenth) > 0
            || Long.compareUnsigned(value * 10, max - digit) > 0) {
          return shown(bytes, offset, length) + " does not fit into " + bits + " unsigned bits";
        }
        value = value * 10 + digit;
      }
      ((LongColumn) into).append(value);
      return null;
    };
  }

  private static @Nullable String bool(byte[] bytes, int offset, int length, Object into) {
    String text = new String(bytes, offset, Math.min(length, 6), StandardCharsets.ISO_8859_1);
    boolean yes = text.equalsIgnoreCase("true") || text.equals("1");
    if (!yes && !text.equalsIgnoreCase("false") && !text.equals("0")) {
      return shown(bytes, offset, length) + " is neither true nor false";
    }
    ((LongColumn) into).append(yes ? 1 : 0);
    return null;
  }

  private static @Nullable String single(byte[] bytes, int offset, int length, Object into) {
    try {
      String text = number(bytes, offset, length);
      float value = Float.parseFloat(text);
      if (isBeyond(value, bytes, offset, length)) {
        return shown(bytes, offset, length) + " is beyond what a float holds";
      }
      if (RealText.losesDigits(value, 32, text)) {
        return shown(bytes, offset, length) + " has more digits than a float holds" + EXACT;
      }
      ((DoubleColumn) into).append(value);
      return null;
    } catch (NumberFormatException e) {
      return shown(bytes, offset, length) + " is not a number";
    }
  }

  private static @Nullable String real(byte[] bytes, int offset, int length, Object into) {
    double quick = Doubles.parse(bytes, offset, length);
    if (!Double.isNaN(quick)) {
      ((DoubleColumn) into).append(quick);
      return null;
    }
    try {
      String text = number(bytes, offset, length);
      double value = Double.parseDouble(text);
      if (isBeyond(value, bytes, offset, length)) {
        return shown(bytes, offset, length) + " is beyond what a double holds";
      }
      if (RealText.losesDigits(value, 64, text)) {
        return shown(bytes, offset, length) + " has more digits than a double holds" + EXACT;
      }
      ((DoubleColumn) into).append(value);
      return null;
    } catch (NumberFormatException e) {
      return shown(bytes, offset, length) + " is not a number";
    }
  }

  /** Whether a number became infinite, or one that is not zero became zero. */
  private static boolean isBeyond(double value, byte[] bytes, int offset, int length) {
    if (Double.isInfinite(value)) {
      return Character.isDigit(bytes[offset + length - 1]);
    }
    for (int i = offset; value == 0 && i < offset + length; i++) {
      if (bytes[i] == 'e' || bytes[i] == 'E') {
        return false;
      }
      if (bytes[i] >= '1' && bytes[i] <= '9') {
        return true;
      }
    }
    return false;
  }

  /**
   * What {@link Double#parseDouble} would take but a file never means: {@code 1d}, {@code 0x1p3}.
   */
  private static String number(byte[] bytes, int offset, int length) {
    String text = new String(bytes, offset, Math.min(length, 2000), StandardCharsets.ISO_8859_1);
    if (length == 0 || length > 2000) {
      throw new NumberFormatException();
    }
    char last = text.charAt(length - 1);
    boolean special = last == 'N' || last == 'y';
    if (text.indexOf('x') >= 0
        || text.indexOf('X') >= 0
        || (!special && Character.isLetter(last))) {
      throw new NumberFormatException();
    }
    if (text.charAt(0) <= ' ' || last <= ' ') {
      throw new NumberFormatException();
    }
    return text;
  }

  private static ValueParser decimal(Field field) {
    int scale = field.scale();
    int precision = field.precision();
    return (bytes, offset, length, into) -> {
      int at = offset;
      int end = offset + length;
      if (length > 0 && (bytes[at] == '-' || bytes[at] == '+')) {
        at++;
      }
      int digits = 0;
      int point = -1;
      int firstDigit = at;
      while (at < end && bytes[at] == '0') {
        at++;
      }
      int significant = at;
      for (; at < end; at++) {
        byte b = bytes[at];
        if (b == '.' && point < 0) {
          point = at;
        } else if (b >= '0' && b <= '9') {
          digits++;
        } else {
          return decimalWithExponent(bytes, offset, length, field, (DecimalColumn) into);
        }
      }
      if (digits == 0 && significant == firstDigit) {
        return shown(bytes, offset, length) + " is not a number";
      }
      int fraction = point < 0 ? 0 : end - point - 1;
      int whole = digits - fraction;
      if (precision > 0 && whole > precision - scale) {
        return shown(bytes, offset, length) + " does not fit into " + named(field);
      }
      if (fraction != scale || bytes[offset] == '+' || point == end - 1 || point == firstDigit) {
        return decimalWithExponent(bytes, offset, length, field, (DecimalColumn) into);
      }
      ((DecimalColumn) into).appendText(bytes, offset, length);
      return null;
    };
  }

  private static String named(Field field) {
    return "decimal(" + field.precision() + "," + field.scale() + ")";
  }

  /** The slow way, for anything that is not plain digits at the column's scale. */
  private static @Nullable String decimalWithExponent(
      byte[] bytes, int offset, int length, Field field, DecimalColumn into) {
    BigDecimal value;
    try {
      if (length > 400) {
        throw new NumberFormatException();
      }
      value = new BigDecimal(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
    } catch (NumberFormatException e) {
      return shown(bytes, offset, length) + " is not a number";
    }
    if (Math.abs((long) value.scale()) > 400) {
      return shown(bytes, offset, length) + " is beyond what a decimal holds";
    }
    if (field.precision() > 0) {
      if (value.stripTrailingZeros().scale() > field.scale()
          || value.precision() - value.scale() > field.precision() - field.scale()) {
        return shown(bytes, offset, length) + " does not fit into " + named(field);
      }
      value = value.setScale(field.scale());
    }
    into.append(value);
    return null;
  }
}
