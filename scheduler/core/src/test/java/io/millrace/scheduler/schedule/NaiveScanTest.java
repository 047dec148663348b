package io.millrace.scheduler.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * Compares the arithmetic with a scan that looks at every minute and asks what the clock on the
 * wall shows, for random schedules around changes of clocks in many zones.
 */
class NaiveScanTest {

  private static final List<String> ZONES =
      List.of(
          "Europe/Berlin 2026-03-29",
          "Europe/Berlin 2026-10-25",
          "America/New_York 2026-03-08",
          "America/New_York 2026-11-01",
          "Australia/Lord_Howe 2026-10-04",
          "Australia/Lord_Howe 2026-04-05",
          "America/Sao_Paulo 2018-11-04",
          "America/Sao_Paulo 2018-02-18",
          "Asia/Beirut 2026-03-29",
          "Asia/Beirut 2026-10-25",
          "Pacific/Apia 2011-12-30",
          "America/Nuuk 2024-03-30",
          "Africa/Casablanca 2026-02-15",
          "Pacific/Kwajalein 1993-08-21",
          "Asia/Kathmandu 2026-02-28",
          "UTC 2028-02-29");

  /** A schedule, and what it means, told another way. */
  private record Case(Cycle cycle, Set<LocalTime> times, Predicate<LocalDate> dates) {}

  @RepeatedTest(320)
  void occurrencesAreThoseThatAScanOfEveryMinuteFinds(RepetitionInfo repetition) {
    int number = repetition.getCurrentRepetition();
    Random random = new Random(number);
    String[] place = ZONES.get(number % ZONES.size()).split(" ");
    ZoneId zone = ZoneId.of(place[0]);
    Case one = random(random);
    Schedule schedule = Schedule.of(one.cycle(), zone);
    LocalDate middle = LocalDate.parse(place[1]);
    if (random.nextInt(3) == 0) {
      schedule = schedule.effective(middle.minusDays(random.nextInt(3)), null);
    }
    if (random.nextInt(3) == 0) {
      schedule = schedule.effective(schedule.effectiveFrom(), middle.plusDays(random.nextInt(3)));
    }
    Instant from = utc(middle.minusDays(4)).plusSeconds(60L * random.nextInt(1440));
    Instant to = utc(middle.plusDays(4)).plusSeconds(60L * random.nextInt(1440));
    List<Instant> expected = new ArrayList<>();
    List<Boolean> dry = new ArrayList<>();
    for (Instant at = from; at.isBefore(to); at = at.plusSeconds(60)) {
      LocalDateTime planned = planned(schedule, one, at);
      if (planned != null) {
        expected.add(at);
        dry.add(
            !one.dates().test(planned.toLocalDate())
                || !planned.equals(LocalDateTime.ofInstant(at, zone)));
      }
    }

    List<Occurrence> found = schedule.occurrences(from, to);

    assertThat(found.stream().map(Occurrence::at).toList()).isEqualTo(expected);
    assertThat(found.stream().map(Occurrence::dryRun).toList()).isEqualTo(dry);
    assertThat(found)
        .allMatch(each -> each.time().equals(LocalDateTime.ofInstant(each.at(), zone)));
    for (int i = 0; i < 20; i++) {
      Instant at = from.plusSeconds(random.nextInt((int) Duration.between(from, to).toSeconds()));
      assertThat(schedule.next(at).map(Occurrence::at).filter(to::isAfter))
          .isEqualTo(expected.stream().filter(at::isBefore).findFirst());
      assertThat(schedule.previous(at).map(Occurrence::at).filter(each -> !each.isBefore(from)))
          .isEqualTo(expected.stream().filter(at::isAfter).reduce((a, b) -> b));
    }
  }

  /** What is planned for the minute that begins at an instant, or null. */
  private static @Nullable LocalDateTime planned(Schedule schedule, Case one, Instant at) {
    ZoneRules rules = schedule.zone().getRules();
    LocalDateTime shown = LocalDateTime.ofInstant(at, schedule.zone());
    List<ZoneOffset> offsets = rules.getValidOffsets(shown);
    if (offsets.size() == 2 && rules.getOffset(at).equals(offsets.get(0))) {
      return null;
    }
    if (isPlanned(schedule, one, shown)) {
      return shown;
    }
    ZoneOffsetTransition change = rules.previousTransition(at.plusSeconds(1));
    if (change == null || !change.isGap() || change.getDuration().toDays() > 0) {
      return null;
    }
    LocalDateTime moved = shown.minus(change.getDuration());
    boolean inTheGap =
        !moved.isBefore(change.getDateTimeBefore()) && moved.isBefore(change.getDateTimeAfter());
    boolean moves = one.times().size() == 1 || !one.dates().test(moved.toLocalDate());
    return inTheGap && moves && isPlanned(schedule, one, moved) ? moved : null;
  }

