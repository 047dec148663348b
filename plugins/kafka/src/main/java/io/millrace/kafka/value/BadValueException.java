package io.millrace.kafka.value;

/** A message, or a value in it, that is not what it was declared as. Has no stack trace. */
public final class BadValueException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * @param code short and stable, such as {@code NOT_JSON}
   * @param message what is wrong, for people
   */
  public BadValueException(String code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  /** A short stable code. */
  public String code() {
    return code;
  }
}
