package io.millrace.api.record;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The canonical text form of values: what dirty records, previews and comparisons show. It is
 * lossless for a given {@link Field} and does not depend on any locale or time zone.
 *
 * <ul>
 *   <li>BOOLEAN {@code true}/{@code false}; INT64 digits; FLOAT64 as {@link
 *       Double#toString(double)}
 *   <li>DECIMAL in plain notation; STRING and JSON as they are; BYTES as {@code 0x} and hex digits
 *   <li>TIME {@code [-]hh:mm:ss[.ffffff]}; DATE {@code yyyy-mm-dd}; DATETIME {@code yyyy-mm-dd
 *       hh:mm:ss[.ffffff]}; TIMESTAMP the same in UTC with a {@code Z} behind
 * </ul>
 *
 * <p>Its {@code read} methods are the other way round for dates and times that come as text: what
 * is written here they read, and what a connector's source has beside it.
 */
public final class Texts {

  private Texts() {}

  /** The value's canonical text, or null for NULL. */
  public static @Nullable String text(Column column, int row) {
    if (column.isNull(row)) {
      return null;
    }
    Field field = column.field();
    return switch (field.type()) {
      case BOOLEAN -> ((LongColumn) column).get(row) != 0 ? "true" : "false";
      case INT64 -> {
        long value = ((LongColumn) column).get(row);
        yield field.unsigned() ? Long.toUnsignedString(value) : Long.toString(value);
      }
      case FLOAT64 -> Double.toString(((DoubleColumn) column).get(row));
      case DECIMAL -> ((DecimalColumn) column).get(row).toPlainString();
      case STRING, JSON -> ((BytesColumn) column).getString(row);
      case BYTES -> "0x" + HexFormat.of().formatHex(((BytesColumn) column).get(row));
      case TIME -> time(((LongColumn) column).get(row), field.scale());
      case DATE -> date(((LongColumn) column).get(row));
      case DATETIME -> dateTime(((LongColumn) column).get(row), field.scale());
      case TIMESTAMP -> timestamp(((LongColumn) column).get(row), field.scale());
    };
  }

  /**
   * An instant as clocks in a zone show it: {@code yyyy-mm-dd hh:mm:ss}, with a fraction only where
   * there is one. This is what documents of DataX and DataWorks mean by a TIMESTAMP that becomes
   * text, see {@link io.millrace.api.TaskContext.Rules#isForeign}; everywhere else it is the
   * canonical text. Read in the same zone it is the same instant, but for the hour that comes twice
   * at the end of summer time, where the earlier one is meant.
   */
  public static String timestamp(long micros, ZoneId zone) {
    if (micros == Calendars.ZERO_TIMESTAMP) {
      return "0000-00-00 00:00:00";
    }
    StringBuilder text = wall(Calendars.toInstant(micros).atZone(zone).toLocalDateTime());
    return fraction(text, (int) Math.floorMod(micros, 1_000_000L), 0).toString();
  }

  /**
   * Reads a DATE: {@code 2026-11-24}, also with a time of {@code 00:00:00} behind it.
   *
   * @param bytes ASCII text, of which {@code length} bytes from {@code start} on count
   * @throws DateTimeException when it is none; the message goes on where the value was shown, such
   *     as "is not a date such as 2026-11-24"
   */
  public static long readDate(byte[] bytes, int start, int length) {
    return TemporalText.date(bytes, start, length);
  }

  /**
   * Reads a DATETIME: a date, also with {@code 12:34}, {@code 12:34:56} or {@code 12:34:56.789}
   * behind a blank or a {@code T}. At most six digits of a fraction count; further ones must be
   * zero. With {@code Z} or an offset behind, it is what clocks in the zone show then. Zeros for a
   * month or a day are taken, any other day has to exist.
   *
   * @param zone the task's
   * @throws DateTimeException as {@link #readDate}
   */
  public static long readDateTime(byte[] bytes, int start, int length, ZoneId zone) {
    return TemporalText.dateTime(bytes, start, length, zone);
  }

  /**
   * Reads a TIMESTAMP: the text of a DATETIME, with {@code Z} or an offset, or else of a clock in
   * the zone, see {@link Calendars#toInstant(LocalDateTime, ZoneId)}. {@code 0000-00-00 00:00:00}
   * is {@link Calendars#ZERO_TIMESTAMP}.
   *
   * @param zone the task's
   * @throws DateTimeException as {@link #readDate}
   */
  public static long readTimestamp(byte[] bytes, int start, int length, ZoneId zone) {
    return TemporalText.timestamp(bytes, start, length, zone);
  }

  /**
   * Reads a TIME as MySQL has it: {@code [-]hh:mm:ss[.ffffff]}, of any number of hours.
   *
   * @throws DateTimeException as {@link #readDate}
   */
  public static long readTime(byte[] bytes, int start, int length) {
    return TemporalText.time(bytes, start, length);
  }

  private static StringBuilder wall(LocalDateTime wall) {
    StringBuilder text = new StringBuilder(28);
    padded(text, wall.getYear(), 4).append('-');
    padded(text, wall.getMonthValue(), 2).append('-');
    padded(text, wall.getDayOfMonth(), 2).append(' ');
    padded(text, wall.getHour(), 2).append(':');
    padded(text, wall.getMinute(), 2).append(':');
    return padded(text, wall.getSecond(), 2);
  }

  private static String time(long micros, int scale) {
    long abs = Math.abs(micros);
    StringBuilder text = new StringBuilder(20);
    if (micros < 0) {
      text.append('-');
    }
    long seconds = abs / 1_000_000;
    padded(text, seconds / 3600, 2).append(':');
    padded(text, seconds / 60 % 60, 2).append(':');
    padded(text, seconds % 60, 2);
    return fraction(text, (int) (abs % 1_000_000), scale).toString();
  }

  private static String date(long packed) {
    StringBuilder text = new StringBuilder(10);
    return date(text, packed).toString();
  }

  private static StringBuilder date(StringBuilder text, long packed) {
    padded(text, Calendars.year(packed), 4).append('-');
    padded(text, Calendars.month(packed), 2).append('-');
    return padded(text, Calendars.day(packed), 2);
  }

  private static String dateTime(long packed, int scale) {
    StringBuilder text = new StringBuilder(26);
    date(text, packed).append(' ');
    padded(text, Calendars.hour(packed), 2).append(':');
    padded(text, Calendars.minute(packed), 2).append(':');
    padded(text, Calendars.second(packed), 2);
    return fraction(text, Calendars.micro(packed), scale).toString();
  }

  private static String timestamp(long micros, int scale) {
    if (micros == Calendars.ZERO_TIMESTAMP) {
      return "0000-00-00 00:00:00Z";
    }
    StringBuilder text = wall(LocalDateTime.ofInstant(Calendars.toInstant(micros), ZoneOffset.UTC));
    return fraction(text, (int) Math.floorMod(micros, 1_000_000L), scale).append('Z').toString();
  }

  private static StringBuilder fraction(StringBuilder text, int micro, int scale) {
    if (scale <= 0 && micro == 0) {
      return text;
    }
    text.append('.');
    int start = text.length();
    padded(text, micro, 6);
    // Digits beyond the scale are dropped only when they are zero: the text is lossless.
    int end = start + 6;
    while (end > start + Math.max(1, scale) && text.charAt(end - 1) == '0') {
      end--;
    }
    text.setLength(end);
    return text;
  }

  private static StringBuilder padded(StringBuilder text, long value, int width) {
    if (value < 0) {
      text.append('-');
      value = -value;
    }
    String digits = Long.toString(value);
    for (int i = digits.length(); i < width; i++) {
      text.append('0');
    }
    return text.append(digits);
  }
}
