package io.millrace.mysql.split;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing list of 64 bit numbers. */
final class LongList {

  private long[] values = new long[1024];
  private int size;

  void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  /** Adds a number, signed or unsigned, from its ASCII digits. */
  void addText(byte[] source, int offset, int length) {
    if (length > 18) {
      String text = new String(source, offset, length, StandardCharsets.ISO_8859_1);
      add(text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text));
      return;
    }
    boolean negative = source[offset] == '-';
    long value = 0;
    for (int i = negative ? offset + 1 : offset; i < offset + length; i++) {
      value = value * 10 + (source[i] - '0');
    }
    add(negative ? -value : value);
  }

  int size() {
    return size;
  }

  long[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
