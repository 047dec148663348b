package io.millrace.files.columnar;

import io.millrace.api.record.Calendars;

/**
 * Days and microseconds since 1970 and the calendar fields of records, in the proleptic Gregorian
 * calendar and without an object. Stateless.
 */
public final class Days {

  /** 1582-10-15, before which other programs may have counted in the Julian calendar. */
  public static final long GREGORIAN = -141_427;

  /** Stands for a day that records cannot hold. */
  public static final long NONE = Long.MIN_VALUE;

  public static final long MICROS_PER_DAY = 86_400_000_000L;

  private static final int MAX_YEAR = (1 << 17) - 1;
  private static final long DAYS_PER_ERA = 146_097;
  private static final int[] LENGTHS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

  private Days() {}

  /** The packed date of a day since 1970-01-01, or {@link #NONE}. */
  public static long packed(long day) {
    if (day < -60_000_000 || day > 60_000_000) {
      return NONE;
    }
    // Years begin in March, so that the leap day is the last one of its year.
    long shifted = day + 719_468;
    long era = Math.floorDiv(shifted, DAYS_PER_ERA);
    long ofEra = shifted - era * DAYS_PER_ERA;
    long yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365;
    long ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    long shiftedMonth = (5 * ofYear + 2) / 153;
    int dayOfMonth = (int) (ofYear - (153 * shiftedMonth + 2) / 5 + 1);
    int month = (int) (shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9);
    long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    if (year > MAX_YEAR || year < -MAX_YEAR) {
      return NONE;
    }
    return Calendars.date((int) year, month, dayOfMonth);
  }

  /** The packed wall clock of microseconds since 1970-01-01 00:00, or {@link #NONE}. */
  public static long packedDateTime(long micros) {
    long day = Math.floorDiv(micros, MICROS_PER_DAY);
    long date = packed(day);
    if (date == NONE) {
      return NONE;
    }
    long ofDay = micros - day * MICROS_PER_DAY;
    int seconds = (int) (ofDay / 1_000_000);
    return date
        | ((long) (seconds / 3600) << 32)
        | ((long) (seconds / 60 % 60) << 26)
        | ((long) (seconds % 60) << 20)
        | (ofDay - seconds * 1_000_000L);
  }

  /** Whether a packed date is a day of the calendar. */
  public static boolean isDay(long packed) {
    int month = Calendars.month(packed);
    int day = Calendars.day(packed);
    if (month < 1 || month > 12 || day < 1) {
      return false;
    }
    return day <= LENGTHS[month - 1] || (month == 2 && day == 29 && isLeap(Calendars.year(packed)));
  }

  /** Whether a packed wall clock shows a moment of the calendar. */
  public static boolean isMoment(long packed) {
    return isDay(packed)
        && Calendars.hour(packed) < 24
        && Calendars.minute(packed) < 60
        && Calendars.second(packed) < 60
        && Calendars.micro(packed) < 1_000_000;
  }

  private static boolean isLeap(int year) {
    return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  /** The day since 1970-01-01 of a packed date that {@link #isDay}. */
  public static long day(long packed) {
    int month = Calendars.month(packed);
    long year = Calendars.year(packed) - (month <= 2 ? 1 : 0);
    long era = Math.floorDiv(year, 400L);
    long yearOfEra = year - era * 400;
    long ofYear = (153L * (month > 2 ? month - 3 : month + 9) + 2) / 5 + Calendars.day(packed) - 1;
    long ofEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear;
    return era * DAYS_PER_ERA + ofEra - 719_468;
  }

  /** Microseconds since 1970-01-01 00:00 of a packed wall clock that {@link #isMoment}. */
  public static long micros(long packed) {
    long seconds =
        (Calendars.hour(packed) * 60L + Calendars.minute(packed)) * 60 + Calendars.second(packed);
    return day(packed) * MICROS_PER_DAY + seconds * 1_000_000 + Calendars.micro(packed);
  }
}
