package io.millrace.files.columnar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.files.parquet.PageCodec;
import io.millrace.files.parquet.ParquetFormat;
import io.millrace.testkit.context.TestContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Small parquet files that mean much more memory than they have bytes. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ParquetBombsTest {

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private FormatFile file() {
    return new FormatFile(
        new ParquetFormat(PageCodec.NONE, TestContext.create().task()), folder.resolve("file"));
  }

  private static SchemaElement leaf(String name, Type type, FieldRepetitionType repetition) {
    SchemaElement element = new SchemaElement(name);
    element.setType(type);
    element.setRepetition_type(repetition);
    return element;
  }

  private static SchemaElement group(String name, int children) {
    SchemaElement element = new SchemaElement(name);
    element.setNum_children(children);
    return element;
  }

  private void page(PageHeader header, byte[] plain) throws IOException {
    byte[] body = org.xerial.snappy.Snappy.compress(plain);
    header.setUncompressed_page_size(plain.length);
    header.setCompressed_page_size(body.length);
    Util.writePageHeader(header, out);
    out.writeBytes(body);
  }

  private static PageHeader data(int values, Encoding encoding) {
    PageHeader header = new PageHeader(PageType.DATA_PAGE, 0, 0);
    header.setData_page_header(new DataPageHeader(values, encoding, Encoding.RLE, Encoding.RLE));
    return header;
  }

  /** Puts a footer behind the pages. */
  private void finish(List<SchemaElement> schema, List<String> path, Type type, long values)
      throws IOException {
    List<RowGroup> groups = new ArrayList<>();
    if (!path.isEmpty()) {
      int length = out.size() - 4;
      ColumnChunk chunk = new ColumnChunk(0);
      chunk.setMeta_data(
          new ColumnMetaData(
              type, List.of(), path, CompressionCodec.SNAPPY, values, length, length, 4));
      groups.add(new RowGroup(List.of(chunk), length, 1));
    }
    int start = out.size();
    Util.writeFileMetaData(new FileMetaData(1, schema, groups.size(), groups), out);
    out.writeBytes(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(out.size() - start).array());
    out.writeBytes("PAR1".getBytes());
    Files.write(folder.resolve("file"), out.toByteArray());
  }

  @Test
  void aFooterWithMoreElementsThanMemoryIsRefused() throws IOException {
    out.writeBytes("PAR1".getBytes());
    SchemaElement element = leaf("a", Type.INT64, FieldRepetitionType.REQUIRED);
    List<SchemaElement> schema = new ArrayList<>(Collections.nCopies(1_000_000, element));
    schema.set(0, group("root", 999_999));
    finish(schema, List.of(), Type.INT64, 0);

    assertThat(out.size()).isLessThan(16 << 20);
    assertThatThrownBy(() -> file().read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("its footer takes more than the ");
  }

  @Test
  void aDictionaryWithMoreEntriesThanMemoryIsRefused() throws IOException {
    out.writeBytes("PAR1".getBytes());
    PageHeader header = new PageHeader(PageType.DICTIONARY_PAGE, 0, 0);
    header.setDictionary_page_header(new DictionaryPageHeader(3_500_000, Encoding.PLAIN));
    page(header, new byte[14_000_000]);
    page(data(1, Encoding.RLE_DICTIONARY), new byte[] {1, 2, 0});
    finish(
        List.of(group("root", 1), leaf("a", Type.BYTE_ARRAY, FieldRepetitionType.REQUIRED)),
        List.of("a"),
        Type.BYTE_ARRAY,
        1);

    assertThatThrownBy(() -> file().read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("column 'a': a dictionary of 3500000 entries is too large for the ");
  }

  @Test
  void lengthsThatClaimMoreThanTheirPageAreRefused() throws IOException {
    out.writeBytes("PAR1".getBytes());
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    // Prefixes: blocks of 128 in 4, one value, 0; then as many suffixes as an int can say.
    plain.writeBytes(new byte[] {(byte) 0x80, 1, 4, 1, 0});
    plain.writeBytes(
        new byte[] {(byte) 0x80, 1, 4, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 0});
    page(data(1, Encoding.DELTA_BYTE_ARRAY), plain.toByteArray());
    finish(
        List.of(group("root", 1), leaf("a", Type.BYTE_ARRAY, FieldRepetitionType.REQUIRED)),
        List.of("a"),
        Type.BYTE_ARRAY,
        1);

    assertThatThrownBy(() -> file().read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a page of 1 value says that it has 2147483647");
  }

  @Test
  void aListOfMillionsOfNothingIsDirty() throws IOException {
    int values = 5_000_000;
    out.writeBytes("PAR1".getBytes());
    ByteBuffer plain = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    // Repetition: one 0, then 1 for all others. Definition: 2, an element that is NULL.
    plain.putInt(2 + 5).put((byte) 2).put((byte) 0);
    run(plain, values - 1, 1);
    plain.putInt(5);
    run(plain, values, 2);
    page(data(values, Encoding.PLAIN), java.util.Arrays.copyOf(plain.array(), plain.position()));
    SchemaElement list = group("l", 1);
    list.setRepetition_type(FieldRepetitionType.OPTIONAL);
    list.setConverted_type(ConvertedType.LIST);
    SchemaElement repeated = group("list", 1);
    repeated.setRepetition_type(FieldRepetitionType.REPEATED);
    finish(
        List.of(
            group("root", 1),
            list,
            repeated,
            leaf("element", Type.INT32, FieldRepetitionType.OPTIONAL)),
        List.of("l", "list", "element"),
        Type.INT32,
        values);

    FormatFile.Read read = file().read();

    assertThat(read.records()).isEmpty();
    assertThat(read.context().dirty().entries())
        .singleElement()
        .satisfies(
            each ->
                assertThat(each.reason().message())
                    .startsWith("l: the value has more nested parts than fit into"));
  }

  /** A run of the same level: its length, in four bytes, and the level. */
  private static void run(ByteBuffer into, int length, int level) {
    int header = length << 1;
    for (int i = 0; i < 3; i++) {
      into.put((byte) (header >>> (7 * i) & 0x7f | 0x80));
    }
    into.put((byte) (header >>> 21)).put((byte) level);
  }
}
