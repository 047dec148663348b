package io.millrace.files.store;

import java.io.EOFException;
import java.io.IOException;

/** The bytes of one file in any order. Used by one thread. */
public interface RandomInput extends AutoCloseable {

  /** The file's size in bytes. */
  long size();

  /**
   * Reads bytes from anywhere.
   *
   * @throws EOFException when the file ends before
   */
  void read(long position, byte[] into, int offset, int length) throws IOException;

  @Override
  void close();
}
