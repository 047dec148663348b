package io.millrace.files.text;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Bytes on their way into a file. Used by one thread. */
final class TextBuffer {

  private static final int FLUSH = 1 << 16;

  private byte[] bytes = new byte[FLUSH * 2];
  private int size;

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  /** Takes back what stands behind {@code newSize}. */
  void truncate(int newSize) {
    size = newSize;
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      long wanted = Math.max(bytes.length * 2L, (long) size + more);
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
    }
  }

  void put(int b) {
    room(1);
    bytes[size++] = (byte) b;
  }

  void put(byte[] source) {
    put(source, 0, source.length);
  }

  void put(byte[] source, int offset, int length) {
    room(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  /** ASCII only. */
  void put(String text) {
    room(text.length());
    for (int i = 0; i < text.length(); i++) {
      bytes[size++] = (byte) text.charAt(i);
    }
  }

  /** Moves what stands from {@code from} on to the right, and leaves room of {@code gap} bytes. */
  void open(int from, int gap) {
    room(gap);
    System.arraycopy(bytes, from, bytes, from + gap, size - from);
    size += gap;
  }

  void put(long value) {
    if (value < 0) {
      if (value == Long.MIN_VALUE) {
        put("-9223372036854775808");
        return;
      }
      put('-');
      value = -value;
    }
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    put(value, digits);
  }

  /** A number from 0 with leading zeros. */
  void put(long value, int digits) {
    room(digits);
    for (int i = size + digits - 1; i >= size; i--) {
      bytes[i] = (byte) ('0' + value % 10);
      value /= 10;
    }
    size += digits;
  }

  /** Gives back what a few large values have taken. */
  void shrink() {
    if (bytes.length > 16 * FLUSH) {
      bytes = new byte[FLUSH * 2];
    }
  }

  /** Gives what is there to the stream when it is worth it. */
  void drain(OutputStream out, boolean all) throws IOException {
    if (size >= FLUSH || (all && size > 0)) {
      out.write(bytes, 0, size);
      size = 0;
      shrink();
    }
  }
}
