package io.millrace.scheduler.schedule;

import static io.millrace.scheduler.schedule.Times.BERLIN;
import static io.millrace.scheduler.schedule.Times.UTC;
import static io.millrace.scheduler.schedule.Times.cron;
import static io.millrace.scheduler.schedule.Times.daily;
import static io.millrace.scheduler.schedule.Times.date;
import static io.millrace.scheduler.schedule.Times.hourly;
import static io.millrace.scheduler.schedule.Times.shown;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlignmentTest {

  private static final Schedule QUARTERS = cron("0 0/15 * * * ?", UTC);

  private static Occurrence at(Schedule schedule, String time) {
    Occurrence found =
        schedule
            .next(LocalDateTime.parse(time).atZone(schedule.zone()).toInstant().minusNanos(1))
            .orElseThrow();
    assertThat(found.time()).isEqualTo(time);
    return found;
  }

  private static List<String> same(Schedule downstream, String time, Schedule upstream) {
    return shown(Alignment.sameCycle(downstream, at(downstream, time), upstream));
  }

  private static List<String> previous(Schedule downstream, String time, Schedule upstream) {
    return shown(
        Alignment.previousCycle(downstream, at(downstream, time), upstream).stream().toList());
  }

  @Test
  void aDailyUpstreamIsAwaitedByBusinessDateEvenWhenLater() {
    assertThat(same(daily("08:00", UTC), "2026-11-22T08:00", daily("09:30", UTC)))
        .containsExactly("2026-11-22T09:30");
    assertThat(same(QUARTERS, "2026-11-22T00:15", daily("09:30", UTC)))
        .containsExactly("2026-11-22T09:30");
  }

  @Test
  void anOffDayOfTheUpstreamIsAwaitedAsItsDryRun() {
    assertThat(same(daily("08:00", UTC), "2026-11-22T08:00", cron("0 0 1 ? * MON", UTC)))
        .containsExactly("~2026-11-22T01:00");
  }

  @Test
  void aDailyTaskWaitsForAllOfASubDailyUpstream() {
    assertThat(same(daily("23:30", UTC), "2026-11-22T23:30", cron("0 0 1,9,17 * * ?", UTC)))
        .containsExactly("2026-11-22T01:00", "2026-11-22T09:00", "2026-11-22T17:00");
    assertThat(same(daily("23:30", BERLIN), "2026-03-29T23:30", hourly(BERLIN))).hasSize(23);
  }

  @Test
  void subDailyTasksWaitForTheLatestThatHasBegun() {
    assertThat(same(QUARTERS, "2026-11-22T10:15", hourly(UTC))).containsExactly("2026-11-22T10:00");
    assertThat(same(QUARTERS, "2026-11-22T10:00", hourly(UTC))).containsExactly("2026-11-22T10:00");
    assertThat(same(hourly(UTC), "2026-11-22T10:00", QUARTERS)).containsExactly("2026-11-22T10:00");
  }

  @Test
  void aSubDailyTaskBeforeTheFirstOfTheDayWaitsForNone() {
    Schedule office = cron("0 0 9-17 * * ?", UTC);

    assertThat(same(QUARTERS, "2026-11-22T08:45", office)).isEmpty();
    assertThat(previous(QUARTERS, "2026-11-22T08:45", office)).containsExactly("2026-11-21T17:00");
  }

  @Test
  void thePreviousCycleOfItselfIsTheOneBefore() {
    assertThat(previous(daily("02:30", UTC), "2026-11-22T02:30", daily("02:30", UTC)))
        .containsExactly("2026-11-21T02:30");
    assertThat(previous(QUARTERS, "2026-11-22T00:00", QUARTERS))
        .containsExactly("2026-11-21T23:45");
    assertThat(previous(QUARTERS, "2026-11-22T10:15", QUARTERS))
        .containsExactly("2026-11-22T10:00");
  }

  @Test
  void thePreviousCycleOfADailyUpstreamIsOfAnEarlierBusinessDate() {
    assertThat(previous(daily("08:00", UTC), "2026-11-22T08:00", daily("02:00", UTC)))
        .containsExactly("2026-11-21T02:00");
    assertThat(previous(daily("08:00", UTC), "2026-11-22T08:00", daily("09:30", UTC)))
        .containsExactly("2026-11-21T09:30");
    assertThat(previous(QUARTERS, "2026-11-22T10:15", daily("02:00", UTC)))
        .containsExactly("2026-11-21T02:00");
  }

  @Test
  void thePreviousCycleOfASubDailyUpstream() {
    assertThat(previous(daily("02:30", UTC), "2026-11-22T02:30", hourly(UTC)))
        .containsExactly("2026-11-21T23:00");
    assertThat(previous(QUARTERS, "2026-11-22T10:15", hourly(UTC)))
        .containsExactly("2026-11-22T09:00");
  }

  @Test
  void beforeTheFirstThereIsNoPreviousCycle() {
    Schedule schedule = daily("02:30", UTC).effective(date("2026-11-22"), null);

    assertThat(previous(schedule, "2026-11-22T02:30", schedule)).isEmpty();
    assertThat(previous(schedule, "2026-11-23T02:30", schedule))
        .containsExactly("2026-11-22T02:30");
  }

  @Test
  void businessDatesAreThoseOfEachZone() {
    Schedule tokyo = daily("00:30", ZoneId.of("Asia/Tokyo"));
    Schedule newYork = daily("20:00", ZoneId.of("America/New_York"));

    assertThat(same(newYork, "2026-11-22T20:00", tokyo)).containsExactly("2026-11-22T00:30");
    assertThat(previous(newYork, "2026-11-22T20:00", tokyo)).containsExactly("2026-11-21T00:30");
    // Tokyo's day of the 22nd has ended upstream's effect; that of the 23rd is of a later date.
    assertThat(previous(newYork, "2026-11-22T20:00", tokyo.effective(date("2026-11-23"), null)))
        .isEmpty();
  }

  @Test
  void theDayThatZoneSkippedHasNoSameCycleButAPreviousOne() {
    Schedule apia = daily("02:30", ZoneId.of("Pacific/Apia"));

    assertThat(same(daily("08:00", UTC), "2011-12-30T08:00", apia)).isEmpty();
    assertThat(previous(apia, "2011-12-31T02:30", apia)).containsExactly("2011-12-29T02:30");
  }
}
