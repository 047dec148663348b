package io.millrace.engine.attempt;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Reader;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares what an end says it is with what it said when the instance began. */
final class Identities {

  private Identities() {}

  /**
   * Refuses another thing under the same name. Things that have come since are no harm: what is
   * read was planned before.
   *
   * @param end source or target, for the message
   * @param before null when nothing was known
   */
  static void requireSame(
      String end, @Nullable Map<String, String> before, Map<String, String> now) {
    if (before == null) {
      return;
    }
    before.forEach(
        (name, identity) -> {
          String found = now.get(name);
          if (!identity.equals(found)
              && !identity.startsWith(Reader.UNREADABLE)
              && !ofAnotherServer(identity, found)) {
            throw new MillraceException(
                end.equals("source") ? StandardError.READ_REFUSED : StandardError.WRITE_REFUSED,
                "the " + end + "'s " + name + change(identity, found));
          }
        });
  }

  private static String change(String before, @Nullable String found) {
    if (found != null && found.startsWith(Reader.UNREADABLE)) {
      return " cannot be compared with the one with which the run began, because its identity can"
          + " no longer be read: "
          + withoutServer(found.substring(Reader.UNREADABLE.length()))
          + "; make it readable again and resume, or run the task from scratch";
    }
    return (found == null
            ? " is gone, or is of a kind that has no identity"
            : " is not the one with which the run began: it was removed and made again, or rebuilt"
                + " as a whole (was "
                + before
                + ", is "
                + found
                + ")")
        + "; put the former one back and resume, or run the task from scratch";
  }

  private static String withoutServer(String identity) {
    int at = identity.lastIndexOf(Reader.AT_SERVER);
    return at < 0 ? identity : identity.substring(0, at);
  }

  private static boolean ofAnotherServer(String before, @Nullable String now) {
    int at = before.lastIndexOf(Reader.AT_SERVER);
    int nowAt = now == null ? -1 : now.lastIndexOf(Reader.AT_SERVER);
    return now != null
        && at >= 0
        && nowAt >= 0
        && !before.substring(at).equals(now.substring(nowAt));
  }
}
