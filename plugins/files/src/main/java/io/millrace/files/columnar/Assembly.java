package io.millrace.files.columnar;

import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.files.format.RawValues;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one nested value while it is put together: how much it may still hold, and what
 * is wrong with it. Used by one thread.
 */
public final class Assembly {

  /** What a node costs beside its text. */
  private static final int NODE = 32;

  private final long most;
  private long held;
  private @Nullable String fault;
  private boolean overflown;

  /**
   * @param most bytes a value may take in memory
   */
  public Assembly(long most) {
    this.most = most;
  }

  /** Begins another value. */
  public void reset() {
    held = 0;
    fault = null;
    overflown = false;
  }

  /** Whether a node with so much text may still be held; otherwise the value is too large. */
  public boolean take(int length) {
    held += NODE + length * 2L;
    if (held > most) {
      overflown = true;
      fail(
          "the value has more nested parts than fit into "
              + most
              + " bytes: raise maxValueBytes or the heap");
      return false;
    }
    return true;
  }

  /** Says what is wrong; the first thing counts. */
  public void fail(String what) {
    if (fault == null) {
      fault = what;
    }
  }

  /** What there is of a value with which something is wrong. */
  public RawValue rejected(@Nullable Object node) {
    if (overflown || node == null) {
      return RawValues.lost("JSON");
    }
    String text = JsonTree.text(node);
    boolean whole = text.length() <= RawValues.MOST_BYTES;
    return RawValues.said("JSON", text.length(), whole ? text : text.substring(0, 400) + "…");
  }

  /** What is wrong, or null. */
  public @Nullable String fault() {
    return fault;
  }
}
