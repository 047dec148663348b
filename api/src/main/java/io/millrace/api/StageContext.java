package io.millrace.api;

/** What a connector is given for the duration of one call. Safe for use by several threads. */
public interface StageContext {

  /** What every part of the attempt shares. */
  TaskContext task();

  /** The detailed log of the stage that is running. */
  StageLog log();

  /** Tells that the attempt is being cancelled, and unblocks what waits. */
  Cancellation cancellation();
}
