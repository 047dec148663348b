package io.millrace.scheduler.task;

/** When an instance may be run again. */
public enum Rerun {
  /** Whatever came of it. */
  ALWAYS,

  /** Only when it failed. */
  ON_FAILURE,

  NEVER
}
