package io.millrace.scheduler.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes of the occurrences that were missed while nothing ran. */
public enum CatchUp {
  /** All of them are made. */
  ALL,

  /** Only the latest that really runs is made, and the dry runs after it. */
  LAST,

  /** None is made. */
  NONE;

  /**
   * Divides what was missed. Each occurrence is in exactly one of the two lists.
   *
   * @param missed in order of time, all before {@code now}
   * @param maximumLateness what is later than this is skipped whatever the policy; null for no
   *     limit
   */
  public Decision decide(List<Occurrence> missed, Instant now, @Nullable Duration maximumLateness) {
    List<Occurrence> created = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    Instant last = last(missed);
    for (Occurrence occurrence : missed) {
      if (this == NONE) {
        skipped.add(new Skipped(occurrence, "missed, and catch-up is NONE"));
      } else if (maximumLateness != null
          && Duration.between(occurrence.at(), now).compareTo(maximumLateness) > 0) {
        skipped.add(
            new Skipped(occurrence, "missed, and later than the maximum of " + maximumLateness));
      } else if (this == LAST && occurrence.at().isBefore(last)) {
        skipped.add(new Skipped(occurrence, "missed, and catch-up is LAST: a later one runs"));
      } else {
        created.add(occurrence);
      }
    }
    return new Decision(List.copyOf(created), List.copyOf(skipped));
  }

  /** When the latest real one was due; of nothing but dry runs, the latest. */
  private static Instant last(List<Occurrence> missed) {
    Instant last = Instant.MIN;
    boolean real = false;
    for (Occurrence occurrence : missed) {
      if (!occurrence.dryRun() || !real) {
        last = occurrence.at();
      }
      real |= !occurrence.dryRun();
    }
    return last;
  }

  /** What to make, and what not. */
  public record Decision(List<Occurrence> created, List<Skipped> skipped) {}

  /** An occurrence that is not made, and why. */
  public record Skipped(Occurrence occurrence, String reason) {}
}
