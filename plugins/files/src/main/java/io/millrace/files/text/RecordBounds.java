package io.millrace.files.text;

import io.millrace.api.TaskContext;

/** How much of one record is held in memory. Stateless. */
final class RecordBounds {

  private static final int LEAST = 1 << 20;

  private RecordBounds() {}

  /**
   * Bytes of a record above which it is counted, not held: room for a value of the allowed size,
   * but never so much that the records of all channels together fill the heap.
   */
  static int most(TaskContext task) {
    long wanted = 2L * task.limits().maxValueBytes() + LEAST;
    long room = Runtime.getRuntime().maxMemory() / 8 / task.limits().channels();
    return (int) Math.max(LEAST, Math.min(Math.min(wanted, room), Integer.MAX_VALUE / 4));
  }
}
