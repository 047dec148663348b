package io.millrace.files.columnar;

import io.millrace.api.Sensitive;
import io.millrace.api.TaskContext;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.columnar.Conversions.Converter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Columns of files that hold less than the source's: digits behind the point or of a second, the
 * time of a date. Stateless.
 */
final class Narrowed {

  /** Doubles of this size and above are whole numbers: 2 to the power of 53. */
  private static final double WHOLE_FROM = 9_007_199_254_740_992.0;

  private static final long[] MICROS = {1_000_000, 100_000, 10_000, 1000, 100, 10, 1};

  private Narrowed() {}

  /** Whether values would be changed that are none the less taken. */
  static boolean narrows(Field from, Field to) {
    ColumnType type = from.type();
    boolean moment = type == ColumnType.DATETIME || type == ColumnType.TIMESTAMP;
    return switch (to.type()) {
      case DECIMAL ->
          (type == ColumnType.DECIMAL && from.scale() > to.scale()) || type == ColumnType.FLOAT64;
      case INT64 -> (type == ColumnType.DECIMAL && from.scale() > 0) || type == ColumnType.FLOAT64;
      case DATE -> moment;
      case TIME -> type == ColumnType.TIME && from.scale() > to.scale();
      case DATETIME, TIMESTAMP -> moment && from.scale() > to.scale();
      default -> false;
    };
  }

  static String named(Field field) {
    String name = field.type().name().toLowerCase(Locale.ROOT);
    return switch (field.type()) {
      case DECIMAL -> name + "(" + field.precision() + "," + field.scale() + ")";
      case TIME, DATETIME, TIMESTAMP -> name + "(" + field.scale() + ")";
      default -> name;
    };
  }

  /** Values that stay what they are, or are dirty. */
  static Converter exact(Field from, Field to, Converter exact, TaskContext task) {
    boolean toDate = to.type() == ColumnType.DATE && NarrowChecks.isTime(from.type());
    if (!toDate) {
      return exact;
    }
    return (value, into) -> {
      try {
        long packed = wall(((LongColumn) value).get(0), from, task);
        if (packed != day(packed)) {
          return "has a time of day, which a date does not hold";
        }
        ((LongColumn) into).append(packed);
        return null;
      } catch (DateTimeException | ArithmeticException e) {
        return "no calendar has this moment";
      }
    };
  }

  /**
   * Values that are rounded half up, and moments that lose their time of day, where they must.
   *
   * @param changed counts those that are other values then
   */
  static Converter rounding(
      Field from, Field to, Converter exact, TaskContext task, LongAdder changed) {
    return switch (to.type()) {
      case DECIMAL ->
          (value, into) -> {
            BigDecimal number = number(value);
            if (number == null) {
              return "is no number";
            }
            BigDecimal rounded = number.setScale(to.scale(), RoundingMode.HALF_UP);
            if (to.precision() > 0 && rounded.precision() > to.precision()) {
              return Sensitive.mark(number.toPlainString()) + " does not fit into " + named(to);
            }
            ((DecimalColumn) into).append(rounded);
            count(rounded.compareTo(number) != 0, changed);
            return null;
          };
      case INT64 ->
          (value, into) -> {
            BigDecimal number = number(value);
            String wrong = whole(number, to, (LongColumn) into);
            boolean fraction = number != null && number.stripTrailingZeros().scale() > 0;
            count(wrong == null && fraction, changed);
            return wrong;
          };
      case DATE ->
          (value, into) -> {
            try {
              long packed = wall(((LongColumn) value).get(0), from, task);
              ((LongColumn) into).append(day(packed));
              count(packed != day(packed), changed);
              return null;
            } catch (DateTimeException | ArithmeticException e) {
              return "no calendar has this moment";
            }
          };
      default -> {
        long unit = MICROS[Math.max(0, Math.min(6, to.scale()))];
        RecordBatch scratch = new RecordBatch(Schema.of(from), 1 << 10, 1);
        yield (value, into) -> {
          long own = ((LongColumn) value).get(0);
          long rounded = rounded(own, from.type(), unit);
          scratch.clear();
          scratch.longs(0).append(rounded);
          String wrong = exact.convert(scratch.column(0), into);
          count(wrong == null && rounded != own, changed);
          return wrong;
        };
      }
    };
  }

  private static void count(boolean differs, LongAdder changed) {
    if (differs) {
      changed.increment();
    }
  }

  private static long rounded(long value, ColumnType type, long unit) {
    if (type == ColumnType.DATETIME) {
      return Days.isMoment(value) ? Days.packedDateTime(half(Days.micros(value), unit)) : value;
    }
    return value == Calendars.ZERO_TIMESTAMP ? value : half(value, unit);
  }

  private static long half(long micros, long unit) {
    return Math.floorDiv(micros + unit / 2, unit) * unit;
  }

  /** Appends a number, rounded half up where it has a fraction. */
  static @Nullable String whole(@Nullable BigDecimal number, Field to, LongColumn into) {
    if (number == null) {
      return "is no number";
    }
    try {
      BigDecimal rounded = number.setScale(0, RoundingMode.HALF_UP);
      boolean wide = to.unsigned() && to.bits() >= 64 && rounded.signum() >= 0;
      if (wide && rounded.toBigInteger().bitLength() <= 64) {
        into.append(rounded.toBigInteger().longValue());
        return null;
      }
      long value = rounded.longValueExact();
      String wrong = to.unsigned() && value < 0 ? "is below zero" : Checks.integer(value, to);
      if (wrong == null) {
        into.append(value);
      }
      return wrong;
    } catch (ArithmeticException e) {
      return Sensitive.mark(number.toPlainString()) + " does not fit into " + to.bits() + " bits";
    }
  }

  /** The number in a column of decimals or doubles; null for infinity and what is no number. */
  static @Nullable BigDecimal number(Column value) {
    if (value instanceof DecimalColumn decimals) {
      return decimals.get(0);
    }
    double real = ((DoubleColumn) value).get(0);
    if (!Double.isFinite(real)) {
      return null;
    }
    // From there on the shortest text of a double may be another whole number than the double.
    return Math.abs(real) < WHOLE_FROM ? BigDecimal.valueOf(real) : new BigDecimal(real);
  }

  private static long wall(long value, Field from, TaskContext task) {
    return from.type() == ColumnType.DATETIME
        ? value
        : Calendars.dateTime(Calendars.toInstant(value).atZone(task.zone()).toLocalDateTime());
  }

  private static long day(long packed) {
    return Calendars.date(Calendars.year(packed), Calendars.month(packed), Calendars.day(packed));
  }
}
