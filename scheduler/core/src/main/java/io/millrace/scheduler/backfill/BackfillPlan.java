package io.millrace.scheduler.backfill;

import io.millrace.scheduler.backfill.Existing.Action;
import io.millrace.scheduler.instance.NewInstance;
import io.millrace.scheduler.instance.RunMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a backfill would make, to be looked at before it is made. Immutable.
 *
 * @param name how it will be listed
 * @param tasks those that take part, ancestors before descendants
 * @param dates in the order in which they are let go
 * @param notes what one should know before making it
 */
public record BackfillPlan(
    BackfillRequest request,
    String name,
    List<PlannedTask> tasks,
    List<PlannedDate> dates,
    Counts counts,
    List<String> notes) {

  public BackfillPlan {
    tasks = List.copyOf(tasks);
    dates = List.copyOf(dates);
    notes = List.copyOf(notes);
  }

  /**
   * A task that takes part, in the version that will run.
   *
   * @param left true when it was left out and stands in between as a dry run
   */
  public record PlannedTask(long id, String name, int version, boolean left) {}

  /**
   * A business date.
   *
   * @param note why there is nothing on it; empty otherwise
   */
  public record PlannedDate(LocalDate date, List<PlannedInstance> instances, String note) {
    public PlannedDate {
      instances = List.copyOf(instances);
    }
  }

  /**
   * An occurrence of a task.
   *
   * @param why of the action and of the mode, in words; may be empty
   * @param slice what it has to take; null for its own period
   * @param ancestors what it waits for within this backfill
   */
  public record PlannedInstance(
      long task,
      Instant at,
      LocalDateTime time,
      LocalDate businessDate,
      Action action,
      RunMode mode,
      String why,
      @Nullable SliceBounds slice,
      List<NewInstance.Ancestor> ancestors) {
    public PlannedInstance {
      ancestors = List.copyOf(ancestors);
    }
  }

  /** The first and the last period of a slice. */
  public record SliceBounds(
      LocalDate from, LocalDate to, LocalDateTime fromTime, LocalDateTime toTime) {}

  /**
   * Figures.
   *
   * @param dates on which something is made
   * @param dryRuns those of {@code create} and {@code rerun} that do not really run
   */
  public record Counts(int dates, int create, int rerun, int skip, int dryRuns) {}
}
