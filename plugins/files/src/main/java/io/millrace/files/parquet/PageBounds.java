package io.millrace.files.parquet;

import io.millrace.api.Counted;
import io.millrace.files.store.FileFault;
import java.io.IOException;
import org.apache.parquet.schema.PrimitiveType;

/**
 * Looks at the counts that encoded values begin with before anybody allocates what they say.
 * Stateless.
 */
final class PageBounds {

  /** Writers pad their last run to a few groups. */
  private static final int PADDING = 512;

  private static final int MAX_BLOCK = 1 << 16;

  /** What an entry of a dictionary takes beside its bytes. */
  private static final int ENTRY = 40;

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
              "a page of "
                  + Counted.of(values, "value", "values")
                  + " says that a run has "
                  + count * 8
                  + " values");
        }
        seen += count * 8;
        at.position += (int) Math.min(count * bitWidth, end);
      }
    }
  }

  /**
   * The heads of delta encoded numbers.
   *
   * @param twice whether others follow: the lengths of prefixes, and those of what comes behind
   */
  static void requireDelta(byte[] bytes, int offset, int values, boolean twice) throws IOException {
    Varint at = new Varint(bytes, offset, bytes.length);
    requireDelta(at, values, twice);
    if (twice) {
      requireDelta(at, values, false);
    }
  }

  private static void requireDelta(Varint at, int values, boolean pass) throws IOException {
    long block = at.next();
    long miniBlocks = at.next();
    long count = at.next();
    if (block <= 0
        || block > MAX_BLOCK
        || miniBlocks <= 0
        || miniBlocks > block
        || block % miniBlocks != 0
        || block / miniBlocks % 8 != 0) {
      throw new FileFault("a page has impossible blocks of deltas");
    }
    if (count > values) {
      throw new IOException(
          "a page of " + Counted.of(values, "value", "values") + " says that it has " + count);
    }
    if (pass) {
      at.skipLong();
      for (long left = count - 1; left > 0; left -= block) {
        skipBlock(at, (int) miniBlocks, (int) (block / miniBlocks), left);
      }
    }
  }

  /** Behind the last value there are widths, but no more numbers. */
  private static void skipBlock(Varint at, int miniBlocks, int size, long left) throws IOException {
    at.skipLong();
    int widths = at.position;
    at.position += miniBlocks;
    for (int i = 0; i < miniBlocks && (long) i * size < left; i++) {
      at.position += at.unsigned(widths + i) * size / 8;
    }
    at.require();
  }

  /** What its entries take in memory, which for short texts is much more than their bytes. */
  static void requireDictionary(PrimitiveType type, int count, int size, long most)
      throws IOException {
    long least =
        switch (type.getPrimitiveTypeName()) {
          case BOOLEAN -> 1;
          case INT32, FLOAT, BINARY -> 4;
          case INT64, DOUBLE -> 8;
          case INT96 -> 12;
          case FIXED_LEN_BYTE_ARRAY -> type.getTypeLength();
        };
    if (count < 0 || count * least > size) {
      throw new IOException("a dictionary of " + size + " bytes says " + count + " entries");
    }
    if (size + (long) count * ENTRY > most) {
      throw new IOException(
          "a dictionary of "
              + count
              + " entries is too large for the "
              + most
              + " bytes that are allowed with this heap");
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
      throw new FileFault("a page ends in the middle of a number");
    }

    /** Passes a number of any width. */
    void skipLong() throws IOException {
      for (int i = 0; i < 10; i++) {
        if (unsigned(position++) < 0x80) {
          return;
        }
      }
      throw new FileFault("a page has a number of more than 64 bits");
    }

    int unsigned(int place) throws IOException {
      if (place >= end) {
        throw new FileFault("a page ends in the middle of a number");
      }
      return bytes[place] & 0xff;
    }

    void require() throws IOException {
      if (position > end) {
        throw new FileFault("a page ends in the middle of its numbers");
      }
    }
  }
}
