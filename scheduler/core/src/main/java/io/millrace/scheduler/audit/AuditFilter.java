package io.millrace.scheduler.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which entries to show; null for any.
 *
 * @param subject the beginning of the subject
 * @param from the first instant
 * @param to the instant after the last one
 */
public record AuditFilter(
    @Nullable String who,
    @Nullable String action,
    @Nullable String subject,
    @Nullable Instant from,
    @Nullable Instant to) {

  public static final AuditFilter ALL = new AuditFilter(null, null, null, null, null);

  public AuditFilter withWho(String name) {
    return new AuditFilter(name, action, subject, from, to);
  }

  public AuditFilter withAction(String name) {
    return new AuditFilter(who, name, subject, from, to);
  }

  public AuditFilter withSubject(String beginning) {
    return new AuditFilter(who, action, beginning, from, to);
  }

  public AuditFilter between(Instant first, Instant end) {
    return new AuditFilter(who, action, subject, first, end);
  }
}
