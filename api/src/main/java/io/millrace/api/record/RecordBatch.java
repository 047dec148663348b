package io.millrace.api.record;

import java.util.Arrays;

/**
 * The unit that moves from a reader to a writer: records by column, in buffers that are used again.
 * One thread owns it at a time.
 *
 * <p>To fill it, append one value to every column, then call {@link #endRecord(long)}; a record
 * that turns out bad half way is taken back with {@link #discardRecord()}.
 */
public final class RecordBatch {

  private final Schema schema;
  private final Column[] columns;
  private final int maxBytes;
  private final int maxRecords;
  private long[] positions = new long[Column.INITIAL_ROWS];
  private int size;

  /**
   * @param maxBytes bytes after which the batch is full
   * @param maxRecords records after which the batch is full
   */
  public RecordBatch(Schema schema, int maxBytes, int maxRecords) {
    this.schema = schema;
    this.maxBytes = maxBytes;
    this.maxRecords = maxRecords;
    this.columns = new Column[schema.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = Column.create(schema.field(i));
    }
  }

  /** Its columns' names and types. */
  public Schema schema() {
    return schema;
  }

  /** The number of complete records. */
  public int size() {
    return size;
  }

  /** The column at {@code index}, from 0. */
  public Column column(int index) {
    return columns[index];
  }

  /** The column at {@code index} of type BOOLEAN, INT64, TIME, DATE, DATETIME or TIMESTAMP. */
  public LongColumn longs(int index) {
    return (LongColumn) columns[index];
  }

  /** The column at {@code index} of type FLOAT64. */
  public DoubleColumn doubles(int index) {
    return (DoubleColumn) columns[index];
  }

  /** The column at {@code index} of type DECIMAL. */
  public DecimalColumn decimals(int index) {
    return (DecimalColumn) columns[index];
  }

  /** The column at {@code index} of type STRING, JSON or BYTES. */
  public BytesColumn bytes(int index) {
    return (BytesColumn) columns[index];
  }

  /**
   * Completes the record whose values were appended to every column.
   *
   * @param position where the record stands in its split: a row's ordinal, a line's number, an
   *     offset. Shown for dirty records
   */
  public void endRecord(long position) {
    int expected = size + 1;
    for (Column column : columns) {
      if (column.size != expected) {
        throw new IllegalStateException(
            "column '"
                + column.field().name()
                + "' holds "
                + column.size
                + " values after "
                + expected
                + " records: append exactly one value to every column");
      }
    }
    if (size == positions.length) {
      positions = Arrays.copyOf(positions, Column.grown(size, expected));
    }
    positions[size] = position;
    size = expected;
  }

  /** True when no column holds a value of a record that was not completed. */
  public boolean isComplete() {
    for (Column column : columns) {
      if (column.size != size) {
        return false;
      }
    }
    return true;
  }

  /** Takes back the values of a record that was not completed. */
  public void discardRecord() {
    for (Column column : columns) {
      column.truncate(size);
    }
  }

  /** Takes back the records from {@code newSize} on. */
  public void truncate(int newSize) {
    size = Math.min(size, newSize);
    discardRecord();
  }

  /** Appends a copy of one record of another batch with the same column types. */
  public void appendFrom(RecordBatch source, int row) {
    for (int i = 0; i < columns.length; i++) {
      columns[i].appendFrom(source.columns[i], row);
    }
    endRecord(source.positions[row]);
  }

  /** Where the record stands in its split. */
  public long position(int row) {
    return positions[row];
  }

  /** True when no further record should be appended. */
  public boolean isFull() {
    return size >= maxRecords || bytes() >= maxBytes;
  }

  /** The bytes the values take: what counts against limits. */
  public long bytes() {
    long sum = 0;
    for (Column column : columns) {
      sum += column.bytes();
    }
    return sum;
  }

  /** The memory the batch holds, used or not, in bytes. */
  public long capacityBytes() {
    long sum = positions.length * 8L;
    for (Column column : columns) {
      sum += column.capacityBytes();
    }
    return sum;
  }

  /** Empties the batch for its next use and gives back memory beyond twice its bound. */
  public void clear() {
    size = 0;
    boolean shrink = capacityBytes() > 2L * maxBytes + columns.length * 16_384L;
    for (Column column : columns) {
      column.clear();
      if (shrink) {
        column.shrink(Math.max(16_384, maxBytes / Math.max(1, columns.length)));
      }
    }
  }
}
