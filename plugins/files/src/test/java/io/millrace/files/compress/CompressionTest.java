package io.millrace.files.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xerial.snappy.Snappy;

class CompressionTest {

  private static final int GZIP_BUFFER = 1 << 16;

  private static byte[] compressed(Compression compression, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = compression.encode(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /** As a connection is between two packets: it does not know that more will come. */
  private static InputStream withoutForesight(byte[] bytes) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public int available() {
        return 0;
      }
    };
  }

  private static byte[] decoded(Compression compression, byte[] bytes) throws IOException {
    try (InputStream in = compression.decode(new Held(bytes), 200)) {
      return in.readAllBytes();
    }
  }

  private record Held(byte[] bytes) implements Ranges {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public InputStream open(long from, long to) {
      return withoutForesight(Arrays.copyOfRange(bytes, (int) from, (int) to));
    }
  }

  @Test
  void aZipIsCutOffWhereverItsDirectoryIsNotWhole() throws IOException {
    byte[] whole = compressed(Compression.ZIP, random(300));
    assertThat(decoded(Compression.ZIP, whole)).hasSize(300);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> decoded(Compression.ZIP, cut))
          .as("%s of %s bytes", length, whole.length)
          .isInstanceOf(IOException.class);
    }
    byte[] more = Arrays.copyOf(whole, whole.length + 1);
    assertThatThrownBy(() -> decoded(Compression.ZIP, more))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no directory at its end");
  }

  /** Cut off behind the first file, it was a zip of one file. */
  @Test
  void aZipOfTwoFilesThatIsCutOffBehindTheFirstIsNoZipOfOne() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int second;
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("a.csv"));
      zip.write(random(500));
      zip.closeEntry();
      zip.flush();
      second = bytes.size();
      zip.putNextEntry(new ZipEntry("b.csv"));
      zip.write(random(500));
    }
    byte[] first = Arrays.copyOf(bytes.toByteArray(), second);
    assertThatThrownBy(() -> decoded(Compression.ZIP, first))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cut off");
    assertThatThrownBy(() -> decoded(Compression.ZIP, bytes.toByteArray()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("more than one file (the second is 'b.csv')");
  }

  /** As zips above 4 GB are, whose directory's place does not fit into four bytes. */
  @Test
  void aZipWithALargeDirectoryIsRead() throws IOException {
    byte[] content = random(1000);
    byte[] small = compressed(Compression.ZIP, content);
    ByteBuffer whole = ByteBuffer.allocate(small.length + 76).order(ByteOrder.LITTLE_ENDIAN);
    int end = small.length - 22;
    ByteBuffer old = ByteBuffer.wrap(small).order(ByteOrder.LITTLE_ENDIAN);
    whole.put(small, 0, end);
    whole.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45);
    whole.putInt(0).putInt(0).putLong(1).putLong(1);
    whole.putLong(old.getInt(end + 12)).putLong(old.getInt(end + 16));
    whole.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
    whole.put(small, end, 22);
    whole.putShort(end + 76 + 8, (short) -1).putShort(end + 76 + 10, (short) -1);
    whole.putInt(end + 76 + 12, -1).putInt(end + 76 + 16, -1);
    assertThat(decoded(Compression.ZIP, whole.array())).isEqualTo(content);
    for (int length = end; length < whole.capacity(); length++) {
      byte[] cut = Arrays.copyOf(whole.array(), length);
      assertThatThrownBy(() -> decoded(Compression.ZIP, cut)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aZipIsReadByItsDirectoryWhateverStandsBeforeAndBehindItsFile() throws IOException {
    byte[] content = random(1000);
    CRC32 check = new CRC32();
    check.update(content);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write("#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII));
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(inner)) {
      zip.setComment("a comment");
      zip.putNextEntry(new ZipEntry("folder/"));
      ZipEntry entry = new ZipEntry("folder/a.csv");
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(content.length);
      entry.setCrc(check.getValue());
      zip.putNextEntry(entry);
      zip.write(content);
    }
    bytes.write(inner.toByteArray());
    assertThat(decoded(Compression.ZIP, bytes.toByteArray())).isEqualTo(content);
    byte[] damaged = bytes.toByteArray();
    damaged[200] ^= 1;
    assertThatThrownBy(() -> decoded(Compression.ZIP, damaged))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("checksum");
  }

  @Test
  void aGzipMemberThatEndsWhereABufferEndsIsNotTheLast() throws IOException {
    int size = GZIP_BUFFER - 100;
    while (compressed(Compression.GZIP, random(size)).length < GZIP_BUFFER) {
      size++;
    }
    byte[] first = compressed(Compression.GZIP, random(size));
    assertThat(first).hasSize(GZIP_BUFFER);
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(first);
    both.write(compressed(Compression.GZIP, "the end".getBytes(StandardCharsets.US_ASCII)));

    byte[] text = decoded(Compression.GZIP, both.toByteArray());

    assertThat(text).hasSize(size + 7);
    assertThat(new String(text, size, 7, StandardCharsets.US_ASCII)).isEqualTo("the end");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void whatIsCutOffIsAnErrorAndNeverAShorterText(Compression compression) throws IOException {
    byte[] content = random(300_000);
    byte[] whole = compressed(compression, content);
    assertThat(decoded(compression, whole)).isEqualTo(content);
    for (int length : new int[] {whole.length / 3, whole.length - 100_000, whole.length / 2}) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> decoded(compression, cut))
          .as("%s of %s bytes", length, whole.length)
          .isInstanceOf(IOException.class);
    }
  }

  /** A file of parts that is cut within its second one must not be read as the first one alone. */
  @ParameterizedTest
  @EnumSource(names = {"GZIP", "BZIP2", "ZSTD", "SNAPPY"})
  void aSecondPartThatIsCutOffAnywhereIsAnErrorToo(Compression compression) throws IOException {
    byte[] first = compressed(compression, random(300));
    byte[] second = compressed(compression, random(200));
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    assertThat(decoded(compression, both)).hasSize(500);
    // snappy has no mark of the end, and what begins a part is a chunk behind which none need
    // follow.
    int mark = compression == Compression.SNAPPY ? 10 : 0;
    List<Integer> unnoticed = new ArrayList<>();
    for (int length = 1; length < both.length; length++) {
      try {
        decoded(compression, Arrays.copyOf(both, length));
        unnoticed.add(length);
      } catch (IOException e) {
        // As it should be.
        continue;
      }
    }
    unnoticed.removeIf(
        length -> length == mark || (length >= first.length && length <= first.length + mark));
    assertThat(unnoticed).isEmpty();
  }

  @Test
  void aGzipThatIsFilledUpWithZerosIsWholeAndOneWithSomethingElseBehindIsNot() throws IOException {
    byte[] whole = compressed(Compression.GZIP, random(300));
    assertThat(decoded(Compression.GZIP, Arrays.copyOf(whole, 1024))).hasSize(300);
    for (int at : new int[] {whole.length, 1000}) {
      byte[] more = Arrays.copyOf(whole, 1024);
      more[at] = 0x1e;
      assertThatThrownBy(() -> decoded(Compression.GZIP, more))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("something follows");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void whatIsBrokenIsAnErrorOfTheFile(Compression compression) throws IOException {
    byte[] whole = compressed(compression, random(200_000));
    Random random = new Random(7);
    for (int i = 0; i < 40; i++) {
      byte[] broken = whole.clone();
      for (int at = random.nextInt(broken.length); at < broken.length; at += 1 + at / 3) {
        broken[at] ^= (byte) (1 + random.nextInt(255));
      }
      try {
        decoded(compression, broken);
      } catch (IOException e) {
        // As it should be: nothing else is thrown, whatever the bytes are.
        assertThat(e).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void snappyAsHadoopWritesItIsRead() throws IOException {
    byte[] content = "a line of text\n".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (int from = 0; from < content.length; from += 256 << 10) {
      int length = Math.min(256 << 10, content.length - from);
      out.writeInt(length);
      // A block may hold several chunks.
      int half = length / 2;
      for (byte[] part :
          new byte[][] {
            Arrays.copyOfRange(content, from, from + half),
            Arrays.copyOfRange(content, from + half, from + length)
          }) {
        byte[] chunk = Snappy.compress(part);
        out.writeInt(chunk.length);
        out.write(chunk);
      }
    }
    assertThat(decoded(Compression.SNAPPY, bytes.toByteArray())).isEqualTo(content);
  }
}
