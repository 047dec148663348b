package io.millrace.files.parquet;

import io.millrace.api.Counted;
import io.millrace.files.store.FileFault;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.jspecify.annotations.Nullable;
import shaded.parquet.org.apache.thrift.TConfiguration;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;

/**
 * The pages of one column in a row group, one after another, each checked before memory is taken
 * for it. Of the column there is never more in memory than one page and its dictionary. What is
 * wrong is an {@link UncheckedIOException}, since the interface has none. Used by one thread.
 */
final class ChunkPages implements PageReader {

  private static final int MAX_HEADER = 8 << 20;

  private static final String BROKEN = ": the file is broken, write it again";

  private final ColumnDescriptor column;
  private final Footer.Chunk chunk;
  private final ChunkInput in;
  private final long maxPage;
  private final PageBuffer buffer;
  private final long rows;
  private byte[] stored = new byte[0];
  private @Nullable PageHeader ahead;
  private long passed;
  private long begun;

  /**
   * @param rows of the row group
   * @param input its bytes
   * @param buffer shared with the other columns
   * @param maxPage bytes that one page may unfold to
   */
  ChunkPages(
      ColumnDescriptor column,
      Footer.Chunk chunk,
      long rows,
      ChunkInput input,
      PageBuffer buffer,
      long maxPage) {
    this.column = column;
    this.chunk = chunk;
    this.rows = rows;
    this.in = input;
    this.buffer = buffer;
    this.maxPage = maxPage;
  }

  @Override
  public long getTotalValueCount() {
    return chunk.values();
  }

  @Override
  public @Nullable DictionaryPage readDictionaryPage() {
    try {
      PageHeader header = header();
      if (header.getType() != PageType.DICTIONARY_PAGE) {
        ahead = header;
        return null;
      }
      DictionaryPageHeader dictionary = header.getDictionary_page_header();
      if (dictionary == null) {
        throw new FileFault("a page has no header of its kind");
      }
      int count = dictionary.getNum_values();
      int size = header.getUncompressed_page_size();
      PageBounds.requireDictionary(column.getPrimitiveType(), count, size, maxPage);
      read(header);
      byte[] bytes = chunk.codec().decompress(stored, 0, header.getCompressed_page_size(), size);
      return new DictionaryPage(BytesInput.from(bytes), count, encoding(dictionary.getEncoding()));
    } catch (IOException e) {
      throw broken(e);
    }
  }

