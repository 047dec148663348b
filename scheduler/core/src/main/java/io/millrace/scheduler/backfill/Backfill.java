package io.millrace.scheduler.backfill;

import io.millrace.scheduler.backfill.BackfillPlan.PlannedTask;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A backfill as it is stored. Immutable.
 *
 * @param id also the run key of its instances
 * @param tasks those that take part, in the versions that run
 * @param message why it is in its state; empty when that says it all
 */
public record Backfill(
    long id,
    String name,
    BackfillState state,
    BackfillRequest request,
    List<PlannedTask> tasks,
    String createdBy,
    Instant createdAt,
    @Nullable Instant finishedAt,
    String message) {

  public Backfill {
    tasks = List.copyOf(tasks);
  }

  /**
   * How many of its dates are where.
   *
   * @param toCome not opened yet
   * @param cancelled never opened, because it was cancelled
   */
  public record Progress(int succeeded, int failed, int open, int toCome, int cancelled) {
    public int dates() {
      return succeeded + failed + open + toCome + cancelled;
    }
  }

  /** With how far it is. */
  public record Shown(Backfill backfill, Progress progress) {}
}
