package io.millrace.hubs;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells a service that refuses every record, for a reason of its own, from one that refuses some
 * for what they hold. One for all splits of an attempt. Thread-safe.
 */
public final class Refusals {

  /** So many records without one that was taken are no accident. */
  private static final int MOST = 1000;

  private final AtomicLong refused = new AtomicLong();
  private volatile boolean taken;

  /** The service has taken records: what it refuses from now on is refused for its content. */
  public void taken(long records) {
    taken |= records > 0;
  }

  /**
   * The service has refused a record.
   *
   * @param where what is written to; begins the message
   * @param reason the service's own
   * @throws MillraceException when it has refused all records until now, and they are many
   */
  public void refused(String where, String reason) {
    if (refused.incrementAndGet() >= MOST && !taken) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          where
              + ": the service has taken none of the first "
              + MOST
              + " records, so the reason is not what one of them holds: "
              + reason);
    }
  }
}
