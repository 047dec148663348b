package io.millrace.files.compress;

import io.millrace.files.store.FileFault;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyFramedInputStream;

/** Snappy in the framing format, or in the blocks that Hadoop writes. */
final class SnappyText {

  private static final int FRAMED = 0xff;

  private SnappyText() {}

  static InputStream open(BufferedInputStream in) throws IOException {
    in.mark(1);
    int first = in.read();
    in.reset();
    return first == FRAMED || first < 0
        ? new SnappyFramedInputStream(in, true)
        : new HadoopBlocks(in);
  }

  /** Blocks with their length before, each of chunks with theirs. */
  private static final class HadoopBlocks extends InputStream {
    private static final int MOST = 64 << 20;

    private final InputStream in;
    private byte[] chunk = new byte[0];
    private int position;
    private long left;

    HadoopBlocks(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      while (position == chunk.length) {
        if (left == 0) {
          int first = in.read();
          if (first < 0) {
            return -1;
          }
          left = length(first);
          continue;
        }
        nextChunk();
      }
      int taken = Math.min(length, chunk.length - position);
      System.arraycopy(chunk, position, into, offset, taken);
      position += taken;
      return taken;
    }

    private void nextChunk() throws IOException {
      int size = (int) length(in.read());
      byte[] compressed = in.readNBytes(size);
      if (compressed.length < size) {
        throw new EOFException();
      }
      if (!Snappy.isValidCompressedBuffer(compressed)
          || Snappy.uncompressedLength(compressed) > left) {
        throw new FileFault("it is not snappy, or broken");
      }
      chunk = Snappy.uncompress(compressed);
      position = 0;
      left -= chunk.length;
    }

    private long length(int first) throws IOException {
      byte[] rest = in.readNBytes(3);
      if (first < 0 || rest.length < 3) {
        throw new EOFException();
      }
      int length = first << 24 | (rest[0] & 0xff) << 16 | (rest[1] & 0xff) << 8 | (rest[2] & 0xff);
      if (length < 0 || length > MOST) {
        throw new FileFault("it is not snappy");
      }
      return length;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
