package io.millrace.scheduler.schedule;

import static io.millrace.scheduler.schedule.Times.BERLIN;
import static io.millrace.scheduler.schedule.Times.cron;
import static io.millrace.scheduler.schedule.Times.daily;
import static io.millrace.scheduler.schedule.Times.date;
import static io.millrace.scheduler.schedule.Times.due;
import static io.millrace.scheduler.schedule.Times.hourly;
import static io.millrace.scheduler.schedule.Times.shown;
import static io.millrace.scheduler.schedule.Times.utc;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clocks being put forward and back does to schedules. */
class ClockChangeTest {

  private static final ZoneId LORD_HOWE = ZoneId.of("Australia/Lord_Howe");
  private static final ZoneId APIA = ZoneId.of("Pacific/Apia");

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin, 2026-03-29, 2",
    "America/New_York, 2026-03-08, 2",
    "America/Sao_Paulo, 2018-11-04, 0",
    "Asia/Beirut, 2026-03-29, 0"
  })
  void anHourlyTaskHas23InstancesInSpring(String zone, String day, int missing) {
    List<Occurrence> hours = due(hourly(ZoneId.of(zone)), day, day);

    assertThat(hours.stream().map(each -> each.time().getHour()).toList())
        .isEqualTo(IntStream.range(0, 24).filter(hour -> hour != missing).boxed().toList());
    assertThat(hours).noneMatch(Occurrence::dryRun);
    for (int i = 1; i < hours.size(); i++) {
      assertThat(hours.get(i).at()).isEqualTo(hours.get(i - 1).at().plusSeconds(3600));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin, 2026-03-29, 02:30, 03:30, 2026-03-29T01:30",
    "America/New_York, 2026-03-08, 02:00, 03:00, 2026-03-08T07:00",
    "Australia/Lord_Howe, 2026-10-04, 02:15, 02:45, 2026-10-03T15:45",
    "America/Sao_Paulo, 2018-11-04, 00:00, 01:00, 2018-11-04T03:00",
    "Asia/Beirut, 2026-03-29, 00:59, 01:59, 2026-03-28T22:59"
  })
  void aDailyTaskInTheGapMovesOnAsADryRun(
      String zone, String day, String time, String moved, String instant) {
    Schedule schedule = daily(time, ZoneId.of(zone));

    assertThat(due(schedule, day, day))
        .containsExactly(
            new Occurrence(
                utc(instant),
                date(day).atTime(LocalTime.parse(moved)),
                date(day).minusDays(1),
                true,
                day
                    + "T"
                    + time
                    + " does not exist in "
                    + zone
                    + ": moved to "
                    + day
                    + "T"
                    + moved));
    assertThat(shown(schedule.occurrencesOf(date(day))))
        .containsExactly(date(day).plusDays(1) + "T" + time);
  }

  @Test
  void minutesInTheGapDoNotExist() {
    Schedule quarters =
        Schedule.of(Cycle.minutes(15, LocalTime.of(1, 30), LocalTime.of(3, 15)), BERLIN);
    Schedule inside =
        Schedule.of(Cycle.minutes(10, LocalTime.of(2, 0), LocalTime.of(2, 59)), BERLIN);

    assertThat(shown(due(quarters, "2026-03-29", "2026-03-29")))
        .containsExactly(
            "2026-03-29T01:30", "2026-03-29T01:45", "2026-03-29T03:00", "2026-03-29T03:15");
    assertThat(due(inside, "2026-03-29", "2026-03-29")).isEmpty();
    assertThat(inside.next(utc("2026-03-28T12:00")).map(Occurrence::time))
        .contains(date("2026-03-30").atTime(2, 0));
    assertThat(inside.previous(utc("2026-03-29T12:00")).map(Occurrence::time))
        .contains(date("2026-03-28").atTime(2, 50));
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin, 2026-10-25, 2, 2026-10-25T01:00",
    "America/New_York, 2026-11-01, 1, 2026-11-01T06:00",
    "America/Sao_Paulo, 2018-02-17, 23, 2018-02-18T02:00",
    "Asia/Beirut, 2026-10-24, 23, 2026-10-24T21:00"
  })
  void theRepeatedHourRunsOnceTheSecond(String zone, String day, int repeated, String instant) {
    List<Occurrence> hours = due(hourly(ZoneId.of(zone)), day, day);

    assertThat(hours).hasSize(24);
    assertThat(hours.get(repeated).at()).isEqualTo(utc(instant));
    assertThat(hours.get(repeated).time().getHour()).isEqualTo(repeated);
    assertThat(due(daily("%02d:00".formatted(repeated), ZoneId.of(zone)), day, day))
        .containsExactly(hours.get(repeated));
  }

  @Test
  void minutesOfTheRepeatedHourRunOnceWhateverTheIntervalAskedFor() {
    Schedule minutes = Schedule.of(Cycle.minutes(30, LocalTime.MIN, LocalTime.of(23, 59)), BERLIN);

    assertThat(minutes.occurrences(utc("2026-10-25T00:00"), utc("2026-10-25T01:00"))).isEmpty();
    assertThat(shown(minutes.occurrences(utc("2026-10-25T00:30"), utc("2026-10-25T02:00"))))
        .containsExactly("2026-10-25T02:00", "2026-10-25T02:30");
    assertThat(minutes.next(utc("2026-10-25T00:15")).map(Occurrence::at))
        .contains(utc("2026-10-25T01:00"));
    assertThat(minutes.previous(utc("2026-10-25T01:00")).map(Occurrence::at))
        .contains(utc("2026-10-24T23:30"));
  }

  @Test
  void halfAnHourIsSkippedAndRepeatedOnLordHowe() {
    Schedule quarters =
        Schedule.of(Cycle.minutes(15, LocalTime.of(1, 15), LocalTime.of(2, 45)), LORD_HOWE);

    assertThat(shown(due(quarters, "2026-10-04", "2026-10-04")))
        .containsExactly(
            "2026-10-04T01:15",
            "2026-10-04T01:30",
            "2026-10-04T01:45",
            "2026-10-04T02:30",
            "2026-10-04T02:45");
    // 02:00 of +11:00 becomes 01:30 of +10:30.
    assertThat(due(quarters, "2026-04-05", "2026-04-05").stream().map(Occurrence::at).toList())
        .containsExactly(
            utc("2026-04-04T14:15"),
            utc("2026-04-04T15:00"),
            utc("2026-04-04T15:15"),
            utc("2026-04-04T15:30"),
            utc("2026-04-04T15:45"),
            utc("2026-04-04T16:00"),
            utc("2026-04-04T16:15"));
    assertThat(due(hourly(LORD_HOWE), "2026-10-04", "2026-10-04")).hasSize(23);
  }

  @Test
  void aDateThatDoesNotExistHasNoOccurrence() {
    Schedule daily = daily("02:30", APIA);
    Schedule weekly =
        Schedule.of(Cycle.weekly(Set.of(DayOfWeek.MONDAY), LocalTime.of(2, 30)), APIA);

    assertThat(shown(due(daily, "2011-12-29", "2011-12-31")))
        .containsExactly("2011-12-29T02:30", "2011-12-31T02:30");
    assertThat(shown(due(weekly, "2011-12-29", "2011-12-31")))
        .containsExactly("~2011-12-29T02:30", "~2011-12-31T02:30");
    assertThat(due(hourly(APIA), "2011-12-29", "2011-12-31")).hasSize(48);
    assertThat(daily.occurrencesOf(date("2011-12-29"))).isEmpty();
    assertThat(daily.next(utc("2011-12-29T13:00")).map(Occurrence::time))
        .contains(date("2011-12-31").atTime(2, 30));
    assertThat(daily.previous(utc("2011-12-30T12:00")).map(Occurrence::time))
        .contains(date("2011-12-29").atTime(2, 30));
  }

  @Test
  void aTimeMovedBeyondMidnightKeepsItsBusinessDate() {
    Schedule schedule = daily("23:30", ZoneId.of("America/Nuuk"));
    List<Occurrence> days = due(schedule, "2024-03-29", "2024-03-31");

    assertThat(shown(days))
        .containsExactly("2024-03-29T23:30", "~2024-03-31T00:30", "2024-03-31T23:30");
    assertThat(days.get(1).businessDate()).isEqualTo("2024-03-29");
    assertThat(schedule.next(utc("2024-03-31T01:15")).orElseThrow()).isEqualTo(days.get(1));
    assertThat(schedule.previous(utc("2024-03-31T12:00")).orElseThrow()).isEqualTo(days.get(1));
  }

  @Test
  void anOffDayInTheGapNamesBothReasons() {
    Schedule schedule = cron("0 30 2 ? * MON-FRI", BERLIN);

    assertThat(due(schedule, "2026-03-29", "2026-03-29"))
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.time()).isEqualTo("2026-03-29T03:30");
              assertThat(each.reason())
                  .isEqualTo(
                      "the schedule leaves out Sunday 2026-03-29; 2026-03-29T02:30 does not exist"
                          + " in Europe/Berlin: moved to 2026-03-29T03:30");
            });
  }
}