  @Override
  public DataPage readPage() {
    try {
      while (true) {
        PageHeader header = header();
        read(header);
        DataPage page =
            switch (header.getType()) {
              case DATA_PAGE -> first(header);
              case DATA_PAGE_V2 -> second(header);
              case DICTIONARY_PAGE -> throw new FileFault("a dictionary stands behind the values");
              default -> null;
            };
        if (page != null && page.getValueCount() > 0) {
          return page;
        }
      }
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private UncheckedIOException broken(IOException e) {
    String what =
        e instanceof EOFException
            ? "it ends in the middle of a page, or has fewer pages than values"
            : Footer.firstLine(e);
    return new UncheckedIOException(
        new IOException("column '" + String.join(".", column.getPath()) + "': " + what, e));
  }

  private PageHeader header() throws IOException {
    PageHeader header = ahead;
    ahead = null;
    if (header != null) {
      return header;
    }
    header = new PageHeader();
    long most = Math.min(MAX_HEADER, in.remaining());
    if (most == 0) {
      throw new EOFException();
    }
    try {
      TConfiguration bounds = new TConfiguration((int) most, (int) most, 64);
      header.read(new TCompactProtocol(new TIOStreamTransport(bounds, in)));
    } catch (TException | RuntimeException e) {
      throw new IOException("a page's header is broken: " + Footer.firstLine(e), e);
    }
    if (header.getType() == null
        || header.getCompressed_page_size() < 0
        || header.getUncompressed_page_size() < 0) {
      throw new FileFault("a page's header is broken");
    }
    if (header.getCompressed_page_size() > in.remaining()) {
      throw new EOFException();
    }
    if (Math.max(header.getUncompressed_page_size(), header.getCompressed_page_size()) > maxPage) {
      throw new IOException(
          "a page of "
              + header.getCompressed_page_size()
              + " bytes would unfold to "
              + header.getUncompressed_page_size()
              + ", and "
              + maxPage
              + " are allowed with this heap");
    }
    return header;
  }

  /** Reads the bytes of a page as they are stored, and compares their checksum. */
  private void read(PageHeader header) throws IOException {
    int length = header.getCompressed_page_size();
    stored = buffer.atLeast(length);
    in.readFully(stored, length);
    if (header.isSetCrc()) {
      CRC32 crc = new CRC32();
      crc.update(stored, 0, length);
      if ((int) crc.getValue() != header.getCrc()) {
        throw new FileFault("a page's checksum is wrong: the file is damaged, fetch it again");
      }
    }
  }

  private void pass(int values) throws IOException {
    passed += values;
    if (values < 0 || passed > chunk.values()) {
      throw new FileFault("its pages have more values than the footer says");
    }
  }

  private DataPage first(PageHeader header) throws IOException {
    DataPageHeader own = header.getData_page_header();
    if (own == null) {
      throw new FileFault("a page has no header of its kind");
    }
    int values = own.getNum_values();
    pass(values);
    int size = header.getUncompressed_page_size();
    byte[] bytes = chunk.codec().decompress(stored, 0, header.getCompressed_page_size(), size);
    Encoding encoding = encoding(own.getEncoding());
    Encoding repetition = encoding(own.getRepetition_level_encoding());
    Encoding definition = encoding(own.getDefinition_level_encoding());
    int at = levels(bytes, 0, repetition, true, values);
    at = levels(bytes, at, definition, false, values);
    requireValues(bytes, at, encoding, values);
    return new DataPageV1(
        BytesInput.from(bytes), values, size, null, repetition, definition, encoding);
  }

  private int most(boolean repetition) {
    return repetition ? column.getMaxRepetitionLevel() : column.getMaxDefinitionLevel();
  }

  /** Passes levels that stand before the values with their length. */
  private int levels(byte[] bytes, int at, Encoding encoding, boolean repetition, int values)
      throws IOException {
    int most = most(repetition);
    if (most == 0) {
      return at;
    }
    int width = BytesUtils.getWidthFromMaxInt(most);
    if (encoding != Encoding.RLE) {
      int end = (int) Math.min(bytes.length, at + ((long) values * width + 7) / 8);
      require(Levels.packed(bytes, at, end, width, values, true), repetition, values);
      return end;
    }
    if (bytes.length - at < 4) {
      throw new FileFault("a page is too short for its levels");
    }
    int length = BytesUtils.readIntLittleEndian(bytes, at);
    if (length < 0 || length > bytes.length - at - 4) {
      throw new FileFault("a page is too short for its levels");
    }
    requireLevels(bytes, at + 4, at + 4 + length, repetition, values);
    return at + 4 + length;
  }

  private void requireLevels(byte[] bytes, int from, int to, boolean repetition, int values)
      throws IOException {
    int most = most(repetition);
    if (most > 0) {
      int width = BytesUtils.getWidthFromMaxInt(most);
      PageBounds.requireRuns(bytes, from, to, width, values);
      // Of a column that is not nested every level of one bit is one that it has.
      if (repetition || most > 1) {
        require(Levels.runs(bytes, from, to, width, values), repetition, values);
      }
    }
  }

  /** Refuses levels that would be taken for values of other rows, or of none. */
  private void require(Levels levels, boolean repetition, int values) throws IOException {
    if (levels.greatest() > most(repetition)) {
      throw new FileFault(
          "a page has a level "
              + levels.greatest()
              + ", of which there are "
              + most(repetition)
              + BROKEN);
    }
    if (!repetition) {
      return;
    }
    if (begun == 0 && values > 0 && levels.first() != 0) {
      throw new FileFault("its first value belongs to a row that has not begun" + BROKEN);
    }
    begun += levels.zeros();
    if (begun > rows || (passed == chunk.values() && begun < rows)) {
      throw new FileFault(
          "its pages begin "
              + Counted.of(begun, "row", "rows")
              + (begun > rows ? " or more" : "")
              + ", the row group has "
              + rows
              + BROKEN);
    }
  }

  private DataPage second(PageHeader header) throws IOException {
    DataPageHeaderV2 own = header.getData_page_header_v2();
    if (own == null) {
      throw new FileFault("a page has no header of its kind");
    }
    int values = own.getNum_values();
    pass(values);
    int length = header.getCompressed_page_size();
    int repetition = own.getRepetition_levels_byte_length();
    int definition = own.getDefinition_levels_byte_length();
    int size = header.getUncompressed_page_size() - repetition - definition;
    if (repetition < 0
        || definition < 0
        || (long) repetition + definition > length
        || size < 0
        || own.getNum_nulls() < 0
        || own.getNum_nulls() > values
        || own.getNum_rows() > values) {
      throw new FileFault("a page's header is broken");
    }
    byte[] levels = java.util.Arrays.copyOf(stored, repetition + definition);
    requireLevels(levels, 0, repetition, true, values);
    requireLevels(levels, repetition, levels.length, false, values);
    // Only absent values may leave nothing to unfold.
    int from = levels.length;
    PageCodec codec = !own.isIs_compressed() || length == from ? PageCodec.NONE : chunk.codec();
    byte[] bytes = codec.decompress(stored, from, length - from, size);
    Encoding encoding = encoding(own.getEncoding());
    requireValues(bytes, 0, encoding, values);
    return DataPageV2.uncompressed(
        own.getNum_rows(),
        own.getNum_nulls(),
        values,
        BytesInput.from(levels, 0, repetition),
        BytesInput.from(levels, repetition, definition),
        encoding,
        BytesInput.from(bytes),
        null);
  }

  private void requireValues(byte[] bytes, int at, Encoding encoding, int values)
      throws IOException {
    // Empty where every value is NULL.
    if (at >= bytes.length) {
      return;
    }
    switch (encoding) {
      case PLAIN_DICTIONARY, RLE_DICTIONARY ->
          PageBounds.requireRuns(bytes, at + 1, bytes.length, bytes[at], values);
      case DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY -> {
        if (values > maxPage / Long.BYTES) {
          throw new IOException("a page has " + values + " values: too many for this heap");
        }
        PageBounds.requireDelta(bytes, at, values, encoding == Encoding.DELTA_BYTE_ARRAY);
      }
      case RLE -> {
        if (bytes.length - at >= 4) {
          PageBounds.requireRuns(bytes, at + 4, bytes.length, 1, values);
        }
      }
      default -> {}
    }
  }

  private static Encoding encoding(org.apache.parquet.format.@Nullable Encoding encoding)
      throws IOException {
    if (encoding == null) {
      throw new FileFault("a page has an encoding that is not known");
    }
    try {
      return Encoding.valueOf(encoding.name());
    } catch (IllegalArgumentException e) {
      throw new IOException("the encoding " + encoding + " is not supported", e);
    }
  }
}
