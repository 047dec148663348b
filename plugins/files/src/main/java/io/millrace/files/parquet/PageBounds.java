package io.millrace.files.parquet;

import java.io.IOException;

/**
 * Looks at the counts that encoded values begin with before anybody allocates what they say.
 * Stateless.
 */
final class PageBounds {

  /** Writers pad their last run to a few groups. */
  private static final int PADDING = 512;

  private static final int MAX_BLOCK = 1 << 16;

  private PageBounds() {}

  /** Runs of the hybrid encoding: a packed one must not say more values than the page has. */
  static void requireRuns(byte[] bytes, int offset, int end, int bitWidth, int values)
      throws IOException {
    if (bitWidth < 0 || bitWidth > 32) {
      throw new IOException("a page packs values into " + bitWidth + " bits");
    }
    long seen = 0;
    Varint at = new Varint(bytes, offset, end);
    while (seen < values && at.position < end) {
      long header = at.next();
      long count = header >>> 1;
      if ((header & 1) == 0) {
        seen += count;
        at.position += (bitWidth + 7) / 8;
      } else {
        if (count * 8 > (long) values + PADDING) {
          throw new IOException(
              "a page of " + values + " values says that a run has " + count * 8 + " values");
        }
        seen += count * 8;
        at.position += (int) Math.min(count * bitWidth, end);
      }
    }
  }

  /** The head of delta encoded numbers. */
  static void requireDelta(byte[] bytes, int offset, int end, int values) throws IOException {
    Varint at = new Varint(bytes, offset, end);
    long block = at.next();
    long miniBlocks = at.next();
    long count = at.next();
    if (block <= 0
        || block > MAX_BLOCK
        || miniBlocks <= 0
        || miniBlocks > block
        || block % miniBlocks != 0
        || block / miniBlocks % 8 != 0) {
      throw new IOException("a page has impossible blocks of deltas");
    }
    if (count > values) {
      throw new IOException("a page of " + values + " values says that it has " + count);
    }
  }

  private static final class Varint {

    private final byte[] bytes;
    private final int end;
    private int position;

    Varint(byte[] bytes, int position, int end) {
      this.bytes = bytes;
      this.position = position;
      this.end = end;
    }

    long next() throws IOException {
      long value = 0;
      for (int shift = 0; shift < 35; shift += 7) {
        if (position >= end) {
          break;
        }
        byte b = bytes[position++];
        value |= (b & 0x7fL) << shift;
        if (b >= 0) {
          return value;
        }
      }
      throw new IOException("a page ends in the middle of a number");
    }
  }
}
