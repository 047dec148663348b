package io.millrace.scheduler.runner;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The first so many bytes of a file that may grow meanwhile. */
final class BoundedStream extends FilterInputStream {

  private long left;

  BoundedStream(InputStream in, long bytes) {
    super(in);
    this.left = bytes;
  }

  @Override
  public int read() throws IOException {
    int one = left == 0 ? -1 : super.read();
    left -= one < 0 ? 0 : 1;
    return one;
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    int got = left == 0 ? -1 : super.read(into, from, (int) Math.min(count, left));
    left -= Math.max(got, 0);
    return got;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = super.skip(Math.min(count, left));
    left -= skipped;
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
