package io.millrace.server.problem;

import java.util.Locale;

/** The kinds of problems that the API answers with. */
public enum ProblemKind {
  BAD_REQUEST(400, "The request is wrong"),
  NOT_LOGGED_IN(401, "Login is needed"),
  FORBIDDEN(403, "This is not allowed"),
  CSRF(403, "The request does not prove that it was meant"),
  PASSWORD_DUE(403, "The password has to be changed first"),
  NOT_FOUND(404, "There is no such thing"),
  METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
  TIMEOUT(408, "The request took too long"),
  CONFLICT(409, "It does not fit the present state"),
  TOO_LARGE(413, "The request is too large"),
  UNSUPPORTED_MEDIA_TYPE(415, "The body must be JSON"),
  WRONG_HOST(421, "The request is for another host"),
  REFUSED(422, "It was understood and refused"),
  TOO_MANY_REQUESTS(429, "Too many requests"),
  HEADERS_TOO_LARGE(431, "The headers are too large"),
  INTERNAL(500, "An internal error"),
  UNAVAILABLE(503, "Not available at the moment");

  private final int status;
  private final String title;

  ProblemKind(int status, String title) {
    this.status = status;
    this.title = title;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  String title() {
    return title;
  }

  String type() {
    return "/problems/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The kind for a status that something else chose. */
  static ProblemKind of(int status) {
    for (ProblemKind kind : values()) {
      if (kind.status == status) {
        return kind;
      }
    }
    return status < 500 ? BAD_REQUEST : status == 500 ? INTERNAL : UNAVAILABLE;
  }
}
