package io.millrace.scheduler.schedule;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.millrace.api.error.MillraceException;
import io.millrace.scheduler.instance.RunMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a task is due, and what becomes of what was missed. Immutable.
 *
 * <p>On dates that the cycle leaves out there is one dry run, at the cycle's first time of day.
 * Where clocks are put forward, a time that does not exist is left out of a cycle with several
 * times a day, and moved on by as much as the clock, as a dry run, in any other; a whole date that
 * does not exist has no occurrence. Where clocks are put back, the second of two equal times
 * counts.
 *
 * @param zone whose clock the cycle's times are read from
 * @param effectiveFrom the first date it is due on; null for no limit
 * @param effectiveTo the last date it is due on; null for no limit
 * @param mode what its instances do
 * @param maximumLateness what was missed longer ago is not caught up; null for no limit
 */
public record Schedule(
    Cycle cycle,
    ZoneId zone,
    @Nullable LocalDate effectiveFrom,
    @Nullable LocalDate effectiveTo,
    Generation generation,
    RunMode mode,
    CatchUp catchUp,
    @Nullable Duration maximumLateness) {

  /**
   * Checks what is given.
   *
   * @throws MillraceException in one line
   */
  public Schedule {
    if (effectiveFrom != null && effectiveTo != null && effectiveTo.isBefore(effectiveFrom)) {
      throw Fields.refusal(
          "schedule.effectiveTo " + effectiveTo + " is before effectiveFrom " + effectiveFrom);
    }
    if (maximumLateness != null && (maximumLateness.isNegative() || maximumLateness.isZero())) {
      throw Fields.refusal(
          "schedule.maximumLateness must be above 0, found "
              + maximumLateness
              + "; leave it out for no limit");
    }
  }

  /** With the default of everything else. */
  public static Schedule of(Cycle cycle, ZoneId zone) {
    return new Schedule(
        cycle, zone, null, null, Generation.T_PLUS_1, RunMode.NORMAL, CatchUp.ALL, null);
  }

  /**
   * From its JSON form.
   *
   * @throws MillraceException in one line that names the entry, and the nearest known word
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Schedule of(Map<String, @Nullable Object> form) {
    return ScheduleForm.read(form);
  }

  /** Its JSON form, of texts, numbers, lists and maps; without what is null. */
  @JsonValue
  public Map<String, Object> form() {
    return ScheduleForm.write(this);
  }

  /** With other effective dates. */
  public Schedule effective(@Nullable LocalDate from, @Nullable LocalDate to) {
    return new Schedule(cycle, zone, from, to, generation, mode, catchUp, maximumLateness);
  }

  /** What is due in an interval, in order of time. A list: keep the interval finite. */
  public List<Occurrence> occurrences(Instant fromInclusive, Instant toExclusive) {
    return new Timeline(this)
        .from(fromInclusive)
        .takeWhile(occurrence -> occurrence.at().isBefore(toExclusive))
        .toList();
  }

  /** What is planned for the day after a business date, in order of time. */
  public List<Occurrence> occurrencesOf(LocalDate businessDate) {
    return new Timeline(this).on(businessDate.plusDays(1)).toList();
  }

  /** The first occurrence after an instant. */
  public Optional<Occurrence> next(Instant after) {
    return new Timeline(this).from(after.plusNanos(1)).findFirst();
  }

  /** The last occurrence before an instant. */
  public Optional<Occurrence> previous(Instant before) {
    return new Timeline(this).lastBefore(before);
  }

  /**
   * What to do about the occurrences that nobody saw: those after {@code lastSeen} and before
   * {@code now}. What is due right now is not missed.
   */
  public CatchUp.Decision missed(Instant lastSeen, Instant now) {
    return catchUp.decide(occurrences(lastSeen.plusNanos(1), now), now, maximumLateness);
  }
}
