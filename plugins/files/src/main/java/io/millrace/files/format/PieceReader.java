package io.millrace.files.format;

import io.millrace.api.record.RecordBatch;
import java.io.IOException;

/** Reads the records of one piece, used by one thread. */
public interface PieceReader extends AutoCloseable {

  /**
   * Appends records until the batch is full or the piece ends; records that cannot be read go to
   * the dirty records, with the file and the line in the reason. The batch may hold records of an
   * earlier piece of the same split.
   *
   * @return false when the piece has ended
   * @throws IOException when the file cannot be read on
   */
  boolean read(RecordBatch into) throws IOException;

  /** The position the next record would have: what the next piece of the split goes on from. */
  long position();

  @Override
  void close() throws IOException;
}
