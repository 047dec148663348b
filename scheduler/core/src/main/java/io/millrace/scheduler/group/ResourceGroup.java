package io.millrace.scheduler.group;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;

/**
 * Where tasks run, and its capacity. Immutable.
 *
 * @param slots how many channels may be in use at once, over all instances and nodes; 0 lets
 *     nothing new begin
 * @param backfillMinimum so many of the slots are for backfills when these have something to do
 */
public record ResourceGroup(long id, String name, GroupKind kind, int slots, int backfillMinimum) {

  /** The one that is always there. */
  public static final String DEFAULT_NAME = "default";

  private static final int MOST_SLOTS = 100_000;

  public ResourceGroup {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw wrong("the name must be made of letters, digits and . _ - (at most 64)");
    }
    if (slots < 0 || slots > MOST_SLOTS) {
      throw wrong("slots must be 0 to " + MOST_SLOTS + ", found " + slots);
    }
    if (backfillMinimum < 0 || backfillMinimum > slots) {
      throw wrong("backfillMinimum must be 0 to the group's slots, found " + backfillMinimum);
    }
  }

  private static MillraceException wrong(String what) {
    return new MillraceException(StandardError.CONFIGURATION, "resource group: " + what);
  }

  /** What the run log calls it. */
  public String pipeline() {
    return kind.pipeline(id, name);
  }
}
