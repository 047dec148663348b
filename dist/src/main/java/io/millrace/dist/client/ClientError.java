package io.millrace.dist.client;

import io.millrace.api.error.ErrorCode;
import io.millrace.api.error.ErrorKind;
import io.millrace.api.error.MillraceException;

/** What can be wrong when a server is asked. Those of the user's make exit code 2, others 1. */
enum ClientError implements ErrorCode {
  INPUT("Client-01", "What was given cannot be sent", ErrorKind.USER),
  REFUSED("Client-02", "The server refuses the request", ErrorKind.USER),
  NOT_LOGGED_IN("Client-03", "The server does not know who asks", ErrorKind.USER),
  FORBIDDEN("Client-04", "The server does not allow it", ErrorKind.USER),
  NOT_FOUND("Client-05", "There is no such thing", ErrorKind.USER),
  CONFLICT("Client-06", "It does not fit the present state", ErrorKind.EXTERNAL),
  FAILED("Client-07", "The server could not do it", ErrorKind.EXTERNAL),
  UNREACHABLE("Client-08", "No server answers", ErrorKind.EXTERNAL);

  private final String code;
  private final String description;
  private final ErrorKind kind;

  ClientError(String code, String description, ErrorKind kind) {
    this.code = code;
    this.description = description;
    this.kind = kind;
  }

  /** The one for an HTTP status that is no success. */
  static ClientError of(int status) {
    return switch (status) {
      case 401 -> NOT_LOGGED_IN;
      case 403 -> FORBIDDEN;
      case 404 -> NOT_FOUND;
      case 409 -> CONFLICT;
      case 408, 429 -> FAILED;
      default -> status >= 400 && status < 500 ? REFUSED : FAILED;
    };
  }

  MillraceException because(String message) {
    return new MillraceException(this, message);
  }

  MillraceException because(String message, Throwable cause) {
    return new MillraceException(this, message, cause);
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
