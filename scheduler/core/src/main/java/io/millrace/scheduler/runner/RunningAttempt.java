package io.millrace.scheduler.runner;

import io.millrace.engine.attempt.Progress;

/** A handle on an attempt that was started. Safe for use by several threads; nothing blocks. */
public interface RunningAttempt {

  /** The instance's id. */
  long instanceId();

  /** The number of the attempt within the instance. */
  int attempt();

  /**
   * Ends the attempt within seconds, whatever blocks; {@code done} is then called as always. What
   * it has committed stays in the ledger, so that another attempt can go on. Later calls, and calls
   * after the end, do nothing.
   *
   * @param reason one line for the log: who and why
   */
  void cancel(String reason);

  /** A look at where it is; the last one once it has ended. */
  Progress progress();
}
