package io.millrace.dist.replay;

import io.millrace.api.Counted;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.Field;
import io.millrace.api.record.RealText;
import io.millrace.api.record.RecordBatch;
import java.math.BigDecimal;
import java.time.YearMonth;
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
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]+");
  private static final Pattern REAL =
      Pattern.compile("NaN|-?(?:Infinity|[0-9]+(?:\\.[0-9]*)?(?:[eE][-+]?[0-9]+)?)");
  private static final int[] UNITS = {1_000_000, 100_000, 10_000, 1000, 100, 10, 1};
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
        case INT64 -> batch.longs(index).append(whole(text, field));
        case FLOAT64 -> batch.doubles(index).append(real(text, field));
        case DECIMAL -> batch.decimals(index).append(decimal(text, field));
        case STRING, JSON -> batch.bytes(index).append(text);
        case BYTES -> batch.bytes(index).append(bytes(text));
        case TIME -> batch.longs(index).append(scaled(time(text), field));
        case DATE -> batch.longs(index).append(date(text));
        case DATETIME -> {
          long packed = dateTime(text);
          scaled(Calendars.micro(packed), field);
          batch.longs(index).append(packed);
        }
        case TIMESTAMP -> batch.longs(index).append(scaled(timestamp(text), field));
      }
    } catch (NarrowException e) {
      throw new IllegalArgumentException("'" + shortened(text) + "' " + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "'" + shortened(text) + "' is not a value of type " + field.type(), e);
    }
  }

  /** A value of the type, but more than its column says that it holds. */
  private static final class NarrowException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    NarrowException(String message) {
      super(message);
    }
  }

  /** Within the bits of the column: a writer that trusts them would write another number. */
  private static long whole(String text, Field field) {
    if (!WHOLE.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    long value = field.unsigned() ? Long.parseUnsignedLong(text) : Long.parseLong(text);
    int bits = field.bits();
    boolean narrow = bits > 0 && bits < 64;
    boolean fits = field.unsigned() ? value >>> bits == 0 : value << -bits >> -bits == value;
    if (narrow && !fits) {
      throw new NarrowException(
          "does not fit into the " + Counted.of(bits, "bit", "bits") + " of the column");
    }
    return value;
  }

  private static double real(String text, Field field) {
    if (!REAL.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    double value = field.bits() == 32 ? Float.parseFloat(text) : Double.parseDouble(text);
    if (Double.isInfinite(value) && !text.endsWith("y")) {
      throw new NarrowException("is beyond what the column holds");
    }
    if (RealText.losesDigits(value, field.bits(), text)) {
      throw new NarrowException("has more digits than the column holds");
    }
    return value;
  }

  /** No more digits of a second than the column has; a micros count of any origin. */
  private static long scaled(long micros, Field field) {
    int scale = Math.max(0, Math.min(6, field.scale()));
    if (micros != Calendars.ZERO_TIMESTAMP && micros % UNITS[scale] != 0) {
      throw new NarrowException("has more digits of a second than the " + scale + " of the column");
    }
    return micros;
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
  private static BigDecimal decimal(String text, Field field) {
    if (!text.matches("-?\\d+(\\.\\d+)?")) {
      throw new IllegalArgumentException(text);
    }
    BigDecimal value = new BigDecimal(text);
    if (field.precision() == 0) {
      return value;
    }
    boolean fine = value.stripTrailingZeros().scale() > field.scale();
    boolean large = value.precision() - value.scale() > field.precision() - field.scale();
    if (fine || (large && value.signum() != 0)) {
      throw new NarrowException(
          "does not fit into decimal(" + field.precision() + "," + field.scale() + ")");
    }
    return value.setScale(field.scale());
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
    requireDay(parts);
    return Calendars.date(
        Integer.parseInt(parts.group(1)), bounded(parts.group(2), 12), bounded(parts.group(3), 31));
  }

  /**
   * By the rule of the readers of texts: zeros for a month or a day are taken, any other day has to
   * exist. MySQL may hold others, but a reader may just have found that this one does not exist.
   */
  private static void requireDay(Matcher parts) {
    int month = bounded(parts.group(2), 12);
    int day = bounded(parts.group(3), 31);
    if (month > 0
        && day > 0
        && day > YearMonth.of(Integer.parseInt(parts.group(1)), month).lengthOfMonth()) {
      throw new IllegalArgumentException(parts.group());
    }
  }

  private static long dateTime(String text) {
    Matcher parts = matched(DATE_TIME, text);
    requireDay(parts);
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
