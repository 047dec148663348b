package io.millrace.scheduler.instance;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * One planned occurrence of a task, as it is stored. Immutable.
 *
 * @param taskVersion the published version that it runs
 * @param scheduledAt its true scheduled time, whenever it runs
 * @param runKey the backfill of a {@link InstanceKind#BACKFILL} instance, a number of its own for a
 *     test or manual one, 0 for a recurring one
 * @param scheduledTime the scheduled time as clocks of the task's zone show it
 * @param reason why it is in its state, in words; empty when that says it all
 * @param dueAt not before this time
 * @param pending ancestors that have not succeeded
 * @param priority 1 to 11, higher first
 * @param slots how many slots of its group it takes
 * @param maxParallel how many instances of its task may run at once
 * @param parameters the values that were frozen when it was made, as text; see {@link
 *     io.millrace.scheduler.parameter.FrozenParameters}
 * @param generation of its ledger in the target; starting anew is a new one
 * @param attempts how many there have been
 * @param reruns automatic ones since the last time that somebody asked for a run
 * @param node where it runs; empty when it does not
 * @param epoch of that node's lease
 * @param readyAt since when it waits for resources; null when it does not
 */
public record Instance(
    long id,
    long taskId,
    int taskVersion,
    InstanceKind kind,
    Instant scheduledAt,
    long runKey,
    LocalDateTime scheduledTime,
    LocalDate businessDate,
    InstanceState state,
    RunMode mode,
    String reason,
    Instant dueAt,
    int pending,
    int priority,
    int slots,
    long groupId,
    int maxParallel,
    String parameters,
    int generation,
    int attempts,
    int reruns,
    String node,
    long epoch,
    Instant createdAt,
    Instant changedAt,
    @Nullable Instant readyAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {}
