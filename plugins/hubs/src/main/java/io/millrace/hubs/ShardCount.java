package io.millrace.hubs;

import io.millrace.api.Counted;

/** Counts shards while splits are planned, and says the rule in words. */
public final class ShardCount {

  private int all;
  private int empty;
  private int readOnly;

  /**
   * Counts one shard.
   *
   * @param isEmpty nothing of the window is in it, so it has no split
   * @param isReadOnly it was split, merged or closed
   */
  public void add(boolean isEmpty, boolean isReadOnly) {
    all++;
    if (isEmpty) {
      empty++;
    } else if (isReadOnly) {
      readOnly++;
    }
  }

  /** The rule that was applied, for the log. */
  public String rule(int channels) {
    int used = all - empty;
    String text =
        "one split for each shard that holds records of the window: "
            + used
            + " of "
            + Counted.of(all, "shard", "shards")
            + (readOnly > 0 ? ", " + readOnly + " of them read-only" : "");
    return used < channels
        ? text
            + "; so at most "
            + Counted.of(
                Math.max(1, used),
                "of the " + channels + " channels is",
                "of the " + channels + " channels are")
            + " used"
        : text;
  }
}
