package org.apache.hadoop.fs;

import java.io.IOException;

/** Reads from anywhere. */
public interface PositionedReadable {

  int read(long position, byte[] buffer, int offset, int length) throws IOException;

  void readFully(long position, byte[] buffer, int offset, int length) throws IOException;

  void readFully(long position, byte[] buffer) throws IOException;
}
