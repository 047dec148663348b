package io.millrace.scheduler.instance;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;

/**
 * An instance to be made; see {@link Instance} for its parts. Immutable.
 *
 * @param ancestors what it waits for
 */
public record NewInstance(
    long taskId,
    int taskVersion,
    InstanceKind kind,
    Instant scheduledAt,
    long runKey,
    LocalDateTime scheduledTime,
    LocalDate businessDate,
    RunMode mode,
    String reason,
    Instant dueAt,
    int priority,
    int slots,
    long groupId,
    int maxParallel,
    String parameters,
    List<Ancestor> ancestors) {

  public NewInstance {
    ancestors = List.copyOf(ancestors);
  }

  /** What makes it the same as another. */
  public Key key() {
    return new Key(taskId, kind, scheduledAt, runKey);
  }

  /** The unique key of an instance. */
  public record Key(long taskId, InstanceKind kind, Instant scheduledAt, long runKey) {}

  /**
   * An instance that must succeed first, whether it exists yet or not. It is of the same kind and
   * run key as the one that waits.
   */
  public record Ancestor(long taskId, Instant scheduledAt) {}
}
