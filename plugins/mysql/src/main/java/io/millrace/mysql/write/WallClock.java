package io.millrace.mysql.write;

import io.millrace.api.record.Calendars;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.List;

/** Turns instants into packed calendar fields and back. */
final class WallClock {

  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final long SECONDS_PER_DAY = 86_400L;

  private final ZoneRules rules;

  WallClock(ZoneId zone) {
    rules = zone.getRules();
  }

  /** The fields of an instant on a clock in UTC. */
  static long utc(long micros) {
    long seconds = Math.floorDiv(micros, MICROS_PER_SECOND);
    int micro = (int) (micros - seconds * MICROS_PER_SECOND);
    long days = Math.floorDiv(seconds, SECONDS_PER_DAY);
    int second = (int) (seconds - days * SECONDS_PER_DAY);
    // The proleptic calendar from day numbers, by eras of 400 years that begin on 1 March.
    long shifted = days + 719_468;
    long era = Math.floorDiv(shifted, 146_097);
    int dayOfEra = (int) (shifted - era * 146_097);
    int yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int monthFromMarch = (5 * dayOfYear + 2) / 153;
    int day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
    int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
    int year = (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0);
    return Calendars.dateTime(
        year, month, day, second / 3600, second / 60 % 60, second % 60, micro);
  }

  /** The instant at which a clock in UTC showed these fields, which are a valid date. */
  static long fromUtc(long packed) {
    return Calendars.toLocalDateTime(packed).toEpochSecond(ZoneOffset.UTC) * MICROS_PER_SECOND
        + Calendars.micro(packed);
  }

  /** The fields of an instant on a clock in the zone. */
  long local(long micros) {
    if (micros == Calendars.ZERO_TIMESTAMP) {
      return 0;
    }
    long seconds = Math.floorDiv(micros, MICROS_PER_SECOND);
    ZoneOffset offset = rules.getOffset(Instant.ofEpochSecond(seconds));
    return utc(micros + offset.getTotalSeconds() * MICROS_PER_SECOND);
  }

  /** Whether the clock in the zone showed these fields at all, as it does not in a gap. */
  boolean shows(long packed) {
    return !rules.getValidOffsets(Calendars.toLocalDateTime(packed)).isEmpty();
  }

  /**
   * The instant at which the clock in the zone showed these fields; the first where there are two.
   */
  long instant(long packed) {
    if (ValueEncoders.isZeroDate(packed)) {
      return Calendars.ZERO_TIMESTAMP;
    }
    LocalDateTime local = Calendars.toLocalDateTime(packed);
    List<ZoneOffset> offsets = rules.getValidOffsets(local);
    ZoneOffset offset = offsets.isEmpty() ? rules.getOffset(local) : offsets.get(0);
    return local.toEpochSecond(offset) * MICROS_PER_SECOND + Calendars.micro(packed);
  }
}
