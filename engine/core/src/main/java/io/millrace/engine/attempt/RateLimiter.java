package io.millrace.engine.attempt;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The limit of an attempt in bytes and records a second, shared by all its channels. What is asked
 * for is paid in advance by waiting, so that the whole attempt never exceeds the rate, whatever the
 * size of its batches. Zero costs nothing. Safe for use by several threads.
 */
final class RateLimiter {

  private static final double NANOS = 1e9;

  private final long bytesPerSecond;
  private final long recordsPerSecond;
  private final LongSupplier nanoTime;
  private double bytesFreeAt;
  private double recordsFreeAt;
  private boolean begun;

  /**
   * @param bytesPerSecond 0 for no limit
   * @param recordsPerSecond 0 for no limit
   * @param nanoTime {@link System#nanoTime()}, or a test's
   */
  RateLimiter(long bytesPerSecond, long recordsPerSecond, LongSupplier nanoTime) {
    this.bytesPerSecond = bytesPerSecond;
    this.recordsPerSecond = recordsPerSecond;
    this.nanoTime = nanoTime;
  }

  boolean isUnlimited() {
    return bytesPerSecond == 0 && recordsPerSecond == 0;
  }

  /** Books the passage of so much, and tells how long the caller has to wait for it. */
  synchronized Duration book(long bytes, long records) {
    long now = nanoTime.getAsLong();
    if (!begun) {
      begun = true;
      bytesFreeAt = now;
      recordsFreeAt = now;
    }
    double until = now;
    if (bytesPerSecond > 0 && bytes > 0) {
      bytesFreeAt = Math.max(bytesFreeAt, now) + bytes * NANOS / bytesPerSecond;
      until = Math.max(until, bytesFreeAt);
    }
    if (recordsPerSecond > 0 && records > 0) {
      recordsFreeAt = Math.max(recordsFreeAt, now) + records * NANOS / recordsPerSecond;
      until = Math.max(until, recordsFreeAt);
    }
    return Duration.ofNanos((long) (until - now));
  }
}
