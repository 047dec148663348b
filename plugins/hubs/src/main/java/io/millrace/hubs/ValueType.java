package io.millrace.hubs;

import io.millrace.api.Sensitive;
import io.millrace.api.TaskForm;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.RealText;
import io.millrace.api.record.Texts;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;

/** What the bytes of a value are to be read as. */
public enum ValueType {
  STRING(ColumnType.STRING),
  LONG(ColumnType.INT64),
  DOUBLE(ColumnType.FLOAT64),
  /** Within the precision and scale of the column. */
  DECIMAL(ColumnType.DECIMAL),
  BOOLEAN(ColumnType.BOOLEAN),
  /** Kept as it is, once it has been seen to be JSON. */
  JSON(ColumnType.JSON),
  /** Kept as they are. */
  BYTES(ColumnType.BYTES),
  /** {@code 2026-11-21}. */
  DATE(ColumnType.DATE),
  /**
   * {@code 2026-11-21 13:14:15[.fraction]}, wall clock; with an offset, shown in the task's zone.
   */
  DATETIME(ColumnType.DATETIME),
  /** {@code 13:14:15[.fraction]}. */
  TIME(ColumnType.TIME),
  /**
   * Seconds since 1970, also with a fraction, or the text of a DATETIME, which without an offset is
   * in the task's zone.
   */
  TIMESTAMP(ColumnType.TIMESTAMP),
  /** The same, in which a number counts milliseconds. */
  TIMESTAMP_MILLIS(ColumnType.TIMESTAMP),
  /** The same, in which a number counts microseconds. */
  TIMESTAMP_MICROS(ColumnType.TIMESTAMP),
  /** Seconds since 1970, also with a fraction. */
  SECONDS(ColumnType.TIMESTAMP),
  /** Milliseconds since 1970. */
  MILLIS(ColumnType.TIMESTAMP),
  /** Microseconds since 1970. */
  MICROS(ColumnType.TIMESTAMP);

  private static final BigDecimal MICROS_PER_SECOND = BigDecimal.valueOf(1_000_000);
  private static final int SHOWN = 100;
  private static final int MAX_DIGITS = 200;

  private final ColumnType columnType;

  ValueType(ColumnType columnType) {
    this.columnType = columnType;
  }

  /** The type of the column that holds it. */
  public ColumnType columnType() {
    return columnType;
  }

  /**
   * The type of this name, in any case.
   *
   * @param form in documents of DataX and DataWorks a {@code date} may have a time of day
   */
  static ValueType named(String name, TaskForm form) {
    String word = name.strip().toUpperCase(Locale.ROOT);
    if (word.equals("DATE") && form != TaskForm.OWN) {
      return DATETIME;
    }
    for (ValueType type : values()) {
      if (type.name().equals(word) && word.indexOf('_') < 0) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "type '"
            + name
            + "' is not one of string, long, double, decimal(p,s), boolean, json, bytes, date,"
            + " datetime, time, timestamp, seconds, millis, micros");
  }

  /**
   * Appends a value.
   *
   * @param zone the task's
   * @throws BadValueException when the bytes are no such value; nothing is appended then
   */
  public void append(Column column, byte[] value, ZoneId zone) throws BadValueException {
    try {
      switch (this) {
        case STRING -> {
          requireUtf8(value);
          ((BytesColumn) column).append(value);
        }
        case BYTES -> ((BytesColumn) column).append(value);
        case JSON -> {
          JsonText.check(text(value));
          ((BytesColumn) column).append(value);
        }
        case LONG -> ((LongColumn) column).append(whole(text(value), column.field().bits()));
        case DOUBLE -> {
          String text = text(value).strip();
          int bits = column.field().bits();
          double number = number(text, bits);
          if (RealText.losesDigits(number, bits, text)) {
            throw new BadValueException(
                "NOT_DOUBLE",
                "'"
                    + shown(value)
                    + "' has more digits than a double holds: give the column the type long or"
                    + " decimal");
          }
          ((DoubleColumn) column).append(number);
        }
        case DECIMAL -> {
          BigDecimal decimal = decimal(text(value).strip(), column.field());
          ((DecimalColumn) column).append(decimal);
        }
        case BOOLEAN -> ((LongColumn) column).append(bool(text(value)) ? 1 : 0);
        case DATE, DATETIME, TIME, TIMESTAMP, TIMESTAMP_MILLIS, TIMESTAMP_MICROS ->
            ((LongColumn) column).append(temporal(text(value).strip(), zone));
        case SECONDS ->
            ((LongColumn) column).append(moment(micros(text(value).strip(), MICROS_PER_SECOND)));
        case MILLIS ->
            ((LongColumn) column).append(Math.multiplyExact(whole(text(value), 64), 1000));
        case MICROS -> ((LongColumn) column).append(moment(whole(text(value), 64)));
      }
    } catch (NumberFormatException | ArithmeticException | DateTimeException e) {
      String type = name().replaceFirst("_.*", "");
      throw new BadValueException(
          "NOT_" + type, "'" + shown(value) + "' is not a " + type.toLowerCase(Locale.ROOT));
    }
  }

