package io.millrace.api.write;

import io.millrace.api.record.RecordBatch;

/**
 * Writes one try of one split, used by one thread. What blocks is registered with the context's
 * cancellation.
 */
public interface SplitWriter extends AutoCloseable {

  /**
   * Writes a batch. Afterwards every record of it is either accepted or given to the dirty records;
   * the engine checks the sum.
   *
   * @param batch not kept after the return
   * @return how many records the store says it took, never the number that was sent
   */
  long write(RecordBatch batch);

  /**
   * Makes the split's records and its commit last, together. When this throws, it is unknown
   * whether it happened; {@link Writer#commits} tells.
   *
   * @param tally what the engine counted, to be kept with the commit
   */
  SplitCommit commit(SplitTally tally);

  /** Without a commit before, undoes everything this try wrote. Does not throw. */
  @Override
  void close();
}
