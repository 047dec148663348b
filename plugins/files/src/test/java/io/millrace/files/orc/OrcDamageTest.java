package io.millrace.files.orc;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.api.record.RecordBatch;
import io.millrace.files.columnar.FormatFile;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Sample;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.orc.CompressionKind;
import org.apache.orc.OrcProto;
import org.apache.orc.OrcProto.ColumnEncoding.Kind;
import org.apache.orc.OrcProto.Stream;
import org.apache.orc.impl.BufferChunk;
import org.apache.orc.impl.InStream;
import org.apache.orc.impl.IntegerReader;
import org.apache.orc.impl.RunLengthIntegerReader;
import org.apache.orc.impl.RunLengthIntegerReaderV2;
import org.apache.orc.impl.StreamName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damage anywhere in a file: one clear line, soon, or nothing that matters. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OrcDamageTest {

  private static final int CASES = 150;

  /** Columns of whole numbers, whose statistics have a sum. */
  private static final List<Integer> SUMMED = List.of(0, 1, 2, 6);

  @TempDir Path folder;

  private Path path() {
    return folder.resolve("file.orc");
  }

  private FormatFile file(String compression) {
    return new FormatFile(new OrcFormat(compression, TestContext.create().task(), 1), path());
  }

  /** What came of reading: records, or the one line. */
  private record Outcome(List<List<@Nullable String>> records, int dirty, @Nullable String line) {}

  private Outcome read(byte[] bytes) throws IOException {
    Files.write(path(), bytes);
    try {
      FormatFile.Read read = file("none").read();
      return new Outcome(read.records(), read.context().dirty().count(), null);
    } catch (IOException | MillraceException e) {
      assertThat(e.getMessage()).isNotBlank().doesNotContain("\n").hasSizeLessThan(420);
      return new Outcome(List.of(), 0, e.getMessage());
    }
  }

  /** Another file: bits turned, bytes overwritten, cleared, left out or put in. */
  private static byte[] damaged(byte[] good, Random random) {
    byte[] bad = good.clone();
    int at = random.nextInt(good.length);
    int length = Math.min(1 + random.nextInt(60), good.length - at);
    switch (random.nextInt(6)) {
      case 0, 1, 2 -> bad[at] ^= (byte) (1 << random.nextInt(8));
      case 3 -> bad[at] = (byte) random.nextInt(256);
      case 4 -> Arrays.fill(bad, at, at + length, (byte) 0);
      default -> {
        byte[] more = new byte[length];
        random.nextBytes(more);
        ByteBuffer joined = ByteBuffer.allocate(good.length + (random.nextBoolean() ? length : 0));
        joined.put(good, 0, at);
        if (joined.capacity() > good.length) {
          joined.put(more).put(good, at, good.length - at);
        } else {
          joined.put(good, at + length, good.length - at - length);
        }
        bad = Arrays.copyOf(joined.array(), joined.position());
      }
    }
    return bad;
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "zlib", "snappy", "zstd", "lz4"})
  void aDamagedFileThatMillraceWroteIsNeverReadAsAnother(String compression) throws IOException {
    RecordBatch batch = Sample.plain(20_000).batch();
    file(compression).write(batch);
    byte[] good = Files.readAllBytes(path());
    List<List<@Nullable String>> records = file(compression).read().records();
    assertThat(records).hasSize(batch.size());

    Random random = new Random(23);
    int found = 0;
    for (int i = 0; i < CASES; i++) {
      Outcome outcome = read(damaged(good, random));
      if (outcome.line() == null) {
        assertThat(outcome.dirty()).isZero();
        assertThat(outcome.records().equals(records)).as("case %d", i).isTrue();
      } else {
        found++;
      }
    }
    // The rest lies in what nobody reads, such as indexes and statistics.
    assertThat(found).isGreaterThan(CASES / 2);
  }

  @ParameterizedTest
  @EnumSource(
      value = CompressionKind.class,
      names = {"NONE", "ZLIB", "SNAPPY", "ZSTD", "LZ4", "LZO"})
  void aDamagedForeignFileHasAllItsRowsAndNumbersOrIsRefused(CompressionKind kind)
      throws IOException {
    DamageSample.write(new PlainOrc(path()), options -> options.compress(kind));
    byte[] good = Files.readAllBytes(path());
    List<List<@Nullable String>> records = file("none").read().records();
    assertThat(records).hasSize(DamageSample.ROWS);

    Random random = new Random(29);
    int found = 0;
    for (int i = 0; i < CASES; i++) {
      Outcome outcome = read(damaged(good, random));
      if (outcome.line() != null) {
        found++;
        continue;
      }
      assertThat(outcome.records().size() + outcome.dirty()).isEqualTo(DamageSample.ROWS);
      if (outcome.dirty() == 0) {
        for (int column : SUMMED) {
          assertThat(column(outcome.records(), column).equals(column(records, column)))
              .as("case %d, column %d", i, column)
              .isTrue();
        }
      }
    }
    assertThat(found).isGreaterThan(CASES / 5);
  }

  private static List<@Nullable String> column(List<List<@Nullable String>> records, int column) {
    List<@Nullable String> values = new ArrayList<>();
    for (List<@Nullable String> record : records) {
      values.add(record.get(column));
    }
    return values;
  }

  @Test
  void theLineSaysWhichStripeAndColumn() throws IOException {
    byte[] lengths = HandMade.bytes(0x18, 0, 0, 0, 9); // three times 9, and there are 20 bytes
    byte[] text = PlainOrc.utf8("abcdefghijabcdefghij");
    HandMade file = new HandMade("struct<id:string>");
    List<OrcProto.ColumnEncoding> encodings = direct(2);
    file.stripe(
        3,
        encodings,
        new HandMade.Stream(1, Stream.Kind.DATA, new byte[27]),
        new HandMade.Stream(1, Stream.Kind.LENGTH, lengths));
    file.stripe(
        3,
        encodings,
        new HandMade.Stream(1, Stream.Kind.DATA, text),
        new HandMade.Stream(1, Stream.Kind.LENGTH, lengths));

    assertThat(read(file.file()).line())
        .isEqualTo(
            "its stripe 2 of 2 is damaged: its column 'id': it has more values than bytes;"
                + " write the file again");
  }

  @Test
  void bytesThatNoValueIsMadeOfAreDamage() throws IOException {
    HandMade file = new HandMade("struct<id:string>");
    file.stripe(
        3,
        direct(2),
        new HandMade.Stream(1, Stream.Kind.DATA, new byte[28]),
        new HandMade.Stream(1, Stream.Kind.LENGTH, HandMade.bytes(0x18, 0, 0, 0, 9)));

    assertThat(read(file.file()).line())
        .contains("its column 'id', near row 3", "it has more bytes than values");
  }

  @Test
  void runsThatEndTooEarlyAreToldAtOnce() throws IOException {
    Random random = new Random(31);
    for (int first = 0; first < 256; first++) {
      for (int more = 0; more < 6; more++) {
        byte[] run = new byte[1 + more];
        random.nextBytes(run);
        run[0] = (byte) first;
        for (boolean signed : List.of(true, false)) {
          requireEnd(new RunLengthIntegerReader(stream(run), signed));
          requireEnd(new RunLengthIntegerReaderV2(stream(run), signed, false));
        }
      }
    }
  }

  /** No run has more than 512 values, so few bytes do not hold ten thousand. */
  private static void requireEnd(IntegerReader reader) {
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10_000; i++) {
                reader.next();
              }
            })
        .isInstanceOfAny(EOFException.class, IOException.class, RuntimeException.class);
  }

  private static EndedStream stream(byte[] bytes) {
    StreamName name = new StreamName(1, Stream.Kind.DATA);
    InStream in =
        InStream.create(name, new BufferChunk(ByteBuffer.wrap(bytes), 0), 0, bytes.length);
    return new EndedStream(in, name, 0, bytes.length);
  }

  private static List<OrcProto.ColumnEncoding> direct(int columns) {
    List<OrcProto.ColumnEncoding> encodings = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      encodings.add(HandMade.encoding(i == 0 ? Kind.DIRECT : Kind.DIRECT_V2, 0));
    }
    return encodings;
  }

  @Test
  void valuesThatClaimGigabytesAreRefused() throws IOException {
    byte[] huge = HandMade.bytes(0x18, 0x7f, 0xff, 0xff, 0); // three times 2 GiB
    HandMade texts = new HandMade("struct<id:string>");
    texts.stripe(
        3,
        direct(2),
        new HandMade.Stream(1, Stream.Kind.DATA, new byte[9]),
        new HandMade.Stream(1, Stream.Kind.LENGTH, huge));
    HandMade lists = new HandMade("struct<id:array<bigint>>");
    lists.stripe(
        3,
        direct(3),
        new HandMade.Stream(1, Stream.Kind.LENGTH, huge),
        new HandMade.Stream(2, Stream.Kind.DATA, new byte[9]));
    HandMade dictionary = new HandMade("struct<id:string>");
    dictionary.stripe(
        3,
        List.of(
            HandMade.encoding(Kind.DIRECT, 0),
            HandMade.encoding(Kind.DICTIONARY_V2, 2_000_000_000)),
        new HandMade.Stream(1, Stream.Kind.DATA, new byte[9]),
        new HandMade.Stream(1, Stream.Kind.LENGTH, huge),
        new HandMade.Stream(1, Stream.Kind.DICTIONARY_DATA, new byte[9]));

    for (HandMade each : List.of(texts, lists, dictionary)) {
      assertThat(read(each.file()).line())
          .startsWith("its stripe 1 of 1 is damaged: ")
          .contains("more memory than there is");
    }
  }

  @Test
  void aFooterThatUnfoldsToMoreThanTheHeapAllowsIsRefused() throws IOException {
    byte[] block = HandMade.block(HandMade.deflated(new byte[256 << 10]));
    ByteBuffer folded = ByteBuffer.allocate(block.length * 400); // 100 MiB
    while (folded.hasRemaining()) {
      folded.put(block);
    }
    byte[] bomb =
        new HandMade("struct<id:int>")
            .file(OrcProto.CompressionKind.ZLIB, 256 << 10, folded.array());

    assertThat(bomb.length).isLessThan(200_000);
    assertThat(read(bomb).line()).contains("unfolds to more than the ");
  }

  @Test
  void aSnappyBlockThatClaimsMoreThanItsFileSaysIsRefused() throws IOException {
    // The native code would write past its array, which ends the process.
    byte[] block = HandMade.block(org.xerial.snappy.Snappy.compress(new byte[8 << 20]));
    byte[] bomb =
        new HandMade("struct<id:int>").file(OrcProto.CompressionKind.SNAPPY, 1 << 20, block);

    assertThat(read(bomb).line())
        .contains("a block would unfold to 8388608 bytes, and the file says 1048576 at most");
  }
}
