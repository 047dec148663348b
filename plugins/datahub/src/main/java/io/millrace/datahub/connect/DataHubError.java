package io.millrace.datahub.connect;

import io.millrace.api.error.ErrorCode;
import io.millrace.api.error.ErrorKind;

/** Errors that reader and writer treat in their own way. */
public enum DataHubError implements ErrorCode {
  /** What is asked for was removed by the service. */
  EXPIRED("DBUtilErrorCode-07", "Records of the window are gone", ErrorKind.USER),
  /** The service refuses what was sent because of its content. */
  CONTENT_REFUSED("DBUtilErrorCode-05", "The content was refused", ErrorKind.USER),
  /** The shard was closed or is gone: another one may take the records. */
  SHARD_CLOSED("DBUtilErrorCode-05", "The shard takes nothing more", ErrorKind.EXTERNAL),
  /**
   * A put was sent, and there was no answer, or one that does not tell whether it happened: it may
   * have.
   */
  PUT_UNCERTAIN("DBUtilErrorCode-05", "Whether it was written is not known", ErrorKind.EXTERNAL);

  private final String code;
  private final String description;
  private final ErrorKind kind;

  DataHubError(String code, String description, ErrorKind kind) {
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
