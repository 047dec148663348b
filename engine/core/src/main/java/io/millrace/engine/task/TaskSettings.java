package io.millrace.engine.task;

import io.millrace.api.TaskContext;
import java.time.Duration;
import java.time.ZoneId;

/**
 * How a task runs, whatever its ends are.
 *
 * @param channels the most splits at once ({@code speed.concurrent}), 1 to 32
 * @param bytesPerSecond limit over the whole task; 0 for none
 * @param recordsPerSecond limit over the whole task; 0 for none
 * @param dirtyLimit how many dirty records are tolerated
 * @param zone the zone of the user's own expressions
 * @param splitRetries how often a failed split is tried again, 0 to 100
 * @param retryDelay the wait before the first retry of a split; it doubles up to a minute
 * @param stallTimeout how long no channel may make progress before the attempt is ended
 * @param batchBytes bytes of a full batch
 * @param maxValueBytes bytes above which a value makes its record dirty
 * @param rules how values and names are understood
 */
public record TaskSettings(
    int channels,
    long bytesPerSecond,
    long recordsPerSecond,
    DirtyLimit dirtyLimit,
    ZoneId zone,
    int splitRetries,
    Duration retryDelay,
    Duration stallTimeout,
    int batchBytes,
    int maxValueBytes,
    TaskContext.Rules rules) {

  public static final int DEFAULT_CHANNELS = 3;

  /** Defaults in the given zone. */
  public static TaskSettings defaults(ZoneId zone) {
    return new TaskSettings(
        DEFAULT_CHANNELS,
        0,
        0,
        DirtyLimit.UNSTATED,
        zone,
        3,
        Duration.ofSeconds(1),
        Duration.ofMinutes(30),
        1 << 20,
        128 << 20,
        TaskContext.Rules.OWN);
  }

  public TaskSettings withChannels(int count) {
    return new TaskSettings(
        count,
        bytesPerSecond,
        recordsPerSecond,
        dirtyLimit,
        zone,
        splitRetries,
        retryDelay,
        stallTimeout,
        batchBytes,
        maxValueBytes,
        rules);
  }

  public TaskSettings withRate(long bytes, long records) {
    return new TaskSettings(
        channels,
        bytes,
        records,
        dirtyLimit,
        zone,
        splitRetries,
        retryDelay,
        stallTimeout,
        batchBytes,
        maxValueBytes,
        rules);
  }

  public TaskSettings withDirtyLimit(DirtyLimit limit) {
    return new TaskSettings(
        channels,
        bytesPerSecond,
        recordsPerSecond,
        limit,
        zone,
        splitRetries,
        retryDelay,
        stallTimeout,
        batchBytes,
        maxValueBytes,
        rules);
  }

  public TaskSettings withRetries(int retries, Duration delay) {
    return new TaskSettings(
        channels,
        bytesPerSecond,
        recordsPerSecond,
        dirtyLimit,
        zone,
        retries,
        delay,
        stallTimeout,
        batchBytes,
        maxValueBytes,
        rules);
  }

  public TaskSettings withStallTimeout(Duration timeout) {
    return new TaskSettings(
        channels,
        bytesPerSecond,
        recordsPerSecond,
        dirtyLimit,
        zone,
        splitRetries,
        retryDelay,
        timeout,
        batchBytes,
        maxValueBytes,
        rules);
  }

  public TaskSettings withSizes(int batch, int maxValue) {
    return new TaskSettings(
        channels,
        bytesPerSecond,
        recordsPerSecond,
        dirtyLimit,
        zone,
        splitRetries,
        retryDelay,
        stallTimeout,
        batch,
        maxValue,
        rules);
  }

  public TaskSettings withRules(TaskContext.Rules other) {
    return new TaskSettings(
        channels,
        bytesPerSecond,
        recordsPerSecond,
        dirtyLimit,
        zone,
        splitRetries,
        retryDelay,
        stallTimeout,
        batchBytes,
        maxValueBytes,
        other);
  }
}
