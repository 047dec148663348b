package io.millrace.api.record;

import java.util.Arrays;

/**
 * The values of one column of a {@link RecordBatch}. Appended to in order of the records, read by
 * index, cleared and used again. Not safe for use by several threads at once.
 */
public abstract sealed class Column permits LongColumn, DoubleColumn, DecimalColumn, BytesColumn {

  static final int INITIAL_ROWS = 256;

  private final Field field;
  private long[] nulls = new long[INITIAL_ROWS / 64];
  private boolean anyNull;
  int size;

  Column(Field field) {
    this.field = field;
  }

  static Column create(Field field) {
    return switch (field.type()) {
      case BOOLEAN, INT64, TIME, DATE, DATETIME, TIMESTAMP -> new LongColumn(field);
      case FLOAT64 -> new DoubleColumn(field);
      case DECIMAL -> new DecimalColumn(field);
      case STRING, JSON, BYTES -> new BytesColumn(field);
    };
  }

  /** Name and type. */
  public final Field field() {
    return field;
  }

  /** The number of values, NULLs included. */
  public final int size() {
    return size;
  }

  /** True when the value is NULL; its content is then without meaning. */
  public final boolean isNull(int row) {
    // The bitmap grows only for a NULL, so it may end before the row.
    int word = row >> 6;
    return anyNull && word < nulls.length && (nulls[word] & (1L << row)) != 0;
  }

  /** True when at least one value since the last clear was NULL. */
  public final boolean hasNull() {
    return anyNull;
  }

  /** Appends a NULL. */
  public final void appendNull() {
    int row = size;
    appendPlaceholder();
    int word = row >> 6;
    if (word >= nulls.length) {
      nulls = Arrays.copyOf(nulls, Math.max(word + 1, nulls.length * 2));
    }
    nulls[word] |= 1L << row;
    anyNull = true;
  }

  /** Appends a value without meaning under a NULL. */
  abstract void appendPlaceholder();

  /** The bytes its values take: what counts against limits. */
  public abstract long bytes();

  /** The memory it holds, used or not. */
  abstract long capacityBytes();

  /** Gives back memory that a few large values have taken. */
  abstract void shrink(int keepBytes);

  /** Copies one value of another column of the same type to the end of this one. */
  public final void appendFrom(Column source, int row) {
    if (source.isNull(row)) {
      appendNull();
    } else {
      copyValue(source, row);
    }
  }

  abstract void copyValue(Column source, int row);

  /** Removes the values from {@code newSize} on. */
  final void truncate(int newSize) {
    if (newSize >= size) {
      return;
    }
    if (anyNull) {
      for (int row = newSize; row < size && row >> 6 < nulls.length; row++) {
        nulls[row >> 6] &= ~(1L << row);
      }
    }
    truncateValues(newSize);
    size = newSize;
  }

  abstract void truncateValues(int newSize);

  final void clear() {
    if (anyNull) {
      Arrays.fill(nulls, 0);
      anyNull = false;
    }
    truncateValues(0);
    size = 0;
  }

  static int grown(int capacity, int needed) {
    long doubled = Math.max((long) capacity * 2, needed);
    return (int) Math.min(doubled, Integer.MAX_VALUE - 8);
  }
}
