package org.apache.hadoop.fs;

import java.io.IOException;

/** Goes anywhere. */
public interface Seekable {

  void seek(long position) throws IOException;

  long getPos() throws IOException;

  boolean seekToNewSource(long position) throws IOException;
}
