package org.apache.hadoop.fs;

import java.io.DataOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Bytes for a file, which are counted. */
public class FSDataOutputStream extends DataOutputStream {

  /**
   * @param ignored Hadoop counts the bytes of all files in it
   */
  public FSDataOutputStream(OutputStream out, @Nullable Object ignored) {
    super(new Counting(out));
  }

  public long getPos() {
    return ((Counting) out).position;
  }

  /** The file is made safe by whoever stores it. */
  public void hflush() throws IOException {
    flush();
  }

  private static final class Counting extends FilterOutputStream {

    private long position;

    Counting(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      position++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      position += length;
    }
  }
}
