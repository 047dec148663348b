package io.millrace.scheduler.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Puts the dates and wall-clock times of a schedule on the line of instants. Goes from date to
 * date; as every date has an occurrence, apart from clock changes, nothing is searched for long.
 * Planned times and their instants have the same order, as of two equal times the second counts.
 */
final class Timeline {

  /** Clocks have never been changed by more, not even across the date line. */
  private static final Duration LONGEST_CHANGE = Duration.ofDays(1);

  private static final int DAY = 86_400;

  private final Schedule schedule;
  private final Cron cron;
  private final ZoneRules rules;

  Timeline(Schedule schedule) {
    this.schedule = schedule;
    this.cron = schedule.cycle().compiled();
    this.rules = schedule.zone().getRules();
  }

  /** All occurrences from an instant on, lazily. */
  Stream<Occurrence> from(Instant from) {
    LocalDateTime begin = local(from);
    if (!isSteadyAround(from)) {
      begin = begin.toLocalDate().minusDays(1).atStartOfDay();
    }
    LocalDate effective = schedule.effectiveFrom();
    if (effective != null && begin.toLocalDate().isBefore(effective)) {
      begin = effective.atStartOfDay();
    }
    LocalDate first = begin.toLocalDate();
    int second = begin.toLocalTime().toSecondOfDay();
    return Stream.iterate(first, this::isEffective, date -> date.plusDays(1))
        .flatMap(date -> on(date, date.equals(first) ? second : 0))
        .dropWhile(occurrence -> occurrence.at().isBefore(from));
  }

  /** The last occurrence before an instant. */
  Optional<Occurrence> lastBefore(Instant before) {
    LocalDateTime end = local(before);
    LocalDate effective = schedule.effectiveTo();
    if (effective != null && end.toLocalDate().isAfter(effective)) {
      end = effective.atTime(LocalTime.MAX);
    } else if (!isSteadyAround(before)) {
      end = end.with(LocalTime.MAX);
    }
    LocalDate last = end.toLocalDate();
    int second = end.toLocalTime().toSecondOfDay();
    return Stream.iterate(last, this::isEffective, date -> date.minusDays(1))
        .flatMap(date -> backwards(date, date.equals(last) ? second : DAY))
        .filter(occurrence -> occurrence.at().isBefore(before))
        .findFirst();
  }

  /** The occurrences that are planned for a date. */
  Stream<Occurrence> on(LocalDate date) {
    return isEffective(date) ? on(date, 0) : Stream.empty();
  }

  private Stream<Occurrence> on(LocalDate date, int fromSecond) {
    return planned(date, Arrays.stream(cron.times(date)).filter(second -> second >= fromSecond));
  }

  private Stream<Occurrence> backwards(LocalDate date, int toSecond) {
    int[] times = cron.times(date);
    return planned(
        date,
        IntStream.range(0, times.length)
            .map(i -> times[times.length - 1 - i])
            .filter(second -> second <= toSecond));
  }

  private Stream<Occurrence> planned(LocalDate date, IntStream seconds) {
    String reason = cron.runsOn(date) ? "" : offDay(date);
    boolean moves = !reason.isEmpty() || !cron.isSubDaily();
    return seconds
        .mapToObj(second -> occurrence(date, LocalTime.ofSecondOfDay(second), reason, moves))
        .flatMap(Optional::stream);
  }

  private Optional<Occurrence> occurrence(
      LocalDate date, LocalTime planned, String reason, boolean moves) {
    LocalDateTime time = date.atTime(planned);
    LocalDate businessDate = date.minusDays(1);
    List<ZoneOffset> offsets = rules.getValidOffsets(time);
    if (!offsets.isEmpty()) {
      Instant at = time.toInstant(offsets.get(offsets.size() - 1));
      return Optional.of(new Occurrence(at, time, businessDate, !reason.isEmpty(), reason));
    }
    ZoneOffsetTransition gap = rules.getTransition(time);
    if (!moves || gap.getDuration().compareTo(LONGEST_CHANGE) >= 0) {
      return Optional.empty();
    }
    LocalDateTime moved = time.plus(gap.getDuration());
    String why = time + " does not exist in " + schedule.zone() + ": moved to " + moved;
    return Optional.of(
        new Occurrence(
            moved.toInstant(gap.getOffsetAfter()),
            moved,
            businessDate,
            true,
            reason.isEmpty() ? why : reason + "; " + why));
  }

  private static String offDay(LocalDate date) {
    String day = date.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    return "the schedule leaves out " + day + " " + date;
  }

  private LocalDateTime local(Instant instant) {
    return LocalDateTime.ofInstant(instant, schedule.zone());
  }

  /** True when no clock is changed near an instant, so that wall-clock time is in order there. */
  private boolean isSteadyAround(Instant instant) {
    ZoneOffsetTransition next = rules.nextTransition(instant.minus(LONGEST_CHANGE));
    return next == null || next.getInstant().isAfter(instant.plus(LONGEST_CHANGE));
  }

  private boolean isEffective(LocalDate date) {
    LocalDate from = schedule.effectiveFrom();
    LocalDate to = schedule.effectiveTo();
    return (from == null || !date.isBefore(from)) && (to == null || !date.isAfter(to));
  }
}
