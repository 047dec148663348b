package io.millrace.api.write;

import io.millrace.api.record.RecordBatch;

/**
 * Writes one try of one split, used by one thread. What blocks is registered with the context's
 * cancellation.
 */
public interface SplitWriter extends AutoCloseable {

  /**
   * Writes a batch. Afterwards every record of it is accepted, given to the dirty records, or
   * counted by {@link #skipped}; the engine checks the sum.
   *
   * @param batch not kept after the return
   * @return how many records the store says it took, never the number that was sent
   */
  long write(RecordBatch batch);

  /**
   * How many records of all batches so far were left out because the task says so, such as those
   * whose key is there already. Only a writer that {@link Writer#maySkip} has any.
   */
  default long skipped() {
    return 0;
  }

  /**
   * Called about twice a second while there is nothing to write, because the source is slow or the
   * task has a rate limit. A writer whose connection waits meanwhile says something to its server,
   * so that nobody takes the connection for an idle one.
   *
   * @throws io.millrace.api.error.MillraceException when the connection is lost
   */
  default void keepAlive() {}

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
