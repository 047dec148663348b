package io.millrace.server.api;

import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.InstanceKind;
import io.millrace.scheduler.instance.InstanceQuery;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.instance.RunMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * An instance in a list.
 *
 * @param scheduledTime as clocks of the task's zone show it
 * @param runKey the backfill of a BACKFILL instance, a number of its own for a TEST or MANUAL one
 * @param reason why it is in its state; empty when that says it all
 * @param attempts how many there have been
 */
record InstanceView(
    long id,
    long taskId,
    String task,
    int taskVersion,
    String owner,
    InstanceKind kind,
    Instant scheduledAt,
    LocalDateTime scheduledTime,
    LocalDate businessDate,
    long runKey,
    InstanceState state,
    RunMode mode,
    String reason,
    Instant dueAt,
    int priority,
    int slots,
    String group,
    int attempts,
    String node,
    Instant changedAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {

  static InstanceView of(InstanceQuery.Found found) {
    Instance instance = found.instance();
    return new InstanceView(
        instance.id(),
        instance.taskId(),
        found.task(),
        instance.taskVersion(),
        found.owner(),
        instance.kind(),
        instance.scheduledAt(),
        instance.scheduledTime(),
        instance.businessDate(),
        instance.runKey(),
        instance.state(),
        instance.mode(),
        instance.reason(),
        instance.dueAt(),
        instance.priority(),
        instance.slots(),
        found.group(),
        instance.attempts(),
        instance.node(),
        instance.changedAt(),
        instance.startedAt(),
        instance.finishedAt());
  }
}
