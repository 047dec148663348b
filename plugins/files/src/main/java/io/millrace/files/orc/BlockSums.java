package io.millrace.files.orc;

import io.millrace.files.store.FileFault;
import io.millrace.files.store.RandomInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.apache.orc.OrcProto;
import org.apache.orc.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The checksums of a file that Millrace wrote, which ORC itself does not have: one for each block
 * of its bytes up to the footer, and one for the footer without its statistics, kept in an entry of
 * the user's metadata that other readers do not look at.
 */
final class BlockSums {

  /** The name of the entry. */
  static final String ENTRY = "millrace.crc";

  static final int BLOCK = 64 << 10;

  private static final int VERSION = 1;
  private static final int HEAD = 2 * Integer.BYTES + Long.BYTES;

  private final long covered;
  private final int[] sums;

  private BlockSums(long covered, int[] sums) {
    this.covered = covered;
    this.sums = sums;
  }

  /** Counts bytes while they are written. Used by one thread. */
  static final class Counter {

    private final CRC32C block = new CRC32C();
    private int[] sums = new int[16];
    private long covered;

    void add(byte[] bytes, int offset, int length) {
      int at = offset;
      int left = length;
      while (left > 0) {
        int take = Math.min(left, BLOCK - (int) (covered % BLOCK));
        block.update(bytes, at, take);
        covered += take;
        at += take;
        left -= take;
        if (covered % BLOCK == 0) {
          keep((int) (covered / BLOCK) - 1);
          block.reset();
        }
      }
    }

    private void keep(int number) {
      if (number == sums.length) {
        sums = Arrays.copyOf(sums, 2 * number);
      }
      sums[number] = (int) block.getValue();
    }

    /** The bytes that the entry has. */
    long entryBytes() {
      return HEAD + Integer.BYTES * (covered / BLOCK + 1);
    }

    /** The entry for a footer that is complete but for its statistics and this entry. */
    OrcProto.UserMetadataItem entry(OrcProto.Footer footer) {
      int count = count(covered);
      if (covered % BLOCK != 0) {
        keep(count - 1);
      }
      ByteBuffer value = ByteBuffer.allocate(HEAD + Integer.BYTES * count);
      value.putInt(VERSION).putInt(sum(footer)).putLong(covered);
      for (int i = 0; i < count; i++) {
        value.putInt(sums[i]);
      }
      return OrcProto.UserMetadataItem.newBuilder()
          .setName(ENTRY)
          .setValue(ByteString.copyFrom(value.array()))
          .build();
    }
  }

  private static int count(long covered) {
    return (int) ((covered + BLOCK - 1) / BLOCK);
  }

  private static int sum(OrcProto.Footer footer) {
    CRC32C sum = new CRC32C();
    sum.update(footer.toByteArray());
    return (int) sum.getValue();
  }

  /**
   * What a footer says of its file; null when it says nothing.
   *
   * @throws IOException when the footer is not the one that was written
   */
  static @Nullable BlockSums of(OrcProto.Footer footer, long size) throws IOException {
    int last = footer.getMetadataCount() - 1;
    if (last < 0 || !footer.getMetadata(last).getName().equals(ENTRY)) {
      return null;
    }
    ByteBuffer value = footer.getMetadata(last).getValue().asReadOnlyByteBuffer();
    if (value.remaining() < HEAD) {
      throw new FileFault("its footer is broken: its checksums are cut off");
    }
    if (value.getInt() != VERSION) {
      return null;
    }
    OrcProto.Footer.Builder written = footer.toBuilder().removeMetadata(last).clearStatistics();
    written.clearContentLength().clearHeaderLength();
    int own = value.getInt();
    long covered = value.getLong();
    if (own != sum(written.build())
        || covered < 0
        || covered > size
        || value.remaining() != (long) Integer.BYTES * count(covered)) {
      throw new FileFault("its footer is broken: it is not as it was written, by its checksum");
    }
    int[] sums = new int[count(covered)];
    value.asIntBuffer().get(sums);
    return new BlockSums(covered, sums);
  }

  /** The same bytes, compared with their checksums. */
  RandomInput over(RandomInput in) {
    return new Compared(in);
  }

  private final class Compared implements RandomInput {

    private final RandomInput in;
    private final CRC32C sum = new CRC32C();
    private byte[] block = new byte[0];
    private long held = -1;

    Compared(RandomInput in) {
      this.in = in;
    }

    @Override
    public long size() {
      return in.size();
    }

    @Override
    public void read(long position, byte[] into, int offset, int length) throws IOException {
      long from = position;
      int at = offset;
      int left = length;
      while (left > 0 && from >= 0 && from < covered) {
        long number = from / BLOCK;
        int skip = (int) (from % BLOCK);
        int take = Math.min(left, bytes(number) - skip);
        if (take == bytes(number)) {
          take = wholeBlocks(number, into, at, left);
        } else {
          hold(number);
          System.arraycopy(block, skip, into, at, take);
        }
        from += take;
        at += take;
        left -= take;
      }
      if (left > 0) {
        in.read(from, into, at, left);
      }
    }

    private int bytes(long number) {
      return (int) Math.min(BLOCK, covered - number * BLOCK);
    }

    /** Reads as many whole blocks as are wanted with one read. */
    private int wholeBlocks(long first, byte[] into, int offset, int length) throws IOException {
      int total = 0;
      long next = first;
      while (next < sums.length && total + bytes(next) <= length) {
        total += bytes(next++);
      }
      in.read(first * BLOCK, into, offset, total);
      int at = offset;
      for (long number = first; number < next; number++) {
        compare(number, into, at);
        at += bytes(number);
      }
      return total;
    }

    private void hold(long number) throws IOException {
      if (held == number) {
        return;
      }
      if (block.length == 0) {
        block = new byte[BLOCK];
      }
      held = -1;
      in.read(number * BLOCK, block, 0, bytes(number));
      compare(number, block, 0);
      held = number;
    }

    private void compare(long number, byte[] bytes, int offset) throws IOException {
      sum.reset();
      sum.update(bytes, offset, bytes(number));
      if ((int) sum.getValue() != sums[(int) number]) {
        throw new IOException(
            "its bytes "
                + number * BLOCK
                + " to "
                + (number * BLOCK + bytes(number))
                + " are damaged: they are not what was written, by their checksum");
      }
    }

    @Override
    public void close() {
      in.close();
    }
  }
}
