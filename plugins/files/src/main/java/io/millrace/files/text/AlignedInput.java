package io.millrace.files.text;

import io.millrace.files.format.FileInput;
import io.millrace.files.format.Piece;
import java.io.IOException;
import java.io.InputStream;

/**
 * The whole lines that begin between two offsets of a file, whatever lies at the offsets: from
 * behind the first line end whose last byte is at or after {@code from - 1}, to the first one whose
 * last byte is at or after {@code to - 1}.
 */
final class AlignedInput extends InputStream {

  private final InputStream in;
  private final byte[] block = new byte[1 << 16];
  private final long to;

  /** Whether only a newline behind a carriage return ends a line. */
  private final boolean pairs;

  private byte last;
  private long offset;
  private int position;
  private int limit;
  private boolean ended;

  /**
   * @param pairs whether lines end in {@code \r\n} only; otherwise in {@code \n}
   */
  AlignedInput(FileInput file, Piece piece, boolean pairs) throws IOException {
    this.to = piece.to();
    this.pairs = pairs;
    this.offset = Math.max(0, piece.from() - (pairs ? 2 : 1));
    this.in = file.open(offset, file.size());
    if (piece.from() > 0) {
      skipLine(piece.from());
      ended |= offset + position >= to;
    }
  }

  private void skipLine(long from) throws IOException {
    while (fill()) {
      while (position < limit) {
        if (isEnd(position++) && offset + position >= from) {
          return;
        }
      }
    }
  }

  /** Whether a line ends with a byte of the block. */
  private boolean isEnd(int at) {
    return block[at] == '\n' && (!pairs || (at > 0 ? block[at - 1] : last) == '\r');
  }

  /** Makes sure that a byte is there. */
  private boolean fill() throws IOException {
    if (position < limit) {
      return true;
    }
    offset += limit;
    last = limit > 0 ? block[limit - 1] : 0;
    position = 0;
    limit = Math.max(0, in.read(block, 0, block.length));
    ended |= limit == 0;
    return limit > 0;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int at, int length) throws IOException {
    if (ended || !fill()) {
      return -1;
    }
    int taken = Math.min(length, limit - position);
    long last = to - 1;
    int look = (int) Math.max(0, Math.min(taken, last - (offset + position)));
    for (int i = look; i < taken; i++) {
      if (isEnd(position + i)) {
        taken = i + 1;
        ended = true;
        break;
      }
    }
    System.arraycopy(block, position, into, at, taken);
    position += taken;
    return taken;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
