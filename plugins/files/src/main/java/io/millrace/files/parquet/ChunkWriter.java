package io.millrace.files.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.statistics.geospatial.GeospatialStatistics;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * The compressed pages of one column while its row group is open. Each page has a checksum. Used by
 * one thread.
 */
final class ChunkWriter implements PageWriter {

  /** Longer ones would make the footer large and help nobody. */
  private static final int MAX_STATISTIC = 64;

  private final ColumnDescriptor column;
  private final PageCodec codec;
  private final List<byte[]> pages = new ArrayList<>();
  private final Set<org.apache.parquet.format.Encoding> encodings =
      EnumSet.noneOf(org.apache.parquet.format.Encoding.class);
  private byte @Nullable [] dictionary;
  private @Nullable Statistics<?> statistics;
  private long values;
  private long stored;
  private long unfolded;

  ChunkWriter(ColumnDescriptor column, PageCodec codec) {
    this.column = column;
    this.codec = codec;
  }

  @Override
  public void writePage(
      BytesInput bytes,
      int valueCount,
      int rowCount,
      Statistics<?> pageStatistics,
      SizeStatistics sizes,
      GeospatialStatistics places,
      Encoding repetition,
      Encoding definition,
      Encoding encoding)
      throws IOException {
    PageHeader header = new PageHeader(PageType.DATA_PAGE, 0, 0);
    header.setData_page_header(
        new DataPageHeader(valueCount, format(encoding), format(definition), format(repetition)));
    pages.add(page(header, bytes));
    values += valueCount;
    Statistics<?> merged = statistics;
    if (merged == null) {
      statistics = pageStatistics.copy();
    } else {
      merged.mergeStatistics(pageStatistics);
    }
  }

  @Override
  public void writePage(
      BytesInput bytes,
      int valueCount,
      int rowCount,
      Statistics<?> pageStatistics,
      Encoding repetition,
      Encoding definition,
      Encoding encoding) {
    throw new UnsupportedOperationException("pages come with all their statistics");
  }

  @Override
  @Deprecated
  public void writePage(
      BytesInput bytes,
      int valueCount,
      Statistics<?> pageStatistics,
      Encoding repetition,
      Encoding definition,
      Encoding encoding) {
    throw new UnsupportedOperationException("pages come with all their statistics");
  }

  @Override
  public void writePageV2(
      int rowCount,
      int nullCount,
      int valueCount,
      BytesInput repetition,
      BytesInput definition,
      Encoding encoding,
      BytesInput data,
      Statistics<?> pageStatistics) {
    throw new UnsupportedOperationException("pages are of version 1");
  }

  @Override
  public void writeDictionaryPage(DictionaryPage page) throws IOException {
    PageHeader header = new PageHeader(PageType.DICTIONARY_PAGE, 0, 0);
    header.setDictionary_page_header(
        new DictionaryPageHeader(page.getDictionarySize(), format(page.getEncoding())));
    dictionary = page(header, page.getBytes());
  }

  private org.apache.parquet.format.Encoding format(Encoding encoding) {
    org.apache.parquet.format.Encoding same =
        org.apache.parquet.format.Encoding.valueOf(encoding.name());
    encodings.add(same);
    return same;
  }

  private byte[] page(PageHeader header, BytesInput bytes) throws IOException {
    Exact plainBytes = new Exact(Math.toIntExact(bytes.size()));
    bytes.writeAllTo(plainBytes);
    byte[] plain = plainBytes.bytes();
    byte[] body = codec.compress(plain);
    CRC32 crc = new CRC32();
    crc.update(body);
    header.setUncompressed_page_size(plain.length);
    header.setCompressed_page_size(body.length);
    header.setCrc((int) crc.getValue());
    ByteArrayOutputStream page = new ByteArrayOutputStream(body.length + 128);
    Util.writePageHeader(header, page);
    unfolded += page.size() + plain.length;
    page.write(body, 0, body.length);
    stored += page.size();
    return page.toByteArray();
  }

  /**
   * Writes the pages, and forgets them.
   *
   * @param start where in the file they will stand
   */
  ColumnChunk writeTo(OutputStream out, long start) throws IOException {
    byte[] first = dictionary;
    if (first != null) {
      out.write(first);
    }
    for (byte[] page : pages) {
      out.write(page);
    }
    PrimitiveType type = column.getPrimitiveType();
    ColumnMetaData data =
        new ColumnMetaData(
            SchemaConversion.stored(type.getPrimitiveTypeName()),
            new ArrayList<>(encodings),
            List.of(column.getPath()),
            codec.codec(),
            values,
            unfolded,
            stored,
            start + (first == null ? 0 : first.length));
    if (first != null) {
      data.setDictionary_page_offset(start);
    }
    Statistics<?> known = statistics;
    if (known != null) {
      data.setStatistics(statistics(known, type));
    }
    ColumnChunk chunk = new ColumnChunk(0);
    chunk.setMeta_data(data);
    pages.clear();
    dictionary = null;
    return chunk;
  }

  private static org.apache.parquet.format.Statistics statistics(
      Statistics<?> known, PrimitiveType type) {
    org.apache.parquet.format.Statistics statistics = new org.apache.parquet.format.Statistics();
    if (known.isNumNullsSet()) {
      statistics.setNull_count(known.getNumNulls());
    }
    // With NaN there is no order that all readers agree on.
    boolean real =
        type.getPrimitiveTypeName() == PrimitiveTypeName.FLOAT
            || type.getPrimitiveTypeName() == PrimitiveTypeName.DOUBLE;
    if (!real && known.hasNonNullValue()) {
      byte[] min = known.getMinBytes();
      byte[] max = known.getMaxBytes();
      if (min.length <= MAX_STATISTIC && max.length <= MAX_STATISTIC) {
        statistics.setMin_value(min);
        statistics.setMax_value(max);
      }
    }
    return statistics;
  }

  /** The bytes {@link #writeTo} writes. */
  long stored() {
    return stored;
  }

  /** The bytes they unfold to. */
  long unfolded() {
    return unfolded;
  }

  @Override
  public long getMemSize() {
    return stored;
  }

  @Override
  public long allocatedSize() {
    return stored;
  }

  @Override
  public String memUsageString(String prefix) {
    return prefix + stored;
  }

  /** Bytes whose number is known before, without a copy at the end. */
  private static final class Exact extends ByteArrayOutputStream {

    Exact(int size) {
      super(Math.max(1, size));
    }

    byte[] bytes() {
      return count == buf.length ? buf : toByteArray();
    }
  }
}
