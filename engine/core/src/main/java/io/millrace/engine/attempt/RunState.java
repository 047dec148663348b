package io.millrace.engine.attempt;

/** The state of an attempt, with the number the run log shows. */
public enum RunState {
  SUBMIT(1),
  WAIT(2),
  RUN(3),
  FAIL(4),
  SUCCESS(0);

  private final int number;

  RunState(int number) {
    this.number = number;
  }

  /** The number in the log's state lines; 1 to 4 are DataWorks', 0 is ours. */
  public int number() {
    return number;
  }
}