  private static long whole(String text, int bits) {
    long number = Long.parseLong(text.strip());
    if (bits < 64 && (number >> (bits - 1)) != (number >> 63)) {
      throw new NumberFormatException("out of range");
    }
    return number;
  }

  private static double number(String text, int bits) {
    // Java's own suffixes and hex digits are no one else's.
    boolean plain =
        text.chars().allMatch(c -> c >= '0' && c <= '9' || "+-.eE".indexOf(c) >= 0)
            || text.equals("NaN")
            || text.endsWith("Infinity");
    if (!plain) {
      throw new NumberFormatException("not plain");
    }
    double value = bits == 32 ? Float.parseFloat(text) : Double.parseDouble(text);
    boolean isText = text.equals("NaN") || text.endsWith("Infinity");
    if (!isText && (Double.isInfinite(value) || value == 0 && !isZero(text))) {
      throw new NumberFormatException("out of range");
    }
    return value;
  }

  /** Whether the digits before an exponent are zeros. */
  private static boolean isZero(String text) {
    for (int i = 0; i < text.length() && "eE".indexOf(text.charAt(i)) < 0; i++) {
      if (text.charAt(i) >= '1' && text.charAt(i) <= '9') {
        return false;
      }
    }
    return true;
  }

  /** A precision of 0 stands for any. */
  private static BigDecimal decimal(String text, Field field) {
    if (text.length() > MAX_DIGITS) {
      throw new NumberFormatException("too long");
    }
    BigDecimal decimal = new BigDecimal(text);
    // Written out, a large exponent would take memory without end.
    if (Math.abs((long) decimal.scale()) > MAX_DIGITS) {
      throw new NumberFormatException("too large an exponent");
    }
    if (field.precision() == 0) {
      return decimal.scale() < 0 ? decimal.setScale(0) : decimal;
    }
    BigDecimal scaled = decimal.setScale(field.scale(), RoundingMode.UNNECESSARY);
    if (scaled.precision() > field.precision()) {
      throw new NumberFormatException("too many digits");
    }
    return scaled;
  }

  private static boolean bool(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new NumberFormatException("neither true nor false");
    };
  }

  private long temporal(String text, ZoneId zone) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return switch (this) {
      case DATE -> valid(Texts.readDate(bytes, 0, bytes.length));
      case DATETIME -> valid(Texts.readDateTime(bytes, 0, bytes.length, zone));
      case TIME -> Texts.readTime(bytes, 0, bytes.length);
      default -> isDate(text) ? date(text, zone) : moment(micros(text, unit()));
    };
  }

  /**
   * The TIMESTAMP that a text stands for which is written to a field that counts microseconds: the
   * number itself, or the text of a DATETIME, which without an offset is in the zone.
   *
   * @param zone the task's
   * @throws NumberFormatException when it is neither
   * @throws DateTimeException when it is no such day or time
   */
  public static long micros(String text, ZoneId zone) {
    String stripped = text.strip();
    return isDate(stripped) ? date(stripped, zone) : moment(Long.parseLong(stripped));
  }

  /** A number has no sign but at its beginning, since it has no exponent here. */
  private static boolean isDate(String text) {
    return text.indexOf('-', 1) > 0;
  }

  private static long date(String text, ZoneId zone) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return moment(Texts.readTimestamp(bytes, 0, bytes.length, zone));
  }

  /** No store of logs has zeros for what is not known. */
  private static long valid(long packed) {
    if (!Calendars.isValid(packed)) {
      throw new DateTimeException("no day of a calendar");
    }
    return packed;
  }

  private static long moment(long micros) {
    if (micros == Calendars.ZERO_TIMESTAMP) {
      throw new DateTimeException("no moment");
    }
    return micros;
  }

  private BigDecimal unit() {
    return switch (this) {
      case TIMESTAMP_MILLIS -> BigDecimal.valueOf(1000);
      case TIMESTAMP_MICROS -> BigDecimal.ONE;
      default -> MICROS_PER_SECOND;
    };
  }

  private static long micros(String text, BigDecimal unit) {
    if (text.length() > 40) {
      throw new NumberFormatException("too long");
    }
    if (text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
      throw new NumberFormatException("an exponent");
    }
    return new BigDecimal(text).multiply(unit).longValueExact();
  }

  static String text(byte[] value) throws BadValueException {
    requireUtf8(value);
    return new String(value, StandardCharsets.UTF_8);
  }

  private static void requireUtf8(byte[] value) throws BadValueException {
    int i = 0;
    while (i < value.length && value[i] >= 0) {
      i++;
    }
    if (i == value.length) {
      return;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value, i, value.length - i));
    } catch (CharacterCodingException e) {
      throw new BadValueException(
          "NOT_UTF8", "the value is not UTF-8 text; read the column as type bytes");
    }
  }

  private static String shown(byte[] value) {
    String text = new String(value, 0, Math.min(value.length, SHOWN), StandardCharsets.UTF_8);
    return Sensitive.mark(value.length > SHOWN ? text + "…" : text);
  }
}
