package io.millrace.files.columnar;

import io.millrace.api.TaskContext.Limits;

/** How much memory one file that is read or written may take, out of the heap. Stateless. */
public final class Memory {

  private static final long MIB = 1L << 20;

  private Memory() {}

  /**
   * The bytes a writer collects before it gives a row group or a stripe to the file: a sixteenth of
   * the heap for all channels together, since encoding takes about as much again, between 1 MiB and
   * 64 MiB each.
   */
  public static long group(Limits limits) {
    long share = Runtime.getRuntime().maxMemory() / 16 / limits.channels();
    return Math.max(MIB, Math.min(64 * MIB, share));
  }

  /**
   * The bytes that one block of a file (a page, a footer) may unfold to: honest ones are of a few
   * MiB, or of the size of one value.
   */
  public static long block(Limits limits) {
    long wanted = Math.max(64 * MIB, 2L * limits.maxValueBytes());
    long room = Runtime.getRuntime().maxMemory() / 8 / limits.channels();
    return Math.max(16 * MIB, Math.min(wanted, room));
  }
}
