package io.millrace.files.columnar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

/** A parquet file of one column, put together page by page, also as no writer would. */
final class HandMadeParquet {

  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  HandMadeParquet() {
    out.writeBytes(MAGIC);
  }

  static SchemaElement leaf(String name, Type type, FieldRepetitionType repetition) {
    SchemaElement element = new SchemaElement(name);
    element.setType(type);
    element.setRepetition_type(repetition);
    return element;
  }

  static SchemaElement group(String name, int children) {
    SchemaElement element = new SchemaElement(name);
    element.setNum_children(children);
    return element;
  }

  /** Adds a page, compressed by snappy. */
  void page(PageHeader header, byte[] plain) throws IOException {
    byte[] body = org.xerial.snappy.Snappy.compress(plain);
    header.setUncompressed_page_size(plain.length);
    header.setCompressed_page_size(body.length);
    stored(header, body);
  }

  /** Adds a page with its bytes as they are, whose sizes are in its header. */
  void stored(PageHeader header, byte[] body) throws IOException {
    Util.writePageHeader(header, out);
    out.writeBytes(body);
  }

  static PageHeader data(int values, Encoding encoding) {
    PageHeader header = new PageHeader(PageType.DATA_PAGE, 0, 0);
    header.setData_page_header(new DataPageHeader(values, encoding, Encoding.RLE, Encoding.RLE));
    return header;
  }

  /** Puts a footer behind the pages; without a path there is no row group. */
  byte[] finish(List<SchemaElement> schema, List<String> path, Type type, long values, long rows)
      throws IOException {
    List<RowGroup> groups = new ArrayList<>();
    if (!path.isEmpty()) {
      int length = out.size() - MAGIC.length;
      ColumnChunk chunk = new ColumnChunk(0);
      chunk.setMeta_data(
          new ColumnMetaData(
              type,
              List.of(),
              path,
              CompressionCodec.SNAPPY,
              values,
              length,
              length,
              MAGIC.length));
      groups.add(new RowGroup(List.of(chunk), length, rows));
    }
    int start = out.size();
    Util.writeFileMetaData(new FileMetaData(1, schema, rows, groups), out);
    out.writeBytes(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(out.size() - start).array());
    out.writeBytes(MAGIC);
    return out.toByteArray();
  }

  /** A run of the same level: its length, in four bytes, and the level. */
  static void run(ByteBuffer into, int length, int level) {
    int header = length << 1;
    for (int i = 0; i < 3; i++) {
      into.put((byte) (header >>> (7 * i) & 0x7f | 0x80));
    }
    into.put((byte) (header >>> 21)).put((byte) level);
  }
}
