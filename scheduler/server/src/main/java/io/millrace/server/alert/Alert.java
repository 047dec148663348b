package io.millrace.server.alert;

import io.millrace.scheduler.backfill.Backfill;
import io.millrace.scheduler.backfill.BackfillState;
import java.time.Instant;

/**
 * Something that somebody wanted to be told of.
 *
 * @param subject what it is about, as the audit calls it: {@code backfill/7}
 * @param name the subject's name
 * @param by who made it
 * @param message why it is so; empty when the type says it all
 * @param text all of it in one sentence, which chat programs show
 */
public record Alert(
    Type type, Instant at, String subject, String name, String by, String message, String text) {

  /** What has happened. Receivers have to bear types that they do not know. */
  public enum Type {
    BACKFILL_SUCCEEDED,
    BACKFILL_FAILED,
    BACKFILL_CANCELLED
  }

  static Alert of(Backfill ended, Instant now) {
    Type type = type(ended.state());
    String outcome =
        switch (type) {
          case BACKFILL_SUCCEEDED -> " has succeeded";
          case BACKFILL_FAILED -> " has failed";
          case BACKFILL_CANCELLED -> " was cancelled";
        };
    return new Alert(
        type,
        now,
        "backfill/" + ended.id(),
        ended.name(),
        ended.createdBy(),
        ended.message(),
        "Backfill "
            + ended.id()
            + " '"
            + ended.name()
            + "' of "
            + ended.createdBy()
            + outcome
            + (ended.message().isEmpty() ? "" : ": " + ended.message()));
  }

  private static Type type(BackfillState state) {
    return switch (state) {
      case SUCCEEDED -> Type.BACKFILL_SUCCEEDED;
      case CANCELLED -> Type.BACKFILL_CANCELLED;
      default -> Type.BACKFILL_FAILED;
    };
  }
}
