package io.millrace.kafka.connect;

import io.millrace.api.Cancellation;
import io.millrace.kafka.connect.KafkaErrors.Doing;
import org.jspecify.annotations.Nullable;

/** Calls of Kafka's clients that end when the attempt is cancelled. Stateless. */
public final class KafkaCalls {

  /** What may block. */
  @FunctionalInterface
  public interface Call<T> {
    T call() throws Exception;
  }

  private KafkaCalls() {}

  /**
   * Makes a call that may block: every blocking call of the clients ends on an interrupt.
   *
   * @param what where an error happened; begins its message
   * @throws io.millrace.api.error.MillraceException what went wrong, in Millrace's terms
   */
  public static <T> T call(Cancellation cancellation, Doing doing, String what, Call<T> call) {
    cancellation.throwIfCancelled();
    long begin = System.nanoTime();
    Interruption interruption = new Interruption();
    try (var registration = cancellation.onCancel(interruption)) {
      return call.call();
    } catch (Exception e) {
      interruption.end();
      cancellation.throwIfCancelled();
      throw KafkaErrors.translate(e, doing, what, System.nanoTime() - begin);
    } finally {
      interruption.end();
    }
  }

  /** Interrupts the thread that made it, as long as that has not ended what may be interrupted. */
  private static final class Interruption implements Runnable {

    private @Nullable Thread thread = Thread.currentThread();

    @Override
    public synchronized void run() {
      Thread blocked = thread;
      if (blocked != null) {
        blocked.interrupt();
      }
    }

    /** On the thread itself: no interrupt of ours is left over for what comes next. */
    synchronized void end() {
      if (thread != null) {
        thread = null;
        Thread.interrupted();
      }
    }
  }
}
