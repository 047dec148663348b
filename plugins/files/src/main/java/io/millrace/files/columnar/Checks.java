package io.millrace.files.columnar;

import io.millrace.api.Sensitive;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.Field;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What columnar files cannot hold. Every method returns null, or why a value cannot be written as
 * it is. Stateless.
 */
public final class Checks {

  private static final long[] POWERS = new long[19];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  private Checks() {}

  /** Whether a whole number is within the bits that its column says. */
  public static @Nullable String integer(long value, Field field) {
    int bits = field.bits();
    if (bits >= 64 || bits <= 0) {
      return null;
    }
    boolean fits = field.unsigned() ? value >>> bits == 0 : value << -bits >> -bits == value;
    return fits
        ? null
        : Sensitive.mark(value) + " does not fit into the " + bits + " bits of its column";
  }

  /** Whether a number is a float. */
  public static @Nullable String single(double value) {
    return (float) value == value || Double.isNaN(value)
        ? null
        : value + " has more digits than a float holds";
  }

  /** Whether a time is one of the day. */
  public static @Nullable String timeOfDay(long micros) {
    return micros >= 0 && micros < Days.MICROS_PER_DAY
        ? null
        : "the file holds times of day, from 00:00:00 to 23:59:59.999999";
  }

  /** Whether a date is one of the calendar. */
  public static @Nullable String date(long packed) {
    return Days.isDay(packed) ? null : "no calendar has this day";
  }

  /** Whether a wall clock can show it. */
  public static @Nullable String dateTime(long packed) {
    return Days.isMoment(packed) ? null : "no calendar has this moment";
  }

  /** Whether it is an instant. */
  public static @Nullable String timestamp(long micros) {
    return micros == Calendars.ZERO_TIMESTAMP ? "0000-00-00 00:00:00 is no instant" : null;
  }

  /** Whether a decimal has no more digits than its column. */
  public static @Nullable String decimal(DecimalColumn column, int row, int precision, int scale) {
    if (!column.isWide(row)) {
      long unscaled = column.unscaled(row);
      boolean fits = precision >= POWERS.length || Math.abs(unscaled) < POWERS[precision];
      return fits ? null : tooWide(column.get(row), precision, scale);
    }
    BigDecimal value = column.get(row);
    try {
      return value.setScale(scale).precision() <= precision
          ? null
          : tooWide(value, precision, scale);
    } catch (ArithmeticException e) {
      return tooWide(value, precision, scale);
    }
  }

  private static String tooWide(BigDecimal value, int precision, int scale) {
    return Sensitive.mark(value.toPlainString())
        + " does not fit into decimal("
        + precision
        + ","
        + scale
        + ")";
  }
}
