package io.millrace.files.orc;

import java.io.EOFException;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.orc.impl.InStream;
import org.apache.orc.impl.PositionProvider;
import org.apache.orc.impl.StreamName;
import org.apache.orc.storage.common.io.DiskRangeList;

/**
 * A stream of values that fails at its end. ORC's decoders take the -1 of an ordinary stream for a
 * byte: they go on with wrong values, or look for more for minutes. Used by one thread.
 */
final class EndedStream extends InStream {

  private static final int BLOCK = 4 << 10;

  private final InStream in;
  private final byte[] block;
  private int at;
  private int filled;

  EndedStream(InStream in, Object name, long offset, long length) {
    super(name, offset, length);
    this.in = in;
    this.block = new byte[(int) Math.min(BLOCK, 16 + length)];
  }

  /** What it holds. */
  StreamName streamName() {
    return (StreamName) name;
  }

  @Override
  public int read() throws IOException {
    if (at == filled) {
      fill();
    }
    return block[at++] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (at == filled) {
      if (length >= block.length) {
        return required(in.read(into, offset, length));
      }
      if (length == 0) {
        return 0;
      }
      fill();
    }
    int read = Math.min(length, filled - at);
    System.arraycopy(block, at, into, offset, read);
    at += read;
    return read;
  }

  private void fill() throws IOException {
    at = 0;
    filled = 0;
    filled = required(in.read(block, 0, block.length));
  }

  private static int required(int read) throws EOFException {
    if (read <= 0) {
      throw new EOFException("it has more values than bytes");
    }
    return read;
  }

  @Override
  public int available() throws IOException {
    return at < filled ? filled - at : in.available();
  }

  @Override
  public void seek(PositionProvider index) {
    throw new UnsupportedOperationException("stripes are read from their beginning");
  }

  @Override
  protected void setCurrent(DiskRangeList range, boolean isJump) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void changeIv(Consumer<byte[]> modifier) {
    in.changeIv(modifier);
  }

  @Override
  public void close() {
    at = filled;
    in.close();
  }
}
