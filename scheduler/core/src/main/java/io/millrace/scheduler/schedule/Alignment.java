package io.millrace.scheduler.schedule;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which occurrences of an upstream task an occurrence waits for. Business dates are compared, each
 * in its own task's zone. A cycle is <em>sub-daily</em> when it has several times a day; day, week,
 * month and year are not, as their off-days are occurrences too. Stateless.
 */
public final class Alignment {

  private Alignment() {}

  /**
   * The occurrences of the same cycle, in order of time.
   *
   * <ul>
   *   <li>Upstream once a day: the one with the same business date, even when it is later in the
   *       day. A task of 08:00 waits for one of 09:30.
   *   <li>Downstream once a day, upstream sub-daily: all with that business date. A task of 23:30
   *       waits for the 24 of an hourly one.
   *   <li>Both sub-daily: the latest at or before the downstream's time, of the same business date.
   *       The 10:15 of a task of every 15 minutes waits for the 10:00 of an hourly one; where there
   *       is none yet that day, it waits for none.
   * </ul>
   *
   * @param occurrence one of {@code downstream}
   */
  public static List<Occurrence> sameCycle(
      Schedule downstream, Occurrence occurrence, Schedule upstream) {
    List<Occurrence> day = upstream.occurrencesOf(occurrence.businessDate());
    if (!bothSubDaily(downstream, upstream)) {
      return day;
    }
    List<Occurrence> begun =
        day.stream().filter(each -> !each.at().isAfter(occurrence.at())).toList();
    return begun.isEmpty() ? begun : List.of(begun.get(begun.size() - 1));
  }

  /**
   * The latest occurrence of an earlier cycle that is before {@code occurrence}; none before the
   * upstream's first.
   *
   * <ul>
   *   <li>One of the two once a day: of an earlier business date. The daily task of 02:30 waits for
   *       its own of the day before; one that is daily at 02:30, for the 23:00 of an hourly one.
   *   <li>Both sub-daily: the one before that of the same cycle. The 10:15 of a task of every 15
   *       minutes waits for its own of 10:00, and for the 09:00 of an hourly one.
   * </ul>
   *
   * @param occurrence one of {@code downstream}
   * @param upstream may be {@code downstream} itself
   */
  public static Optional<Occurrence> previousCycle(
      Schedule downstream, Occurrence occurrence, Schedule upstream) {
    Instant before = occurrence.at();
    List<Occurrence> same = sameCycle(downstream, occurrence, upstream);
    if (!same.isEmpty() && same.get(0).at().isBefore(before)) {
      before = same.get(0).at();
    }
    Optional<Occurrence> previous = upstream.previous(before);
    // In another zone a later business date may already have begun.
    while (!bothSubDaily(downstream, upstream)
        && previous.isPresent()
        && !previous.get().businessDate().isBefore(occurrence.businessDate())) {
      previous = upstream.previous(previous.get().at());
    }
    return previous;
  }

  private static boolean bothSubDaily(Schedule downstream, Schedule upstream) {
    return downstream.cycle().isSubDaily() && upstream.cycle().isSubDaily();
  }
}
