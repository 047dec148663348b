package io.millrace.api.record;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calendar fields packed into a {@code long}, so that values no calendar knows, such as {@code
 * 0000-00-00} or {@code 2024-02-31}, travel unchanged.
 *
 * <p>Layout from the high bits: year 18 (signed), month 4, day 5, hour 5, minute 6, second 6,
 * microsecond 20. The natural order of the {@code long} is the order of the calendar. DATE uses the
 * same layout with a time of zero.
 */
public final class Calendars {

  /** Stands in a TIMESTAMP column for MySQL's {@code 0000-00-00 00:00:00}. */
  public static final long ZERO_TIMESTAMP = Long.MIN_VALUE;

  /** What the year of a packed date can be, in both directions. */
  static final int MAX_YEAR = (1 << 17) - 1;

  private static final long MICROS_PER_SECOND = 1_000_000L;

  private Calendars() {}

  /** Packs a date. Fields are not checked against any calendar. */
  public static long date(int year, int month, int day) {
    return ((long) year << 46) | ((long) month << 42) | ((long) day << 37);
  }

  /** Packs a date with a time of day. Fields are not checked against any calendar. */
  public static long dateTime(
      int year, int month, int day, int hour, int minute, int second, int micro) {
    return date(year, month, day)
        | ((long) hour << 32)
        | ((long) minute << 26)
        | ((long) second << 20)
        | micro;
  }

  /**
   * Packs a date of the ISO calendar.
   *
   * @throws DateTimeException when its year has no place, before -131071 or after 131071
   */
  public static long date(LocalDate date) {
    requireYear(date.getYear());
    return date(date.getYear(), date.getMonthValue(), date.getDayOfMonth());
  }

  /**
   * Packs a wall-clock time of the ISO calendar.
   *
   * @throws DateTimeException when it holds parts of a microsecond, which would be lost, or its
   *     year has no place, see {@link #date(LocalDate)}
   */
  public static long dateTime(LocalDateTime value) {
    requireYear(value.getYear());
    if (value.getNano() % 1000 != 0) {
      throw new DateTimeException(value + " has parts of a microsecond");
    }
    return dateTime(
        value.getYear(),
        value.getMonthValue(),
        value.getDayOfMonth(),
        value.getHour(),
        value.getMinute(),
        value.getSecond(),
        value.getNano() / 1000);
  }

  private static void requireYear(int year) {
    if (Math.abs((long) year) > MAX_YEAR) {
      throw new DateTimeException("the year " + year + " is not between -131071 and 131071");
    }
  }

  /**
   * The DATETIME that a text means: the wall clock itself; or, where the text says where its clock
   * hangs, what clocks in the task's zone show then. This is the one rule for every connector.
   *
   * @param said the offset or zone of the text; null when it says none
   * @param zone the task's
   * @throws DateTimeException when clocks in {@code said} never show it, or it has no place
   */
  public static long dateTime(LocalDateTime wall, @Nullable ZoneId said, ZoneId zone) {
    return dateTime(said == null ? wall : LocalDateTime.ofInstant(toInstant(wall, said), zone));
  }

  /**
   * The TIMESTAMP that a text means: a wall clock where the text says, or else one in the task's
   * zone, see {@link #toInstant(LocalDateTime, ZoneId)}. This is the one rule for every connector.
   *
   * @param said the offset or zone of the text; null when it says none
   * @param zone the task's
   * @throws DateTimeException when clocks there never show it, or it has no place
   */
  public static long timestamp(LocalDateTime wall, @Nullable ZoneId said, ZoneId zone) {
    requireYear(wall.getYear());
    return timestamp(toInstant(wall, said == null ? zone : said));
  }

  public static int year(long packed) {
    return (int) (packed >> 46);
  }

  public static int month(long packed) {
    return (int) (packed >> 42) & 0xf;
  }

  public static int day(long packed) {
    return (int) (packed >> 37) & 0x1f;
  }

  public static int hour(long packed) {
    return (int) (packed >> 32) & 0x1f;
  }

  public static int minute(long packed) {
    return (int) (packed >> 26) & 0x3f;
  }

  public static int second(long packed) {
    return (int) (packed >> 20) & 0x3f;
  }

  public static int micro(long packed) {
    return (int) packed & 0xfffff;
  }

  /** True when the date part is one of the ISO calendar, which {@code 0000-00-00} is not. */
  public static boolean isValid(long packed) {
    int month = month(packed);
    int day = day(packed);
    if (month < 1 || month > 12 || day < 1) {
      return false;
    }
    return day <= 28 || day <= java.time.YearMonth.of(year(packed), month).lengthOfMonth();
  }

  /**
   * The date part in the ISO calendar.
   *
   * @throws DateTimeException when the calendar has no such day
   */
  public static LocalDate toLocalDate(long packed) {
    return LocalDate.of(year(packed), month(packed), day(packed));
  }

  /**
   * The wall-clock time in the ISO calendar.
   *
   * @throws DateTimeException when the calendar has no such day
   */
  public static LocalDateTime toLocalDateTime(long packed) {
    return LocalDateTime.of(
        toLocalDate(packed),
        LocalTime.of(hour(packed), minute(packed), second(packed), micro(packed) * 1000));
  }

  /**
   * The instant at which clocks in a zone show a time. Where they show it twice, as at the end of
   * summer time, it is the earlier one. This is the one rule for every connector.
   *
   * @throws DateTimeException when they never show it, as in the hour that the beginning of summer
   *     time leaves out; the message says so
   */
  public static Instant toInstant(LocalDateTime wall, ZoneId zone) {
    List<ZoneOffset> offsets = zone.getRules().getValidOffsets(wall);
    if (offsets.isEmpty()) {
      throw new DateTimeException(
          wall + " never was on clocks in " + zone + ", which were put forward then");
    }
    return wall.toInstant(offsets.get(0));
  }

  /** An instant as TIMESTAMP columns hold it; parts of a microsecond are refused. */
  public static long timestamp(Instant instant) {
    if (instant.getNano() % 1000 != 0) {
      throw new DateTimeException(instant + " has parts of a microsecond");
    }
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND), instant.getNano() / 1000);
  }

  /**
   * The instant of a TIMESTAMP value.
   *
   * @throws DateTimeException for {@link #ZERO_TIMESTAMP}
   */
  public static Instant toInstant(long micros) {
    if (micros == ZERO_TIMESTAMP) {
      throw new DateTimeException("0000-00-00 00:00:00 is not an instant");
    }
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS_PER_SECOND), Math.floorMod(micros, MICROS_PER_SECOND) * 1000);
  }
}
