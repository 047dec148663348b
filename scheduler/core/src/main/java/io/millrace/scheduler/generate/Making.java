package io.millrace.scheduler.generate;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When this node makes recurring instances: in the background when it starts or when the store did
 * not answer, and at once when it is asked. It ends between two transactions when the node does.
 * Safe for use by several threads.
 */
public final class Making implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(Making.class);
  private static final Duration AGAIN = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Predicate<BooleanSupplier> work;
  private final Runnable unfinished;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService background =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          task -> {
            Thread thread = new Thread(task, "millrace-generator");
            thread.setDaemon(true);
            return thread;
          },
          // What comes after the end is left to the next start.
          new ThreadPoolExecutor.DiscardPolicy());

  /**
   * @param work makes what is to be there by now, as long as it is told to go on; false when it was
   *     ended before all was made
   * @param unfinished sees to it that somebody makes the rest, because this node ends
   */
  public Making(Predicate<BooleanSupplier> work, Runnable unfinished) {
    this.work = work;
    this.unfinished = unfinished;
  }

  /** Makes what is to be there by now, in the background, however often the store fails. */
  public void begin() {
    background.execute(this::untilDone);
  }

  private void untilDone() {
    do {
      try {
        now();
        return;
      } catch (RuntimeException e) {
        logger.error("Making instances was broken off; it is tried again: {}", e.toString());
      }
    } while (!isClosed(AGAIN));
  }

  /** Makes what is to be there by now, and returns then. */
  public void now() {
    if (!work.test(() -> !isClosed(Duration.ZERO))) {
      unfinished.run();
    }
  }

  private boolean isClosed(Duration within) {
    try {
      return closed.await(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Makes no more; waits for the transaction that is under way. */
  @Override
  public void close() {
    closed.countDown();
    // Not by an interrupt, which would have H2 close its file.
    background.shutdown();
    try {
      if (!background.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        logger.warn("Instances are still being made while the node stops");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
