package io.millrace.api.record;

import java.util.Arrays;

/** BOOLEAN, INT64, TIME, DATE, DATETIME and TIMESTAMP values; see {@link ColumnType}. */
public final class LongColumn extends Column {

  private long[] values = new long[INITIAL_ROWS];

  LongColumn(Field field) {
    super(field);
  }

  /** Appends a value in the form its type prescribes. */
  public void append(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, grown(values.length, size + 1));
    }
    values[size++] = value;
  }

  /** The value; without meaning when it is NULL. */
  public long get(int row) {
    return values[row];
  }

  @Override
  void appendPlaceholder() {
    append(0);
  }

  @Override
  public long bytes() {
    return size * 8L;
  }

  @Override
  long capacityBytes() {
    return values.length * 8L;
  }

  @Override
  void shrink(int keepBytes) {
    if (capacityBytes() > keepBytes) {
      values = new long[INITIAL_ROWS];
    }
  }

  @Override
  void copyValue(Column source, int row) {
    append(((LongColumn) source).values[row]);
  }

  @Override
  void truncateValues(int newSize) {}
}
