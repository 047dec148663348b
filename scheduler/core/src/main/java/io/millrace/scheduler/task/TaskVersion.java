package io.millrace.scheduler.task;

import java.time.Instant;

/**
 * A published version of a task. Never changed. Immutable.
 *
 * @param slots how many slots an instance of it takes: the channels of its script
 * @param note what its publisher says of it
 */
public record TaskVersion(
    long taskId,
    int version,
    TaskDefinition definition,
    int slots,
    String publishedBy,
    Instant publishedAt,
    String note) {}
