package io.millrace.api.record;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** STRING, JSON (both UTF-8) and BYTES values, one after another in one buffer. */
public final class BytesColumn extends Column {

  private static final int INITIAL_BYTES = 4096;

  private byte[] data = new byte[INITIAL_BYTES];
  private int[] ends = new int[INITIAL_ROWS];

  BytesColumn(Field field) {
    super(field);
  }

  /** Appends a copy of {@code length} bytes from {@code offset}. */
  public void append(byte[] source, int offset, int length) {
    int start = end();
    ensure(start, length);
    System.arraycopy(source, offset, data, start, length);
    addEnd(start + length);
  }

  /** Appends a copy of all bytes. */
  public void append(byte[] source) {
    append(source, 0, source.length);
  }

  /** Appends a text as UTF-8. */
  public void append(String text) {
    append(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The buffer that holds the values; valid until the column is appended to or cleared. */
  public byte[] buffer() {
    return data;
  }

  /** Where the value begins in {@link #buffer()}. */
  public int offset(int row) {
    return row == 0 ? 0 : ends[row - 1];
  }

  /** The length of the value in bytes; 0 for NULL. */
  public int length(int row) {
    return ends[row] - offset(row);
  }

  /** A copy of the value. */
  public byte[] get(int row) {
    return Arrays.copyOfRange(data, offset(row), ends[row]);
  }

  /** The value as text. */
  public String getString(int row) {
    return new String(data, offset(row), length(row), StandardCharsets.UTF_8);
  }

  private int end() {
    return size == 0 ? 0 : ends[size - 1];
  }

  private void ensure(int start, int length) {
    long needed = (long) start + length;
    if (needed > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(
          "column " + field().name() + " holds " + start + " bytes, no room for " + length);
    }
    if (needed > data.length) {
      data = Arrays.copyOf(data, grown(data.length, (int) needed));
    }
  }

  private void addEnd(int end) {
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, grown(ends.length, size + 1));
    }
    ends[size++] = end;
  }

  @Override
  void appendPlaceholder() {
    addEnd(end());
  }

  @Override
  public long bytes() {
    return end();
  }

  @Override
  long capacityBytes() {
    return data.length + ends.length * 4L;
  }

  @Override
  void shrink(int keepBytes) {
    if (data.length > keepBytes) {
      data = new byte[INITIAL_BYTES];
    }
    if (ends.length * 4L > keepBytes) {
      ends = new int[INITIAL_ROWS];
    }
  }

  @Override
  void copyValue(Column source, int row) {
    BytesColumn other = (BytesColumn) source;
    append(other.data, other.offset(row), other.length(row));
  }

  @Override
  void truncateValues(int newSize) {}
}
