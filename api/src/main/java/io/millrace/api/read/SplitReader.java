package io.millrace.api.read;

import io.millrace.api.record.RecordBatch;

/**
 * Reads one split, used by one thread. What blocks is registered with the context's cancellation.
 */
public interface SplitReader extends AutoCloseable {

  /**
   * Appends records until the batch is full or the split ends. A record that cannot be read goes to
   * the dirty records instead.
   *
   * @param into an empty batch with the reader's schema
   * @return false when the split has ended; the batch may hold its last records. It is not called
   *     again then
   * @throws io.millrace.api.error.MillraceException when the split cannot be read on; never for a
   *     single bad record
   */
  boolean read(RecordBatch into);

  /** Gives back what it holds, also in the middle of the split, without waiting for the rest. */
  @Override
  void close();
}
