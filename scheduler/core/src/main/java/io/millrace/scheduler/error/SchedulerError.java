package io.millrace.scheduler.error;

import io.millrace.api.error.ErrorCode;
import io.millrace.api.error.ErrorKind;
import io.millrace.api.error.MillraceException;

/** The errors of the scheduler that {@code StandardError} has no word for. */
public enum SchedulerError implements ErrorCode {
  /**
   * What is asked for is right in itself and does not fit what is there now: a name that is taken,
   * a revision that is not the last, a state in which it cannot be done.
   */
  CONFLICT("Scheduler-01", "It does not fit the present state", ErrorKind.USER);

  private final String code;
  private final String description;
  private final ErrorKind kind;

  SchedulerError(String code, String description, ErrorKind kind) {
    this.code = code;
    this.description = description;
    this.kind = kind;
  }

  /** A conflict, told in one line. */
  public static MillraceException conflict(String what) {
    return new MillraceException(CONFLICT, what);
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public ErrorKind kind() {
    return kind;
  }
}
