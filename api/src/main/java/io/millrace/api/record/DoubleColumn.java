package io.millrace.api.record;

import java.util.Arrays;

/** FLOAT64 values. */
public final class DoubleColumn extends Column {

  private double[] values = new double[INITIAL_ROWS];

  DoubleColumn(Field field) {
    super(field);
  }

  /** Appends a value. */
  public void append(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, grown(values.length, size + 1));
    }
    values[size++] = value;
  }

  /** The value; without meaning when it is NULL. */
  public double get(int row) {
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
      values = new double[INITIAL_ROWS];
    }
  }

  @Override
  void copyValue(Column source, int row) {
    append(((DoubleColumn) source).values[row]);
  }

  @Override
  void truncateValues(int newSize) {}
}
