package io.millrace.files.orc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.files.store.RandomInput;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.apache.orc.OrcProto;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes in any order and size, compared with the checksums of their blocks. */
class OrcBlockSumsTest {

  private final Random random = new Random(41);

  private static OrcProto.Footer footer(byte[] bytes, int covered, Random random) {
    BlockSums.Counter counter = new BlockSums.Counter();
    for (int at = 0; at < covered; ) {
      int length = Math.min(covered - at, 1 + random.nextInt(100_000));
      counter.add(bytes, at, length);
      at += length;
    }
    OrcProto.Footer footer = OrcProto.Footer.newBuilder().setNumberOfRows(7).build();
    return footer.toBuilder().addMetadata(counter.entry(footer)).build();
  }

  private static final class Bytes implements RandomInput {

    private final byte[] bytes;

    Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public void read(long position, byte[] into, int offset, int length) throws IOException {
      if (position < 0 || position + length > bytes.length) {
        throw new EOFException();
      }
      System.arraycopy(bytes, (int) position, into, offset, length);
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 131_072, 400_000})
  void everyReadGivesTheBytesOrSaysThatTheyAreDamaged(int covered) throws IOException {
    byte[] good = new byte[covered + 1000]; // and a footer behind them
    random.nextBytes(good);
    BlockSums sums = BlockSums.of(footer(good, covered, random), good.length);
    byte[] bad = good.clone();
    int damaged = covered == 0 ? -1 : random.nextInt(covered);
    if (damaged >= 0) {
      bad[damaged] ^= 1;
    }
    RandomInput whole = sums.over(new Bytes(good));
    RandomInput broken = sums.over(new Bytes(bad));
    for (int i = 0; i < 300; i++) {
      int from = random.nextInt(good.length);
      int length = random.nextInt(good.length - from + 1);
      byte[] expected = Arrays.copyOfRange(good, from, from + length);
      assertThat(read(whole, from, length)).isEqualTo(expected);
      byte[] found;
      try {
        found = read(broken, from, length);
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("are damaged");
        continue;
      }
      assertThat(found).isEqualTo(expected);
    }
  }

  private static byte[] read(RandomInput in, int from, int length) throws IOException {
    byte[] into = new byte[length + 2];
    in.read(from, into, 1, length);
    return Arrays.copyOfRange(into, 1, length + 1);
  }

  @Test
  void aFooterThatIsNotAsItWasWrittenIsRefused() throws IOException {
    byte[] bytes = new byte[100_000];
    OrcProto.Footer good = footer(bytes, 90_000, random);

    assertThat(BlockSums.of(good, bytes.length)).isNotNull();
    assertThatThrownBy(
            () -> BlockSums.of(good.toBuilder().setNumberOfRows(8).build(), bytes.length))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("by its checksum");
    assertThatThrownBy(() -> BlockSums.of(good, 80_000)).hasMessageContaining("by its checksum");
  }

  @Test
  void aFooterOfAnotherWriterHasNone() throws IOException {
    @Nullable BlockSums sums = BlockSums.of(OrcProto.Footer.getDefaultInstance(), 100);

    assertThat(sums).isNull();
  }
}
