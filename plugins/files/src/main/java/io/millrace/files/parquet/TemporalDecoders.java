package io.millrace.files.parquet;

import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.record.Calendars;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import io.millrace.files.columnar.Days;
import io.millrace.files.columnar.FineMoment;
import io.millrace.files.format.RawValues;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Decoders of dates and times. */
final class TemporalDecoders {

  private static final String OLD_CALENDAR =
      "lies before 1582-10-15, and the program that wrote the file counted such days in the Julian"
          + " calendar: which day is meant is not known";
  private static final String BEYOND = "lies beyond the years that a record holds";
  private static final String TOO_FINE =
      "has parts of a microsecond, which would be lost: a record holds six digits of a second";

  private TemporalDecoders() {}

  /** Appends an instant. */
  static @Nullable String instant(long day, long nanosOfDay, boolean oldCalendar, LongColumn into) {
    if (nanosOfDay % 1000 != 0) {
      return TOO_FINE;
    }
    if (oldCalendar && day < Days.GREGORIAN) {
      return OLD_CALENDAR;
    }
    if (Days.packed(day) == Days.NONE) {
      return BEYOND;
    }
    into.append(day * Days.MICROS_PER_DAY + nanosOfDay / 1000);
    return null;
  }

  static final class Date extends Decoder {

    private final boolean oldCalendar;

    Date(Field field, boolean oldCalendar) {
      super(field);
      this.oldCalendar = oldCalendar;
    }

    @Override
    @Nullable String int32(int value, Column into) {
      if (oldCalendar && value < Days.GREGORIAN) {
        return OLD_CALENDAR;
      }
      long packed = Days.packed(value);
      if (packed == Days.NONE) {
        return "day " + value + " since 1970 " + BEYOND;
      }
      ((LongColumn) into).append(packed);
      return null;
    }

    @Override
    RawValue rejected(long value) {
      return RawValues.said("DATE", Integer.BYTES, "day " + value + " since 1970-01-01");
    }
  }

  static final class Time extends Decoder {

    private final TimeUnit unit;

    Time(Field field, TimeUnit unit) {
      super(unit == TimeUnit.MILLIS ? field.withScale(3) : field);
      this.unit = unit;
    }

    @Override
    @Nullable String int32(int value, Column into) {
      return int64(value, into);
    }

    @Override
    @Nullable String int64(long value, Column into) {
      if (unit == TimeUnit.NANOS && value % 1000 != 0) {
        return TOO_FINE;
      }
      long micros =
          switch (unit) {
            case MILLIS -> value * 1000;
            case MICROS -> value;
            case NANOS -> value / 1000;
          };
      ((LongColumn) into).append(micros);
      return null;
    }

    @Override
    RawValue rejected(long value) {
      return FineMoment.ofDay(value);
    }
  }

  static final class Timestamp extends Decoder {

    private static final long MAX_MILLIS = Long.MAX_VALUE / 1000;
    private static final long FIRST_MICRO = Days.GREGORIAN * Days.MICROS_PER_DAY;

    private final TimeUnit unit;
    private final boolean wallClock;
    private final boolean oldCalendar;

    Timestamp(Field field, TimeUnit unit, boolean oldCalendar) {
      super(unit == TimeUnit.MILLIS ? field.withScale(3) : field);
      this.unit = unit;
      this.wallClock = field.type() == ColumnType.DATETIME;
      this.oldCalendar = oldCalendar;
    }

    /** What is too fine has a text; what lies in no calendar has none. */
    @Override
    RawValue rejected(long value) {
      boolean before = oldCalendar && Math.floorDiv(value, 1000) < FIRST_MICRO;
      return unit != TimeUnit.NANOS || before
          ? RawValues.said(field().type().name(), Long.BYTES, value + " " + unit + " since 1970")
          : FineMoment.of(field().type(), Math.floorDiv(value, 1_000_000_000L), value);
    }

    @Override
    @Nullable String int64(long value, Column into) {
      long micros = value;
      if (unit == TimeUnit.MILLIS) {
        if (value > MAX_MILLIS || value < -MAX_MILLIS) {
          return BEYOND;
        }
        micros = value * 1000;
      } else if (unit == TimeUnit.NANOS) {
        if (value % 1000 != 0) {
          return TOO_FINE;
        }
        micros = value / 1000;
      }
      if (oldCalendar && micros < FIRST_MICRO) {
        return OLD_CALENDAR;
      }
      if (wallClock) {
        micros = Days.packedDateTime(micros);
      }
      // The same number stands for MySQL's zero moment in one, and for no day in the other.
      if (micros == Calendars.ZERO_TIMESTAMP) {
        return BEYOND;
      }
      ((LongColumn) into).append(micros);
      return null;
    }
  }
}
