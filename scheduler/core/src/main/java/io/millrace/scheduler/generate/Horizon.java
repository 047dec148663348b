package io.millrace.scheduler.generate;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * Up to which time recurring instances are made. Each night makes the next day's; so at any time
 * all are there up to the end of the day, in the task's own zone, in which the next night's making
 * comes. Immutable.
 *
 * @param nightly the time of day, such as 23:30
 * @param zone the zone of that time
 */
public record Horizon(LocalTime nightly, ZoneId zone) {

  /** When instances are made next. */
  public Instant next(Clock clock) {
    ZonedDateTime now = clock.instant().atZone(zone);
    ZonedDateTime today = now.with(nightly);
    ZonedDateTime next = today.isAfter(now) ? today : now.plusDays(1).with(nightly);
    return next.toInstant();
  }

  /** Up to which time the instances of a task with this zone are to be there now. */
  Instant of(ZoneId taskZone, Clock clock) {
    LocalDate day = next(clock).atZone(taskZone).toLocalDate();
    return day.plusDays(1).atStartOfDay(taskZone).toInstant();
  }
}
