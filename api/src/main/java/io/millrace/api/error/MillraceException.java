package io.millrace.api.error;

import org.jspecify.annotations.Nullable;

/**
 * The one exception of Millrace. Its message is one line, made into one where a driver's or a
 * library's text in it is longer (the exception itself stands in the detailed log), that says what
 * happened, where, and what to do next; it never holds a secret. What of it comes from data, from a
 * statement, or from a server or driver is marked with {@link io.millrace.api.Sensitive#mark}: not
 * everybody who reads the message may see that.
 */
public final class MillraceException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient ErrorCode errorCode;

  public MillraceException(ErrorCode errorCode, String message) {
    this(errorCode, message, null);
  }

  public MillraceException(ErrorCode errorCode, String message, @Nullable Throwable cause) {
    super(OneLine.of(String.valueOf(message)), cause);
    this.errorCode = errorCode;
  }

  /** The typed code. */
  public ErrorCode errorCode() {
    return errorCode;
  }

  /** True when the split may be tried again: the fault lies with a system at the other end. */
  public boolean isRetryable() {
    return errorCode.kind() == ErrorKind.EXTERNAL;
  }
}
