package io.millrace.server.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A problem document of RFC 9457.
 *
 * @param type a relative reference that names the kind of problem
 * @param title the kind of problem in words, the same for every occurrence
 * @param status the HTTP status
 * @param detail what happened this time, in one line, without a secret
 * @param field the field of the request that is wrong, such as {@code schedule.cron}
 * @param code the code of a {@link io.millrace.api.error.MillraceException}, for searching
 * @param trace what to look for in the server's log
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
    String type,
    String title,
    int status,
    @Nullable String detail,
    @Nullable String field,
    @Nullable String code,
    @Nullable String trace) {

  /** Its media type. */
  public static final String MEDIA_TYPE = "application/problem+json";

  static Problem of(ProblemKind kind, @Nullable String detail) {
    return new Problem(kind.type(), kind.title(), kind.status(), detail, null, null, null);
  }

  Problem withField(@Nullable String name) {
    return new Problem(type, title, status, detail, name, code, trace);
  }

  Problem withCode(String newCode) {
    return new Problem(type, title, status, detail, field, newCode, trace);
  }

  Problem withTrace(String id) {
    return new Problem(type, title, status, detail, field, code, id);
  }
}
