package io.millrace.files.compress;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Says that bytes are available until the end is reached. The JDK's gzip takes "none available" for
 * the end of the file, and would leave out what follows the first member.
 */
final class NeverDry extends FilterInputStream {

  private boolean ended;

  NeverDry(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    int b = in.read();
    ended |= b < 0;
    return b;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = in.read(into, offset, length);
    ended |= read < 0;
    return read;
  }

  @Override
  public int available() {
    return ended ? 0 : 1;
  }
}
