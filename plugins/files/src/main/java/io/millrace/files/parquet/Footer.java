package io.millrace.files.parquet;

import io.millrace.api.Counted;
import io.millrace.files.columnar.OneLine;
import io.millrace.files.store.FileFault;
import io.millrace.files.store.RandomInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.schema.MessageType;
import shaded.parquet.org.apache.thrift.TException;

/**
 * What stands at the end of a file, checked against the file's size.
 *
 * @param groups those that hold rows, in the order of the file
 * @param oldCalendar what the program that wrote it counted in another calendar
 */
record Footer(MessageType schema, List<Group> groups, String createdBy, OldCalendar oldCalendar) {

  static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ENCRYPTED = "PARE".getBytes(StandardCharsets.US_ASCII);
  private static final int TAIL = 8;

  /**
   * A row group.
   *
   * @param start where its first page begins
   * @param chunks in the order of the schema's leaves
   */
  record Group(long start, long rows, List<Chunk> chunks) {}

  /**
   * The pages of one column in a row group.
   *
   * @param values how many, NULLs included
   */
  record Chunk(long start, long length, long values, PageCodec codec) {}

  /**
   * Reads it.
   *
   * @param most bytes it may have
   */
  static Footer read(RandomInput in, long most) throws IOException {
    long size = in.size();
    byte[] head = new byte[MAGIC.length];
    byte[] tail = new byte[TAIL];
    if (size < MAGIC.length + TAIL) {
      throw new IOException(
          "it is no parquet file: it has " + Counted.of(size, "byte", "bytes") + " only");
    }
    in.read(0, head, 0, head.length);
    in.read(size - TAIL, tail, 0, TAIL);
    requireMagic(head, Arrays.copyOfRange(tail, 4, TAIL));
    long length =
        (tail[0] & 0xff) | (tail[1] & 0xff) << 8 | (tail[2] & 0xff) << 16 | (tail[3] & 0xffL) << 24;
    long start = size - TAIL - length;
    if (start < MAGIC.length) {
      throw new IOException(
          "its footer says that it has " + length + " bytes, more than the file: it is broken");
    }
    if (length > most) {
      throw new IOException(
          "its footer has " + length + " bytes, and " + most + " are allowed with this heap");
    }
    byte[] bytes = new byte[(int) length];
    in.read(start, bytes, 0, bytes.length);
    try {
      FileMetaData footer = new FileMetaData();
      footer.read(new BoundedProtocol(bytes, most));
      return of(footer, start);
    } catch (BoundedProtocol.TooLarge e) {
      throw new IOException(e.getMessage(), e);
    } catch (IOException | TException | RuntimeException e) {
      if (e instanceof IOException told && e.getCause() == null) {
        throw told;
      }
      throw new IOException("its footer is broken: " + firstLine(e), e);
    }
  }

  static String firstLine(Throwable e) {
    String message = e.getMessage();
    return OneLine.of(
        message == null || message.isBlank() ? e.getClass().getSimpleName() : message);
  }

  private static void requireMagic(byte[] head, byte[] tail) throws IOException {
    if (Arrays.equals(tail, ENCRYPTED)) {
      throw new FileFault("it is encrypted parquet, which is not supported");
    }
    if (!Arrays.equals(head, MAGIC)) {
      throw new FileFault("it is no parquet file: it does not begin with PAR1; check fileFormat");
    }
    if (!Arrays.equals(tail, MAGIC)) {
      throw new FileFault(
          "it is cut off: it begins as parquet does, but does not end with PAR1; write it again");
    }
  }

  private static Footer of(FileMetaData footer, long end) throws IOException {
    if (footer.isSetEncryption_algorithm()) {
      throw new FileFault("it is encrypted parquet, which is not supported");
    }
    MessageType schema = SchemaConversion.read(footer.getSchema());
    List<Group> groups = new ArrayList<>();
    List<RowGroup> listed = footer.getRow_groups();
    for (RowGroup each : listed == null ? List.<RowGroup>of() : listed) {
      if (each.getNum_rows() != 0) {
        groups.add(group(each, schema.getColumns(), end));
      }
    }
    long rows = groups.stream().mapToLong(Group::rows).sum();
    if (rows != footer.getNum_rows()) {
      throw new IOException(
          "its footer is broken: its row groups have "
              + rows
              + " rows, the file says "
              + footer.getNum_rows());
    }
    String by = footer.getCreated_by();
    return new Footer(
        schema, groups, by == null ? "" : by, OldCalendar.of(footer.getKey_value_metadata()));
  }

  private static Group group(RowGroup group, List<ColumnDescriptor> leaves, long end)
      throws IOException {
    List<ColumnChunk> columns = group.getColumns();
    if (group.getNum_rows() < 0 || columns == null || columns.size() != leaves.size()) {
      throw new FileFault(
          "its footer is broken: a row group does not have the columns of the schema");
    }
    List<Chunk> chunks = new ArrayList<>();
    long start = Long.MAX_VALUE;
    for (int i = 0; i < columns.size(); i++) {
      Chunk chunk = chunk(columns.get(i), leaves.get(i), group.getNum_rows(), end);
      start = Math.min(start, chunk.start());
      chunks.add(chunk);
    }
    return new Group(start, group.getNum_rows(), chunks);
  }

  private static Chunk chunk(ColumnChunk column, ColumnDescriptor leaf, long rows, long end)
      throws IOException {
    String name = String.join(".", leaf.getPath());
    ColumnMetaData data = column.getMeta_data();
    if (column.isSetCrypto_metadata() || data == null) {
      throw new IOException("its column '" + name + "' is encrypted, which is not supported");
    }
    if (column.getFile_path() != null && !column.getFile_path().isEmpty()) {
      throw new IOException("its column '" + name + "' is in another file: read that instead");
    }
    if (!List.of(leaf.getPath()).equals(data.getPath_in_schema())
        || data.getType()
            != SchemaConversion.stored(leaf.getPrimitiveType().getPrimitiveTypeName())) {
      throw new FileFault(
          "its footer is broken: the columns of a row group are not those of the schema");
    }
    long start = data.getData_page_offset();
    if (data.isSetDictionary_page_offset()
        && data.getDictionary_page_offset() > 0
        && data.getDictionary_page_offset() < start) {
      start = data.getDictionary_page_offset();
    }
    long length = data.getTotal_compressed_size();
    if (start < MAGIC.length || length < 0 || start > end || length > end - start) {
      throw new IOException(
          "its footer is broken: column '" + name + "' would lie outside the file");
    }
    boolean flat = leaf.getMaxRepetitionLevel() == 0;
    if (flat ? data.getNum_values() != rows : data.getNum_values() < rows) {
      throw new IOException(
          "its footer is broken: column '"
              + name
              + "' has "
              + data.getNum_values()
              + " values for "
              + rows
              + " rows");
    }
    return new Chunk(start, length, data.getNum_values(), PageCodec.of(data.getCodec()));
  }
}
