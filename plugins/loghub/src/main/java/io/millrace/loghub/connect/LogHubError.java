package io.millrace.loghub.connect;

import io.millrace.api.error.ErrorCode;
import io.millrace.api.error.ErrorKind;

/** Errors that reader and writer treat in their own way. */
public enum LogHubError implements ErrorCode {
  /** The cursor points to what the service has removed. */
  CURSOR_EXPIRED("DBUtilErrorCode-07", "Records of the window are gone", ErrorKind.USER),
  /** The service refuses what was sent because of its content. */
  CONTENT_REFUSED("DBUtilErrorCode-05", "The content was refused", ErrorKind.USER),
  /**
   * A put was sent, and there was no answer, or one that does not tell whether it happened: it may
   * have.
   */
  PUT_UNCERTAIN("DBUtilErrorCode-05", "Whether it was written is not known", ErrorKind.EXTERNAL);

  private final String code;
  private final String description;
  private final ErrorKind kind;

  LogHubError(String code, String description, ErrorKind kind) {
    this.code = code;
    this.description = description;
    this.kind = kind;
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
