package io.millrace.scheduler.store;

import io.millrace.api.error.ErrorCode;
import io.millrace.api.error.ErrorKind;

/** What the store refuses. */
public enum StoreError implements ErrorCode {
  NAME_TAKEN("Store-01", "there is one of this name already", ErrorKind.USER);

  private final String code;
  private final String description;
  private final ErrorKind kind;

  StoreError(String code, String description, ErrorKind kind) {
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
