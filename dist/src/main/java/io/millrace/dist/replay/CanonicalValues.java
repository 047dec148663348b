package io.millrace.dist.replay;

import io.millrace.api.record.Calendars;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns the canonical text of {@link io.millrace.api.record.Texts} back into values. */
final class CanonicalValues {

  private static final String DATE_PATTERN = "(-?\\d{1,6})-(\\d{2})-(\\d{2})";
  private static final Pattern DATE = Pattern.compile(DATE_PATTERN);
  private static final Pattern DATE_TIME =
      Pattern.compile(DATE_PATTERN + "[ T](\\d{2}):(\\d{2}):(\\d{2})(?:\\.(\\d{1,6}))?");
  private static final Pattern TIME =
      Pattern.compile("(-?)(\\d{1,4}):(\\d{2}):(\\d{2})(?:\\.(\\d{1,6}))?");

  private CanonicalValues() {}

  /**
   * Appends one value.
   *
   * @throws IllegalArgumentException with a message that says what the text should have been
   */
  static void append(RecordBatch batch, int index, @Nullable String text) {
    Field field = batch.schema().field(index);
    if (text == null) {
      batch.column(index).appendNull();
      return;
    }
    try {
      switch (field.type()) {
        case BOOLEAN -> batch.longs(index).append(bool(text));
        case INT64 ->
            batch
                .longs(index)
                .append(field.unsigned() ? Long.parseUnsignedLong(text) : Long.parseLong(text));
        case FLOAT64 -> batch.doubles(index).append(Double.parseDouble(text));
        case DECIMAL -> batch.decimals(index).append(decimal(text));
        case STRING, JSON -> batch.bytes(index).append(text);
        case BYTES -> batch.bytes(index).append(bytes(text));
        case TIME -> batch.longs(index).append(time(text));
        case DATE -> batch.longs(index).append(date(text));
        case DATETIME -> batch.longs(index).append(dateTime(text));
        case TIMESTAMP -> batch.longs(index).append(timestamp(text));
      }
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "'" + shortened(text) + "' is not a value of type " + field.type(), e);
    }
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  private static long bool(String text) {
    return switch (text) {
      case "true", "1" -> 1;
      case "false", "0" -> 0;
      default -> throw new IllegalArgumentException(text);
    };
  }

  /** Plain notation only: a few characters with an exponent can be a value of gigabytes. */
  private static BigDecimal decimal(String text) {
    if (!text.matches("-?\\d+(\\.\\d+)?")) {
      throw new IllegalArgumentException(text);
    }
    return new BigDecimal(text);
  }

  private static byte[] bytes(String text) {
    if (!text.startsWith("0x")) {
      throw new IllegalArgumentException(text);
    }
    return HexFormat.of().parseHex(text, 2, text.length());
  }

  private static long time(String text) {
    Matcher parts = matched(TIME, text);
    long seconds =
        Long.parseLong(parts.group(2)) * 3600
            + bounded(parts.group(3), 59) * 60L
            + bounded(parts.group(4), 59);
    long micros = seconds * 1_000_000 + micros(parts.group(5));
    return parts.group(1).isEmpty() ? micros : -micros;
  }

  private static long date(String text) {
    Matcher parts = matched(DATE, text);
    return Calendars.date(
        Integer.parseInt(parts.group(1)), bounded(parts.group(2), 12), bounded(parts.group(3), 31));
  }

  private static long dateTime(String text) {
    Matcher parts = matched(DATE_TIME, text);
    return Calendars.dateTime(
        Integer.parseInt(parts.group(1)),
        bounded(parts.group(2), 12),
        bounded(parts.group(3), 31),
        bounded(parts.group(4), 23),
        bounded(parts.group(5), 59),
        bounded(parts.group(6), 59),
        micros(parts.group(7)));
  }

  private static long timestamp(String text) {
    if (!text.endsWith("Z")) {
      throw new IllegalArgumentException(text);
    }
    long wall = dateTime(text.substring(0, text.length() - 1));
    if (Calendars.year(wall) == 0 && Calendars.month(wall) == 0 && Calendars.day(wall) == 0) {
      return Calendars.ZERO_TIMESTAMP;
    }
    return Calendars.timestamp(Calendars.toLocalDateTime(wall).toInstant(java.time.ZoneOffset.UTC));
  }

  private static Matcher matched(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    return matcher;
  }

  private static int bounded(String digits, int most) {
    int value = Integer.parseInt(digits);
    if (value > most) {
      throw new IllegalArgumentException(digits);
    }
    return value;
  }

  private static int micros(@Nullable String fraction) {
    return fraction == null ? 0 : Integer.parseInt((fraction + "00000").substring(0, 6));
  }
}
