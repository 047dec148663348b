package io.millrace.files.parquet;

import io.millrace.files.store.RandomInput;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of one column in a row group, in blocks. Used by one thread. */
final class ChunkInput extends InputStream {

  private final RandomInput in;
  private final long end;
  private final byte[] block;
  private long next;
  private int at;
  private int filled;

  ChunkInput(RandomInput in, long start, long length, int blockBytes) {
    this.in = in;
    this.next = start;
    this.end = start + length;
    this.block = new byte[(int) Math.max(1, Math.min(blockBytes, length))];
  }

  /** The bytes that are left. */
  long remaining() {
    return filled - at + end - next;
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, remaining());
  }

  private boolean fill() throws IOException {
    int length = (int) Math.min(block.length, end - next);
    if (length <= 0) {
      return false;
    }
    in.read(next, block, 0, length);
    next += length;
    at = 0;
    filled = length;
    return true;
  }

  @Override
  public int read() throws IOException {
    return at < filled || fill() ? block[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (at == filled && !fill()) {
      return -1;
    }
    int read = Math.min(length, filled - at);
    System.arraycopy(block, at, into, offset, read);
    at += read;
    return read;
  }

  /** Fills a part of an array; what does not stand in the block is read directly. */
  void readFully(byte[] into, int length) throws IOException {
    int held = Math.min(length, filled - at);
    System.arraycopy(block, at, into, 0, held);
    at += held;
    int rest = length - held;
    if (rest > end - next) {
      throw new EOFException();
    }
    if (rest >= block.length) {
      in.read(next, into, held, rest);
      next += rest;
    } else if (rest > 0) {
      fill();
      System.arraycopy(block, 0, into, held, rest);
      at = rest;
    }
  }
}
