package org.apache.hadoop.fs;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of a file, in any order. */
public class FSDataInputStream extends DataInputStream implements Seekable, PositionedReadable {

  /**
   * @param in is {@link Seekable} and {@link PositionedReadable}
   */
  public FSDataInputStream(InputStream in) {
    super(in);
    if (!(in instanceof Seekable) || !(in instanceof PositionedReadable)) {
      throw new IllegalArgumentException("the stream does not read from anywhere");
    }
  }

  @Override
  public void seek(long position) throws IOException {
    ((Seekable) in).seek(position);
  }

  @Override
  public long getPos() throws IOException {
    return ((Seekable) in).getPos();
  }

  @Override
  public boolean seekToNewSource(long position) throws IOException {
    return ((Seekable) in).seekToNewSource(position);
  }

  @Override
  public int read(long position, byte[] buffer, int offset, int length) throws IOException {
    return ((PositionedReadable) in).read(position, buffer, offset, length);
  }

  @Override
  public void readFully(long position, byte[] buffer, int offset, int length) throws IOException {
    ((PositionedReadable) in).readFully(position, buffer, offset, length);
  }

  @Override
  public void readFully(long position, byte[] buffer) throws IOException {
    readFully(position, buffer, 0, buffer.length);
  }
}
