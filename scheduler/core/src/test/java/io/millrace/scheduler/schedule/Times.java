package io.millrace.scheduler.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

/** Short ways to write schedules and what is due. */
final class Times {

  static final ZoneId UTC = ZoneId.of("UTC");
  static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private Times() {}

  static Schedule cron(String text, ZoneId zone) {
    return Schedule.of(Cycle.ofCron(text), zone);
  }

  static Schedule daily(String time, ZoneId zone) {
    return Schedule.of(Cycle.daily(LocalTime.parse(time)), zone);
  }

  static Schedule hourly(ZoneId zone) {
    return Schedule.of(Cycle.hours(1, 0, 23, 0), zone);
  }

  static LocalDate date(String text) {
    return LocalDate.parse(text);
  }

  static Instant utc(String time) {
    return Instant.parse(time + ":00Z");
  }

  /** What is due from the start of a date to the end of another in the schedule's zone. */
  static List<Occurrence> due(Schedule schedule, String first, String last) {
    return schedule.occurrences(
        date(first).atStartOfDay(schedule.zone()).toInstant(),
        date(last).plusDays(1).atStartOfDay(schedule.zone()).toInstant());
  }

  /** As {@code 2026-03-29T03:30}, with {@code ~} before dry runs. */
  static List<String> shown(List<Occurrence> occurrences) {
    return occurrences.stream().map(each -> (each.dryRun() ? "~" : "") + each.time()).toList();
  }

  /** Those that are not dry runs. */
  static List<String> real(List<Occurrence> occurrences) {
    return shown(occurrences.stream().filter(each -> !each.dryRun()).toList());
  }
}
