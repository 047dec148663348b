package io.millrace.scheduler.task;

/** What a task does. */
public enum TaskKind {
  /** Moves data. */
  SYNC,

  /** Nothing: others hang on it, and it succeeds at once when its own ancestors have. */
  ZERO_LOAD
}
