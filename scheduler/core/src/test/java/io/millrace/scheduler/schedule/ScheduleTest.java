package io.millrace.scheduler.schedule;

import static io.millrace.scheduler.schedule.Times.BERLIN;
import static io.millrace.scheduler.schedule.Times.UTC;
import static io.millrace.scheduler.schedule.Times.cron;
import static io.millrace.scheduler.schedule.Times.daily;
import static io.millrace.scheduler.schedule.Times.date;
import static io.millrace.scheduler.schedule.Times.due;
import static io.millrace.scheduler.schedule.Times.hourly;
import static io.millrace.scheduler.schedule.Times.real;
import static io.millrace.scheduler.schedule.Times.shown;
import static io.millrace.scheduler.schedule.Times.utc;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static final LocalTime TIME = LocalTime.of(2, 30);

  @Test
  void theBusinessDateIsTheDayBefore() {
    Occurrence occurrence = due(daily("02:30", BERLIN), "2026-01-01", "2026-01-01").get(0);

    assertThat(occurrence)
        .isEqualTo(
            new Occurrence(
                utc("2026-01-01T01:30"),
                date("2026-01-01").atTime(TIME),
                date("2025-12-31"),
                false,
                ""));
  }

  @Test
  void anIntervalHasItsStartAndNotItsEnd() {
    Schedule schedule = hourly(UTC);

    assertThat(shown(schedule.occurrences(utc("2026-01-01T01:00"), utc("2026-01-01T03:00"))))
        .containsExactly("2026-01-01T01:00", "2026-01-01T02:00");
    assertThat(schedule.occurrences(utc("2026-01-01T01:01"), utc("2026-01-01T02:00"))).isEmpty();
  }

  @Test
  void offDaysOfAWeekAreDryRunsAtItsTime() {
    Schedule schedule =
        Schedule.of(Cycle.weekly(Set.of(DayOfWeek.MONDAY, DayOfWeek.THURSDAY), TIME), UTC);
    List<Occurrence> week = due(schedule, "2026-11-16", "2026-11-22");

    assertThat(shown(week))
        .containsExactly(
            "2026-11-16T02:30",
            "~2026-11-17T02:30",
            "~2026-11-18T02:30",
            "2026-11-19T02:30",
            "~2026-11-20T02:30",
            "~2026-11-21T02:30",
            "~2026-11-22T02:30");
    assertThat(week.get(6).reason()).isEqualTo("the schedule leaves out Sunday 2026-11-22");
  }

  @Test
  void theLastDayOfTheMonthIsItsLast() {
    Schedule schedule = Schedule.of(Cycle.monthly(List.of("last"), TIME), UTC);

    assertThat(real(due(schedule, "2027-10-01", "2028-04-30")))
        .containsExactly(
            "2027-10-31T02:30",
            "2027-11-30T02:30",
            "2027-12-31T02:30",
            "2028-01-31T02:30",
            "2028-02-29T02:30",
            "2028-03-31T02:30",
            "2028-04-30T02:30");
    assertThat(due(schedule, "2027-10-01", "2028-04-30")).hasSize(213);
  }

  @Test
  void aDayThatAMonthDoesNotHaveIsLeftOut() {
    Schedule schedule = Schedule.of(Cycle.monthly(List.of("31", "30"), TIME), UTC);

    assertThat(real(due(schedule, "2026-01-01", "2026-04-30")))
        .containsExactly(
            "2026-01-30T02:30",
            "2026-01-31T02:30",
            "2026-03-30T02:30",
            "2026-03-31T02:30",
            "2026-04-30T02:30");
  }

  @Test
  void theLeapDayComesInLeapYears() {
    Schedule schedule = Schedule.of(Cycle.yearly(List.of("02-29"), TIME), UTC);
    Schedule last = Schedule.of(Cycle.yearly(List.of("02-last", "12-31"), TIME), UTC);

    assertThat(real(due(schedule, "2026-01-01", "2033-12-31")))
        .containsExactly("2028-02-29T02:30", "2032-02-29T02:30");
    assertThat(real(due(last, "2027-01-01", "2028-12-31")))
        .containsExactly(
            "2027-02-28T02:30", "2027-12-31T02:30", "2028-02-29T02:30", "2028-12-31T02:30");
    assertThat(real(due(daily("02:30", UTC), "2028-02-28", "2028-03-01")))
        .containsExactly("2028-02-28T02:30", "2028-02-29T02:30", "2028-03-01T02:30");
  }

  @Test
  void nothingIsDueOutsideTheEffectiveDates() {
    Schedule weekdays =
        cron("0 0 0 ? * MON-FRI", BERLIN).effective(date("2026-11-20"), date("2026-11-22"));

    assertThat(shown(due(weekdays, "2026-11-01", "2026-12-31")))
        .containsExactly("2026-11-20T00:00", "~2026-11-21T00:00", "~2026-11-22T00:00");
    assertThat(weekdays.next(utc("2026-01-01T00:00")).map(Occurrence::at))
        .contains(utc("2026-11-19T23:00"));
    assertThat(weekdays.next(utc("2026-11-21T23:00"))).isEmpty();
    assertThat(weekdays.previous(utc("2027-01-01T00:00")).map(Occurrence::at))
        .contains(utc("2026-11-21T23:00"));
    assertThat(weekdays.previous(utc("2026-11-19T23:00"))).isEmpty();
    assertThat(weekdays.occurrencesOf(date("2026-11-18"))).isEmpty();
    assertThat(weekdays.occurrencesOf(date("2026-11-19"))).hasSize(1);
    assertThat(weekdays.occurrencesOf(date("2026-11-22"))).isEmpty();
  }

  @Test
  void aSingleEffectiveDateIsOneDay() {
    Schedule schedule = hourly(BERLIN).effective(date("2026-11-20"), date("2026-11-20"));

    assertThat(due(schedule, "2026-11-01", "2026-12-31")).hasSize(24);
  }

  @Test
  void offDaysOfACycleWithSeveralTimesHaveOneDryRun() {
    Schedule schedule = cron("0 0/30 9-10 ? * MON-FRI", UTC);

    assertThat(shown(due(schedule, "2026-11-20", "2026-11-22")))
        .containsExactly(
            "2026-11-20T09:00",
            "2026-11-20T09:30",
            "2026-11-20T10:00",
            "2026-11-20T10:30",
            "~2026-11-21T09:00",
            "~2026-11-22T09:00");
  }

  @Test
  void nextAndPreviousLeaveOutTheInstantItself() {
    Schedule schedule =
        Schedule.of(Cycle.minutes(7, LocalTime.of(8, 10), LocalTime.of(8, 30)), UTC);

    assertThat(schedule.next(utc("2026-11-20T08:17")).map(Occurrence::at))
        .contains(utc("2026-11-20T08:24"));
    assertThat(schedule.next(utc("2026-11-20T08:24")).map(Occurrence::at))
        .contains(utc("2026-11-21T08:10"));
    assertThat(schedule.previous(utc("2026-11-20T08:17")).map(Occurrence::at))
        .contains(utc("2026-11-20T08:10"));
    assertThat(schedule.previous(utc("2026-11-20T08:10")).map(Occurrence::at))
        .contains(utc("2026-11-19T08:24"));
  }

  @Test
  void anEverySecondCronIsFoundAtOnce() {
    Schedule schedule = cron("* * * * * ?", UTC);

    assertThat(schedule.next(utc("2026-11-20T23:59").plusSeconds(59)).map(Occurrence::at))
        .contains(utc("2026-11-21T00:00"));
    assertThat(due(schedule, "2026-11-20", "2026-11-20")).hasSize(86_400);
  }

  @Test
  void nextFollowedStepByStepIsTheList() {
    Schedule schedule = cron("0 30 2,14 L * ?", BERLIN);
    List<Occurrence> all = due(schedule, "2026-10-20", "2026-11-30");

    Optional<Occurrence> next = schedule.next(utc("2026-10-19T12:00"));
    for (Occurrence expected : all) {
      assertThat(next).contains(expected);
      next = schedule.next(next.orElseThrow().at());
    }
    Optional<Occurrence> previous = schedule.previous(utc("2026-11-30T23:00"));
    for (int i : IntStream.range(0, all.size()).map(k -> all.size() - 1 - k).toArray()) {
      assertThat(previous).contains(all.get(i));
      previous = schedule.previous(previous.orElseThrow().at());
    }
  }
}
