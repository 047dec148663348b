package io.millrace.scheduler.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CycleTest {

  private static final LocalTime TIME = LocalTime.of(2, 30);
  private static final LocalTime END = LocalTime.of(23, 59);

  static Stream<Arguments> cycles() {
    return Stream.of(
        Arguments.of(Cycle.minutes(1, LocalTime.MIN, END), "0 * * * * ?", 1440),
        Arguments.of(Cycle.minutes(5, LocalTime.MIN, END), "0 0/5 * * * ?", 288),
        Arguments.of(
            Cycle.minutes(30, LocalTime.of(8, 0), LocalTime.of(17, 59)), "0 0,30 8-17 * * ?", 20),
        Arguments.of(Cycle.minutes(90, LocalTime.MIN, END), "0 0 0/3 * * ? | 0 30 1/3 * * ?", 16),
        Arguments.of(
            Cycle.minutes(25, LocalTime.of(8, 10), LocalTime.of(10, 0)),
            "0 10,35 8 * * ? | 0 0/25 9 * * ?",
            5),
        Arguments.of(Cycle.minutes(7, LocalTime.MIN, END), null, 206),
        Arguments.of(Cycle.minutes(600, LocalTime.of(9, 0), LocalTime.of(9, 0)), "0 0 9 * * ?", 1),
        Arguments.of(Cycle.hours(1, 0, 23, 0), "0 0 * * * ?", 24),
        Arguments.of(Cycle.hours(2, 0, 23, 15), "0 15 0/2 * * ?", 12),
        Arguments.of(Cycle.hours(3, 6, 18, 5), "0 5 6-18/3 * * ?", 5),
        Arguments.of(Cycle.hours(List.of(18, 6, 6), 0), "0 0 6,18 * * ?", 2),
        Arguments.of(Cycle.daily(TIME), "0 30 2 * * ?", 1),
        Arguments.of(Cycle.daily(LocalTime.of(2, 30, 15)), "15 30 2 * * ?", 1),
        Arguments.of(
            Cycle.weekly(Set.of(DayOfWeek.SUNDAY, DayOfWeek.MONDAY), TIME),
            "0 30 2 ? * MON,SUN",
            1),
        Arguments.of(Cycle.monthly(List.of("last", "1", "15"), TIME), "0 30 2 1,15,L * ?", 1),
        Arguments.of(
            Cycle.yearly(List.of("06-30", "01-15", "06-last", "02-29"), TIME),
            "0 30 2 15 1 ? | 0 30 2 29 2 ? | 0 30 2 30,L 6 ?",
            1),
        Arguments.of(Cycle.ofCron("  0  30 2 ?  * mon-fri "), "0 30 2 ? * MON-FRI", 1),
        Arguments.of(Cycle.ofCron("*/15 9-17 * * 1-5"), "*/15 9-17 * * 1-5", 36));
  }

  @ParameterizedTest
  @MethodSource("cycles")
  void theCronTextOfEveryCycleMeansTheSame(Cycle cycle, String cron, int timesADay) {
    if (cron != null) {
      assertThat(cycle.cron()).isEqualTo(cron);
    }
    Cycle again = Cycle.ofCron(cycle.cron());

    assertThat(again.cron()).isEqualTo(cycle.cron());
    assertThat(again.isSubDaily()).isEqualTo(cycle.isSubDaily()).isEqualTo(timesADay > 1);
    LocalDate.of(2027, 1, 1)
        .datesUntil(LocalDate.of(2029, 1, 1))
        .forEach(
            date -> {
              assertThat(again.compiled().runsOn(date)).isEqualTo(cycle.compiled().runsOn(date));
              assertThat(again.compiled().times(date)).isEqualTo(cycle.compiled().times(date));
              assertThat(cycle.compiled().times(date))
                  .hasSize(cycle.compiled().runsOn(date) ? timesADay : 1);
            });
  }

  @ParameterizedTest
  @MethodSource("cycles")
  void theJsonFormGivesTheSameCycle(Cycle cycle) {
    Cycle again = CycleForm.read(cycle.form());

    assertThat(again).isEqualTo(cycle).hasSameHashCodeAs(cycle);
    assertThat(again.cron()).isEqualTo(cycle.cron());
  }

  @Test
  void everySevenMinutesCountsFromTheStartOfTheWindow() {
    Cycle cycle = Cycle.minutes(7, LocalTime.of(8, 55), LocalTime.of(9, 20));

    assertThat(Arrays.stream(cycle.compiled().times(LocalDate.EPOCH)).boxed().toList())
        .containsExactly(
            LocalTime.of(8, 55).toSecondOfDay(),
            LocalTime.of(9, 2).toSecondOfDay(),
            LocalTime.of(9, 9).toSecondOfDay(),
            LocalTime.of(9, 16).toSecondOfDay());
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        refused(() -> Cycle.minutes(0, TIME, END), "interval must be 1 to 1439, found 0"),
        refused(() -> Cycle.minutes(5, END, TIME), "to 02:30 is before from 23:59"),
        refused(
            () -> Cycle.minutes(5, LocalTime.of(1, 0, 30), END),
            "from and to must be whole minutes, such as 08:30"),
        refused(() -> Cycle.hours(24, 0, 23, 0), "step must be 1 to 23, found 24"),
        refused(() -> Cycle.hours(1, 8, 7, 0), "to must be 8 to 23, found 7"),
        refused(() -> Cycle.hours(1, 0, 24, 0), "to must be 0 to 23, found 24"),
        refused(() -> Cycle.hours(1, 0, 23, 60), "minute must be 0 to 59, found 60"),
        refused(() -> Cycle.hours(List.of(), 0), "hours is empty: list at least one"),
        refused(() -> Cycle.hours(List.of(5, 24), 0), "hours must be 0 to 23, found 24"),
        refused(() -> Cycle.weekly(List.of(), TIME), "days is empty: list at least one"),
        refused(
            () -> Cycle.daily(LocalTime.of(2, 30, 0, 5)),
            "time must be whole seconds, found 02:30:00.000000005"),
        refused(
            () -> Cycle.monthly(List.of("32"), TIME),
            "days: each must be 1 to 31 or last, found '32'"),
        refused(
            () -> Cycle.monthly(List.of("lst"), TIME),
            "days: each must be 1 to 31 or last, found 'lst'"),
        refused(
            () -> Cycle.yearly(List.of("02-30"), TIME),
            "days: each must be a day that exists: the month has 29 days, found '02-30'"),
        refused(
            () -> Cycle.yearly(List.of("13-01"), TIME),
            "days: each must be in a month of 01 to 12, found '13-01'"),
        refused(
            () -> Cycle.yearly(List.of("June 30"), TIME),
            "days: each must be month and day, such as 06-30 or 02-last, found 'June 30'"),
        read(
            Map.of("every", "dya", "time", "02:30"),
            ".every must be one of minute, hour, day, week, month, year, cron, found 'dya';"
                + " did you mean 'day'?"),
        read(
            Map.of("every", "day", "tme", "02:30"),
            " has no 'tme', only every, time; did you mean 'time'?"),
        read(Map.of("every", "day"), ".time is missing: state it, such as 02:30"),
        read(
            Map.of("every", "day", "time", "2 o'clock"),
            ".time must be such as 02:30, found '2 o'clock'"),
        read(Map.of("every", "day", "time", "25:00"), ".time must be such as 02:30, found '25:00'"),
        read(
            Map.of("every", "week", "days", List.of("MONDEY"), "time", "02:30"),
            ".days must be one of MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY,"
                + " found 'MONDEY'; did you mean 'MONDAY'?"),
        read(
            Map.of("every", "hour", "hours", List.of("six")),
            ".hours must be such as [6, 18], found '[six]'"),
        read(
            Map.of("every", "hour", "hours", List.of(6), "step", 2),
            " has hours and also step, from or to: leave out one"),
        read(
            Map.of("every", "minute", "interval", 2.5),
            ".interval must be such as a whole number, found '2.5'"),
        read(42, " is missing: state it, such as {\"every\": \"day\", \"time\": \"02:30\"}"));
  }

  private static Arguments refused(ThrowingCallable attempt, String message) {
    return Arguments.of(attempt, "schedule.cycle." + message);
  }

  private static Arguments read(Object form, String message) {
    ThrowingCallable attempt = () -> CycleForm.read(form);
    return Arguments.of(attempt, "schedule.cycle" + message);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void badCyclesAreRefusedInOneLine(ThrowingCallable attempt, String message) {
    assertThatThrownBy(attempt).isInstanceOf(MillraceException.class).hasMessage(message);
  }

  @Test
  void wordsAreReadWhateverTheirCaseAndASingleDayNeedsNoList() {
    assertThat(CycleForm.read(Map.of("every", "Week", "days", "sunday", "time", "02:30")).cron())
        .isEqualTo("0 30 2 ? * SUN");
    assertThat(CycleForm.read(Map.of("every", "month", "days", "LAST", "time", "02:30")).cron())
        .isEqualTo("0 30 2 L * ?");
    assertThat(CycleForm.read("30 2 * * *").cron()).isEqualTo("30 2 * * *");
  }
}