  private static boolean isPlanned(Schedule schedule, Case one, LocalDateTime time) {
    LocalDate date = time.toLocalDate();
    if (schedule.effectiveFrom() != null && date.isBefore(schedule.effectiveFrom())
        || schedule.effectiveTo() != null && date.isAfter(schedule.effectiveTo())) {
      return false;
    }
    return one.dates().test(date)
        ? one.times().contains(time.toLocalTime())
        : new TreeSet<>(one.times()).first().equals(time.toLocalTime());
  }

  private static Case random(Random random) {
    LocalTime time = time(random);
    Set<LocalTime> once = Set.of(time);
    int day = 1 + random.nextInt(31);
    return switch (random.nextInt(8)) {
      case 0 -> minutes(random);
      case 1 -> hours(random);
      case 2 -> new Case(Cycle.daily(time), once, date -> true);
      case 3 -> {
        Set<Integer> days = random.ints(3, 1, 8).boxed().collect(Collectors.toSet());
        yield new Case(
            Cycle.weekly(days.stream().map(DayOfWeek::of).toList(), time),
            once,
            date -> days.contains(date.getDayOfWeek().getValue()));
      }
      case 4 ->
          new Case(
              Cycle.monthly(List.of("last", Integer.toString(day)), time),
              once,
              date -> date.getDayOfMonth() == day || date.getDayOfMonth() == date.lengthOfMonth());
      case 5 ->
          new Case(
              Cycle.yearly(List.of("02-last", "10-25", "03-29", "12-30"), time),
              once,
              date ->
                  Set.of("0329", "1025", "1230")
                          .contains(
                              "%02d%02d".formatted(date.getMonthValue(), date.getDayOfMonth()))
                      || date.getMonthValue() == 2 && date.plusDays(1).getDayOfMonth() == 1);
      case 6 ->
          new Case(
              Cycle.ofCron("0 0/30 0,2 ? * MON-SAT"),
              Set.of(
                  LocalTime.of(0, 0), LocalTime.of(0, 30), LocalTime.of(2, 0), LocalTime.of(2, 30)),
              date -> date.getDayOfWeek().getValue() != 7);
      default ->
          new Case(
              Cycle.ofCron(time.getMinute() + " " + time.getHour() + " */2 * *"),
              once,
              date -> date.getDayOfMonth() % 2 == 1);
    };
  }

  /** Often where clocks are changed. */
  private static LocalTime time(Random random) {
    int hour =
        random.nextBoolean() ? List.of(0, 1, 2, 23).get(random.nextInt(4)) : random.nextInt(24);
    return LocalTime.of(hour, random.nextInt(60));
  }

  private static Case minutes(Random random) {
    LocalTime a = time(random);
    LocalTime b = time(random);
    LocalTime from = a.isBefore(b) ? a : b;
    LocalTime to = a.isBefore(b) ? b : a;
    int interval = 1 + random.nextInt(random.nextBoolean() ? 30 : 300);
    Set<LocalTime> times = new TreeSet<>();
    for (int minute = from.toSecondOfDay() / 60;
        minute <= to.toSecondOfDay() / 60;
        minute += interval) {
      times.add(LocalTime.ofSecondOfDay(minute * 60L));
    }
    return new Case(Cycle.minutes(interval, from, to), times, date -> true);
  }

  private static Case hours(Random random) {
    int step = 1 + random.nextInt(4);
    int from = random.nextInt(3);
    int to = from + random.nextInt(24 - from);
    int minute = random.nextInt(60);
    Set<LocalTime> times = new TreeSet<>();
    for (int hour = from; hour <= to; hour += step) {
      times.add(LocalTime.of(hour, minute));
    }
    return new Case(Cycle.hours(step, from, to, minute), times, date -> true);
  }

  private static Instant utc(LocalDate date) {
    return date.atStartOfDay().toInstant(ZoneOffset.UTC);
  }
}
