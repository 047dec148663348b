package io.millrace.scheduler.task;

/**
 * What a task waits for.
 *
 * @param task the name of the other task, or its own for its own previous cycle
 */
public record Dependency(String task, Kind kind) {

  /** Which instance of the other task. */
  public enum Kind {
    SAME_CYCLE,
    PREVIOUS_CYCLE
  }
}
