package io.millrace.files.compress;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of a file, of which any part can be had. */
public interface Ranges {

  /** Its size in bytes. */
  long size();

  /** The bytes from {@code from} to {@code to}, exclusive; whoever opens it closes it. */
  InputStream open(long from, long to) throws IOException;
}
