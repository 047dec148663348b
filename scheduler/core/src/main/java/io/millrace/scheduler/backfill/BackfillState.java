package io.millrace.scheduler.backfill;

/** Where a backfill is. */
public enum BackfillState {
  /** Dates are open or to come. */
  RUNNING,

  /** No further date is opened; what is open goes on to its end. */
  PAUSED,

  /** All its dates succeeded. */
  SUCCEEDED,

  /** It has ended, and not all its dates succeeded. */
  FAILED,

  /** What runs was asked to stop and has not ended yet. */
  CANCELLING,

  CANCELLED
}
