package io.millrace.kafka.read;

import io.millrace.api.Counted;

/** What was found in a range, for the stage's log. For one thread. */
final class ReadCounts {

  private long records;
  private long tombstones;
  private long gaps;
  private long outside;
  private long removed;
  private long cut;

  void record() {
    records++;
  }

  void tombstone() {
    tombstones++;
  }

  /** Offsets without a message: compacted away, of an aborted transaction, or a mark of one. */
  void gap(long offsets) {
    gaps += offsets;
  }

  /** A message whose own time lies outside the window. */
  void outside() {
    outside++;
  }

  /** Offsets whose messages retention has removed after the range was planned. */
  void removed(long offsets) {
    removed += offsets;
  }

  /** Offsets that were given up because an open transaction held them. */
  void cut(long offsets) {
    cut += offsets;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(Counted.of(records, "record", "records")).append(" read");
    add(text, tombstones, "message", "messages", " without a value");
    add(
        text,
        gaps,
        "offset",
        "offsets",
        " without a message (compacted, aborted or marks of transactions)");
    add(text, outside, "message", "messages", " left out, whose time is outside the window");
    add(text, removed, "offset", "offsets", " removed by retention");
    add(text, cut, "offset", "offsets", " given up behind an open transaction");
    return text.toString();
  }

  private static void add(StringBuilder text, long count, String one, String others, String what) {
    if (count > 0) {
      text.append(", ").append(Counted.of(count, one, others)).append(what);
    }
  }
}
