package io.millrace.server.security;

import java.time.Clock;
import org.jdbi.v3.core.Handle;

/** Notes what was changed, in the transaction that changes it. */
final class AuditNote {

  private final Clock clock;

  AuditNote(Clock clock) {
    this.clock = clock;
  }

  void write(Handle handle, String who, String action, String subject, String why, String detail) {
    handle
        .createUpdate(
            "INSERT INTO audit (at, who, action, subject, why, detail)"
                + " VALUES (:at, :who, :action, :subject, :why, :detail)")
        .bind("at", clock.millis())
        .bind("who", cut(who, 64))
        .bind("action", action)
        .bind("subject", cut(subject, 200))
        .bind("why", cut(why, 1000))
        .bind("detail", cut(detail, 4000))
        .execute();
  }

  private static String cut(String text, int most) {
    return text.length() > most ? text.substring(0, most) : text;
  }
}
