package io.millrace.api;

import java.time.Clock;
import java.time.ZoneId;

/**
 * What every part of one attempt shares. Immutable.
 *
 * @param taskName the task's name, for messages
 * @param zone the task's time zone: the user's own expressions are evaluated in it. Values never
 *     depend on it
 * @param clock the source of the current time
 * @param limits bounds that keep memory independent of the input
 */
public record TaskContext(String taskName, ZoneId zone, Clock clock, Limits limits) {

  /**
   * Bounds of one attempt.
   *
   * @param batchBytes bytes after which a batch is full; a single larger value still fits
   * @param batchRows rows after which a batch is full
   * @param maxValueBytes bytes above which a value makes its record dirty
   * @param channels the most channels that will run at once, at least 1
   */
  public record Limits(int batchBytes, int batchRows, int maxValueBytes, int channels) {

    /** 1 MiB or 16,384 rows a batch, values up to 128 MiB, one channel. */
    public static final Limits DEFAULT = new Limits(1 << 20, 16_384, 128 << 20, 1);

    /** The same bounds for another number of channels. */
    public Limits withChannels(int count) {
      return new Limits(batchBytes, batchRows, maxValueBytes, count);
    }
  }
}
