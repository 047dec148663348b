package io.millrace.files.format;

import io.millrace.api.DirtyRecords;
import io.millrace.api.record.RecordBatch;
import java.io.IOException;

/** Encodes records into one file, used by one thread. */
public interface RecordOutput extends AutoCloseable {

  /**
   * Encodes the records from {@code from} to {@code to}, exclusive. One that the format cannot hold
   * goes to the dirty records.
   *
   * @return how many were encoded
   */
  int write(RecordBatch batch, int from, int to, DirtyRecords dirty) throws IOException;

  /** Bytes that were encoded but not yet given to the output stream, roughly. */
  long buffered();

  /** Writes what ends a file. The output stream is flushed, not closed. */
  void finish() throws IOException;

  /** Gives back what it holds, also without a finish. Does not write. */
  @Override
  void close();
}
