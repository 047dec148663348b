package io.millrace.api.error;

/** A typed error. Each module and connector has an enum of its own. */
public interface ErrorCode {

  /** The code that people search for, such as {@code DBUtilErrorCode-07}. */
  String code();

  /** One sentence that describes the class of errors. */
  String description();

  /** Whose fault it is. */
  ErrorKind kind();
}
