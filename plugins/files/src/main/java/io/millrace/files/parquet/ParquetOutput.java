package io.millrace.files.parquet;

import io.millrace.api.DirtyRecords;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.columnar.Screening;
import io.millrace.files.format.RecordOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.column.impl.ColumnWriteStoreV1;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnOrder;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.TypeDefinedOrder;
import org.apache.parquet.format.Util;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** Writes records into row groups, each of which is in memory until it is full. */
final class ParquetOutput implements RecordOutput {

  private static final int LEAST_PAGE = 16 << 10;
  private static final int MOST_PAGE = 1 << 20;

  /** What one column of one row group takes in memory until the footer is written. */
  private static final int CHUNK_COST = 1024;

  private final OutputStream out;
  private final MessageType schema;
  private final Encoder[] encoders;
  private final int[] levels;
  private final PageCodec codec;
  private final long groupBytes;
  private final ParquetProperties properties;
  private final Screening screening;
  private final List<RowGroup> groups = new ArrayList<>();
  private @Nullable ColumnWriteStore store;
  private Map<ColumnDescriptor, ChunkWriter> chunks = Map.of();
  private long position;
  private long rows;
  private long groupRows;

  /**
   * @param groupBytes bytes of memory after which a row group is full
   */
  ParquetOutput(OutputStream out, Schema source, PageCodec codec, long groupBytes)
      throws IOException {
    this.out = out;
    this.schema = ParquetTypes.schema(source);
    this.codec = codec;
    this.groupBytes = groupBytes;
    this.encoders = new Encoder[source.size()];
    this.levels = new int[source.size()];
    for (int i = 0; i < encoders.length; i++) {
      encoders[i] = Encoders.of(source.field(i), schema.getType(i).asPrimitiveType());
      levels[i] = source.field(i).nullable() ? 1 : 0;
    }
    this.screening = new Screening(source, List.of(encoders), false);
    int page =
        (int) Math.max(LEAST_PAGE, Math.min(MOST_PAGE, groupBytes / Math.max(1, source.size())));
    this.properties =
        ParquetProperties.builder()
            .withWriterVersion(WriterVersion.PARQUET_1_0)
            .withPageSize(page)
            .withDictionaryPageSize(page)
            .withSizeStatisticsEnabled(false)
            .build();
    give(Footer.MAGIC);
  }

  private void give(byte[] bytes) throws IOException {
    out.write(bytes);
    position += bytes.length;
  }

  private ColumnWriteStore store() {
    ColumnWriteStore open = store;
    if (open == null) {
      Map<ColumnDescriptor, ChunkWriter> fresh = new LinkedHashMap<>();
      for (ColumnDescriptor column : schema.getColumns()) {
        fresh.put(column, new ChunkWriter(column, codec));
      }
      chunks = fresh;
      open = new ColumnWriteStoreV1(schema, fresh::get, properties);
      store = open;
    }
    return open;
  }

  @Override
  public int write(RecordBatch batch, int from, int to, DirtyRecords dirty) throws IOException {
    int written = screening.screen(batch, from, to, dirty);
    if (written == 0) {
      return 0;
    }
    ColumnWriteStore open = store();
    List<ColumnDescriptor> columns = schema.getColumns();
    for (int i = 0; i < encoders.length; i++) {
      encoders[i].write(
          batch.column(i),
          from,
          to,
          screening.bad(),
          levels[i],
          open.getColumnWriter(columns.get(i)));
    }
    for (int i = 0; i < written; i++) {
      open.endRecord();
    }
    groupRows += written;
    if (open.getBufferedSize() >= groupBytes || open.getAllocatedSize() >= 2 * groupBytes) {
      endGroup();
    }
    return written;
  }

  private void endGroup() throws IOException {
    ColumnWriteStore open = store;
    if (open == null) {
      return;
    }
    open.flush();
    List<ColumnChunk> written = new ArrayList<>();
    long start = position;
    long unfolded = 0;
    for (ChunkWriter chunk : chunks.values()) {
      written.add(chunk.writeTo(out, position));
      position += chunk.stored();
      unfolded += chunk.unfolded();
    }
    RowGroup group = new RowGroup(written, unfolded, groupRows);
    group.setFile_offset(start);
    group.setTotal_compressed_size(position - start);
    groups.add(group);
    rows += groupRows;
    groupRows = 0;
    close();
  }

  /**
   * A file whose footer would become too large for memory says that it is full, whatever its size.
   */
  @Override
  public long buffered() {
    if ((long) groups.size() * encoders.length * CHUNK_COST > groupBytes) {
      return Long.MAX_VALUE / 2;
    }
    ColumnWriteStore open = store;
    return open == null ? 0 : open.getBufferedSize();
  }

  @Override
  public void finish() throws IOException {
    endGroup();
    FileMetaData footer = new FileMetaData(1, SchemaConversion.write(schema), rows, groups);
    footer.setCreated_by("millrace version 0.1.0");
    List<ColumnOrder> orders = new ArrayList<>();
    for (int i = 0; i < encoders.length; i++) {
      orders.add(ColumnOrder.TYPE_ORDER(new TypeDefinedOrder()));
    }
    footer.setColumn_orders(orders);
    KeyValue proleptic = new KeyValue("writer.date.proleptic");
    proleptic.setValue("true");
    footer.setKey_value_metadata(List.of(proleptic));
    Counting counting = new Counting(out);
    Util.writeFileMetaData(footer, counting);
    give(BytesUtils.intToBytes(counting.count));
    give(Footer.MAGIC);
    out.flush();
  }

  /** Lets go of the row group; its columns hold nothing but heap memory. */
  @Override
  public void close() {
    store = null;
    chunks = Map.of();
  }

  private static final class Counting extends java.io.FilterOutputStream {

    private int count;

    Counting(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      count += length;
    }
  }
}
