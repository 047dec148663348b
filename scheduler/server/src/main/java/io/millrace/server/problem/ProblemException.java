package io.millrace.server.problem;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ends a request with a problem. Its message goes to the client: one line, without a secret. */
public final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final transient Map<String, String> headers;

  private ProblemException(Problem problem, Map<String, String> headers) {
    // An answer, not a fault: nobody reads its stack.
    super(problem.detail(), null, false, false);
    this.problem = problem;
    this.headers = headers;
  }

  public ProblemException(ProblemKind kind, @Nullable String detail) {
    this(Problem.of(kind, detail), Map.of());
  }

  /** 400 with the field that is wrong. */
  public static ProblemException field(String field, String detail) {
    return new ProblemException(
        Problem.of(ProblemKind.BAD_REQUEST, field + " " + detail).withField(field), Map.of());
  }

  /** 404: there is no such thing, or this caller is not to know of it. */
  public static ProblemException notFound(String detail) {
    return new ProblemException(ProblemKind.NOT_FOUND, detail);
  }

  /** 409: it does not fit the present state. */
  public static ProblemException conflict(String detail) {
    return new ProblemException(ProblemKind.CONFLICT, detail);
  }

  /** 429 with the time after which to try again. */
  public static ProblemException tooMany(String detail, long retryAfterSeconds) {
    return new ProblemException(
        Problem.of(ProblemKind.TOO_MANY_REQUESTS, detail),
        Map.of("Retry-After", Long.toString(Math.max(1, retryAfterSeconds))));
  }

  /** What the client is told. */
  public Problem problem() {
    return problem;
  }

  Map<String, String> headers() {
    return headers;
  }
}
