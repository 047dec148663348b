package io.millrace.server.problem;

import io.javalin.http.HttpResponseException;
import io.millrace.api.error.ErrorCode;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.scheduler.error.SchedulerError;
import java.io.EOFException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what was thrown into what the client is told. Thread-safe. */
public final class Problems {

  private static final Logger log = LoggerFactory.getLogger(Problems.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What is answered: the document and further headers. */
  public record Told(Problem problem, Map<String, String> headers) {}

  /**
   * What the client is told. Faults of ours are logged here, once, with the trace id that the
   * client gets instead of the reason.
   *
   * @param request the request in words, for the log
   */
  public Told of(Throwable failure, String request) {
    if (failure instanceof ProblemException known) {
      return new Told(known.problem(), known.headers());
    }
    if (failure instanceof MillraceException known) {
      return new Told(ofMillrace(known, request), Map.of());
    }
    if (failure instanceof HttpResponseException known) {
      return ofJavalin(known);
    }
    if (failure instanceof EOFException) {
      return told(Problem.of(ProblemKind.BAD_REQUEST, "the request ended too early"));
    }
    // Jetty's own refusals of a body: malformed chunks, too slow, gone.
    if (failure instanceof HttpException known && known.getCode() < 500) {
      return told(Problem.of(ProblemKind.of(known.getCode()), null));
    }
    if (hasCause(failure, TimeoutException.class)) {
      return told(Problem.of(ProblemKind.TIMEOUT, null));
    }
    return told(internal(failure, request));
  }

  /** A document for a status that Jetty chose before a route was asked. */
  public static Problem ofStatus(int status) {
    ProblemKind kind = ProblemKind.of(status);
    return new Problem(kind.type(), kind.title(), status, null, null, null, null);
  }

  private Problem ofMillrace(MillraceException failure, String request) {
    ErrorCode code = failure.errorCode();
    ProblemKind kind = kind(code);
    if (kind == ProblemKind.INTERNAL) {
      return internal(failure, request).withCode(code.code());
    }
    return Problem.of(kind, failure.getMessage()).withCode(code.code());
  }

  private static ProblemKind kind(ErrorCode code) {
    if (code == StandardError.FENCED || code == SchedulerError.CONFLICT) {
      return ProblemKind.CONFLICT;
    }
    return switch (code.kind()) {
      case USER -> ProblemKind.REFUSED;
      case EXTERNAL, RESOURCE -> ProblemKind.UNAVAILABLE;
      case INTERNAL -> ProblemKind.INTERNAL;
    };
  }

  private static Told ofJavalin(HttpResponseException failure) {
    ProblemKind kind = ProblemKind.of(failure.getStatus());
    String methods = failure.getDetails().get("availableMethods");
    if (kind == ProblemKind.METHOD_NOT_ALLOWED && methods != null) {
      return new Told(Problem.of(kind, null), Map.of("Allow", methods));
    }
    return told(Problem.of(kind, null));
  }

  private static Problem internal(Throwable failure, String request) {
    byte[] id = new byte[8];
    RANDOM.nextBytes(id);
    String trace = HexFormat.of().formatHex(id);
    log.error("{} failed, trace {}", request, trace, failure);
    return Problem.of(ProblemKind.INTERNAL, "the server's log has the reason under this trace")
        .withTrace(trace);
  }

  private static Told told(Problem problem) {
    return new Told(problem, Map.of());
  }

  private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
