package io.millrace.scheduler.parameter;

import io.millrace.engine.task.TimeBase;
import java.time.LocalDate;
import java.time.LocalDateTime;

/**
 * When a task runs, as its parameters see it.
 *
 * @param businessDate base of {@code ${…}}
 * @param time base of {@code $[…]}: wall-clock time in the task's zone
 * @param today the current date in the task's zone, for {@code $bizmonth}
 */
public record Occasion(LocalDate businessDate, LocalDateTime time, LocalDate today) {

  /**
   * A recurring instance: today is the day it is planned for, so that an instance that is made the
   * evening before, or days later, has the same values.
   *
   * @param time the scheduled time
   */
  public static Occasion recurring(LocalDate businessDate, LocalDateTime time) {
    return new Occasion(businessDate, time, time.toLocalDate());
  }

  /**
   * An instance of a backfill: {@code $[…]} counts from the day after the business date, at the
   * time of day of the schedule.
   *
   * @param time the scheduled time, of which only the time of day counts
   * @param today the day on which the backfill is made
   */
  public static Occasion backfill(LocalDate businessDate, LocalDateTime time, LocalDate today) {
    return new Occasion(businessDate, businessDate.plusDays(1).atTime(time.toLocalTime()), today);
  }

  TimeBase base() {
    return new TimeBase(businessDate, time, today);
  }
}
