package io.millrace.hubs;

import org.jspecify.annotations.Nullable;

/** A value that makes its record dirty. Has no stack trace: there may be millions. */
public final class BadValueException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String code;
  private final @Nullable String column;

  /**
   * @param code a short stable code
   * @param message what is wrong, for people
   */
  public BadValueException(String code, String message) {
    this(code, message, null);
  }

  private BadValueException(String code, String message, @Nullable String column) {
    super(message, null, false, false);
    this.code = code;
    this.column = column;
  }

  /** The same, said of a column. */
  public BadValueException in(String name) {
    return new BadValueException(code, String.valueOf(getMessage()), name);
  }

  /** A short stable code. */
  public String code() {
    return code;
  }

  /** The column's name, or null when the whole record is at fault. */
  public @Nullable String column() {
    return column;
  }
}
