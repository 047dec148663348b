package io.millrace.scheduler.dispatch;

import io.millrace.scheduler.instance.Instance;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts attempts. Safe for use by several threads. */
public interface Launcher {

  /**
   * Makes ready what must be there before the attempt's row is durable. Doing so again, or in vain,
   * does no harm.
   */
  void reserve(Instance instance, int attempt);

  /**
   * Starts an attempt and returns at once.
   *
   * @param done takes the end, exactly once and on any thread, also when it could not be started
   */
  Started start(Picked picked, Consumer<Ended> done);

  /** An attempt that was started. */
  interface Started {
    /** Ends it within seconds; later calls do nothing. */
    void cancel(String reason);
  }

  /**
   * How an attempt ended.
   *
   * @param succeeded true when everything is written and was counted
   * @param errorCode what failed; null on success
   * @param message one line; empty on success
   */
  record Ended(
      boolean succeeded,
      long read,
      long written,
      long dirty,
      long bytes,
      @Nullable String errorCode,
      String message) {}
}
