package io.millrace.files.columnar;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.TaskContext;
import io.millrace.files.format.Format;
import io.millrace.files.orc.OrcFormat;
import io.millrace.files.parquet.PageCodec;
import io.millrace.files.parquet.ParquetFormat;
import io.millrace.testkit.context.TestContext;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.sample.TypeCase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are damaged, or made to do harm: one line each, and never a hang or no memory. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BrokenFilesTest {

  private static final Sample SAMPLE =
      Sample.types(
          EnumSet.of(
              TypeCase.INT32,
              TypeCase.UINT64,
              TypeCase.FLOAT64,
              TypeCase.DECIMAL_WHOLE,
              TypeCase.STRING,
              TypeCase.BYTES,
              TypeCase.DATE,
              TypeCase.DATETIME));

  @TempDir Path folder;

  private static Format format(String name, PageCodec codec) {
    TaskContext task = TestContext.create().task();
    return name.equals("orc")
        ? new OrcFormat(codec == PageCodec.NONE ? "none" : "zlib", task)
        : new ParquetFormat(codec, task);
  }

  private Path path() {
    return folder.resolve("file");
  }

  private byte[] good(Format format) throws IOException {
    new FormatFile(format, path()).write(SAMPLE.batch());
    return Files.readAllBytes(path());
  }

  /** Reads a file; null, or the one line that says what is wrong with it. */
  private @Nullable String wrong(Format format, byte[] bytes) throws IOException {
    Files.write(path(), bytes);
    try {
      FormatFile.Read read = new FormatFile(format, path()).read();
      int dirty = read.context().dirty().count();
      if (format instanceof ParquetFormat) {
        assertThat(read.records().size() + dirty).isEqualTo(SAMPLE.size());
      }
      if (dirty == 0 && read.records().equals(SAMPLE.texts())) {
        return null;
      }
      return dirty > 0 ? "dirty" : "other records";
    } catch (IOException | io.millrace.api.error.MillraceException e) {
      assertThat(e.getMessage()).isNotBlank().doesNotContain("\n").hasSizeLessThan(400);
      return e.getMessage();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void aFileThatIsCutOffAnywhereIsRefused(String name) throws IOException {
    Format format = format(name, PageCodec.SNAPPY);
    byte[] good = good(format);
    assertThat(wrong(format, good)).isNull();

    for (int length = 1; length < good.length; length += length < 40 ? 1 : 41) {
      assertThat(wrong(format, Arrays.copyOf(good, length)))
          .as("%d of %d bytes", length, good.length)
          .isNotNull()
          .isNotEqualTo("other records");
    }
    assertThat(wrong(format, Arrays.copyOf(good, good.length - 1))).contains("cut off");
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void anotherFileIsToldFromOne(String name) throws IOException {
    Format format = format(name, PageCodec.NONE);

    assertThat(wrong(format, "id,name\n1,a text that is long enough\n".getBytes()))
        .startsWith("it is no " + (name.equals("orc") ? "ORC" : "parquet") + " file");
    assertThat(wrong(format, new byte[500])).startsWith("it is no");
    assertThat(wrong(format, new byte[3])).startsWith("it is no");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NONE", "SNAPPY", "ZSTD", "GZIP", "LZ4_RAW"})
  void aChangedByteOfAParquetPageIsFoundByItsChecksum(String codec) throws IOException {
    Format format = format("parquet", PageCodec.valueOf(codec));
    byte[] good = good(format);
    Random random = new Random(7);
    int footer = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getInt(good.length - 8) + 8;

    int pages = good.length - footer;
    for (int i = 0; i < 400; i++) {
      byte[] bad = good.clone();
      bad[4 + random.nextInt(pages - 4)] ^= (byte) (1 << random.nextInt(8));
      // A header may lose its checksum, or the place of statistics nobody reads; never a value.
      assertThat(wrong(format, bad)).isNotEqualTo("other records");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void noChangeOfBytesHangsOrTakesTheMemory(String name) throws IOException {
    for (PageCodec codec : List.of(PageCodec.NONE, PageCodec.SNAPPY)) {
      Format format = format(name, codec);
      byte[] good = good(format);
      Random random = new Random(11);
      for (int i = 0; i < 150; i++) {
        byte[] bad = good.clone();
        int changes = 1 + random.nextInt(3);
        for (int k = 0; k < changes; k++) {
          bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
        }
        wrong(format, bad);
      }
    }
  }

  @Test
  void aFooterThatClaimsMoreThanTheFileIsRefused() throws IOException {
    Format format = format("parquet", PageCodec.NONE);
    byte[] bad = good(format);
    ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(bad.length - 8, Integer.MAX_VALUE);

    assertThat(wrong(format, bad)).contains("its footer says that it has 2147483647 bytes");
  }

  @Test
  void aFooterThatIsTooLargeForTheHeapIsRefusedBeforeItIsRead() throws IOException {
    Format format = format("parquet", PageCodec.NONE);
    byte[] good = good(format);
    try (var file = new java.io.RandomAccessFile(path().toFile(), "rw")) {
      file.setLength(2_000_000_000L); // a hole, which takes no place on disk
      file.seek(2_000_000_000L - 8);
      file.write(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(1_900_000_000).array());
      file.write(Arrays.copyOf(good, 4));
    }

    assertThatThrownBy(() -> new FormatFile(format, path()).read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("its footer has 1900000000 bytes, and ");
  }

  @Test
  void aPageThatWouldUnfoldToGigabytesIsRefused() throws IOException {
    byte[] page = {1, 2, 3, 4};
    PageHeader header = new PageHeader(PageType.DATA_PAGE, 2_000_000_000, page.length);
    header.setData_page_header(new DataPageHeader(1, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));

    assertThat(wrong(format("parquet", PageCodec.NONE), file(header, page, 1)))
        .contains("a page of 4 bytes would unfold to 2000000000, and ");
  }

  @Test
  void aPageThatUnfoldsToMoreThanItSaysIsRefused() throws IOException {
    byte[] zeros = org.xerial.snappy.Snappy.compress(new byte[1 << 20]);
    PageHeader header = new PageHeader(PageType.DATA_PAGE, 8, zeros.length);
    header.setData_page_header(new DataPageHeader(1, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));

    assertThat(wrong(format("parquet", PageCodec.NONE), file(header, zeros, 1)))
        .contains("a page does not unfold to the 8 bytes that it says");
  }

  @Test
  void aRunThatClaimsBillionsOfValuesIsRefused() throws IOException {
    // One bit wide, packed, 2^27 groups of eight.
    byte[] plain = {1, (byte) 0x81, (byte) 0x80, (byte) 0x80, (byte) 0x80, 1, 0};
    byte[] page = org.xerial.snappy.Snappy.compress(plain);
    PageHeader header = new PageHeader(PageType.DATA_PAGE, plain.length, page.length);
    header.setData_page_header(
        new DataPageHeader(1, Encoding.RLE_DICTIONARY, Encoding.RLE, Encoding.RLE));

    assertThat(wrong(format("parquet", PageCodec.NONE), file(header, page, 1)))
        .contains("says that a run has 1073741824 values");
  }

  /** A file with one required column of longs and one page, which is snappy. */
  private static byte[] file(PageHeader header, byte[] page, int rows) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("PAR1".getBytes());
    Util.writePageHeader(header, out);
    out.writeBytes(page);
    int length = out.size() - 4;
    ColumnMetaData data =
        new ColumnMetaData(
            Type.INT64,
            List.of(Encoding.PLAIN),
            List.of("a"),
            CompressionCodec.SNAPPY,
            rows,
            length,
            length,
            4);
    ColumnChunk chunk = new ColumnChunk(0);
    chunk.setMeta_data(data);
    SchemaElement root = new SchemaElement("root");
    root.setNum_children(1);
    SchemaElement column = new SchemaElement("a");
    column.setType(Type.INT64);
    column.setRepetition_type(FieldRepetitionType.REQUIRED);
    FileMetaData footer =
        new FileMetaData(
            1, List.of(root, column), rows, List.of(new RowGroup(List.of(chunk), length, rows)));
    int start = out.size();
    Util.writeFileMetaData(footer, out);
    out.writeBytes(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(out.size() - start).array());
    out.writeBytes("PAR1".getBytes());
    return out.toByteArray();
  }
}
