package io.millrace.engine.task;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;

/** Noon of one date in whatever zone it is asked for, so that every zone sees the same date. */
final class DayClock extends Clock {

  private final LocalDate day;
  private final ZoneId zone;

  DayClock(LocalDate day, ZoneId zone) {
    this.day = day;
    this.zone = zone;
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public Clock withZone(ZoneId other) {
    return new DayClock(day, other);
  }

  @Override
  public Instant instant() {
    return day.atTime(LocalTime.NOON).atZone(zone).toInstant();
  }
}
