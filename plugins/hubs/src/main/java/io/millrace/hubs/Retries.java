package io.millrace.hubs;

import io.millrace.api.Cancellation;
import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Sends a request again while that makes sense: a bounded number of times, with growing pauses, and
 * not beyond a cancellation. Immutable.
 *
 * @param times how often at most, not counting the first
 * @param first the pause before the first retry; each next one is twice as long
 * @param longest the longest pause
 */
public record Retries(int times, Duration first, Duration longest) {

  /** Pauses that double up to 32 times the first. */
  public static Retries doubling(long times, long seconds) {
    return new Retries(
        Math.toIntExact(times), Duration.ofSeconds(seconds), Duration.ofSeconds(seconds * 32));
  }

  /**
   * Runs a request.
   *
   * @param request throws a retryable {@link MillraceException} when another try may succeed
   * @return what it returned
   */
  public <T> T run(StageContext context, Supplier<T> request) {
    Duration pause = first;
    for (int failed = 0; ; failed++) {
      context.cancellation().throwIfCancelled();
      try {
        return request.get();
      } catch (MillraceException e) {
        // What was closed by the cancellation fails in some way of its own.
        context.cancellation().throwIfCancelled();
        if (!e.isRetryable()) {
          throw e;
        }
        if (failed >= times) {
          throw times == 0
              ? e
              : new MillraceException(
                  e.errorCode(), e.getMessage() + " (tried " + (failed + 1) + " times)", e);
        }
        context
            .log()
            .warn(
                e.getMessage()
                    + "; retry "
                    + (failed + 1)
                    + " of "
                    + times
                    + " in "
                    + shown(pause));
      }
      await(pause, context.cancellation());
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(longest) > 0 ? longest : doubled;
    }
  }

  private static String shown(Duration pause) {
    return pause.toMillis() % 1000 == 0 ? pause.toSeconds() + " s" : pause.toMillis() + " ms";
  }

  /** Waits, but not beyond a cancellation. */
  public static void await(Duration pause, Cancellation cancellation) {
    CountDownLatch cancelled = new CountDownLatch(1);
    try (Cancellation.Registration registration = cancellation.onCancel(cancelled::countDown)) {
      cancelled.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MillraceException(StandardError.CANCELLED, "interrupted while waiting to retry", e);
    }
    cancellation.throwIfCancelled();
  }
}
