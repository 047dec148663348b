package io.millrace.kafka.value;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing buffer of bytes that is used again. For one thread. */
public final class ByteSink {

  private static final int KEPT = 1 << 20;

  private byte[] bytes = new byte[1024];
  private int size;

  /** Empties it, and gives back what a large value has taken. */
  public void clear() {
    size = 0;
    if (bytes.length > KEPT) {
      bytes = new byte[1024];
    }
  }

  /** How many bytes it holds. */
  public int size() {
    return size;
  }

  /** The buffer; valid until something is written. */
  public byte[] buffer() {
    return bytes;
  }

  /** Takes back what was written from {@code newSize} on. */
  public void truncate(int newSize) {
    size = newSize;
  }

  /** A copy of what it holds. */
  public byte[] copy() {
    return Arrays.copyOf(bytes, size);
  }

  /** Writes one byte. */
  public void write(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
  }

  /** Writes bytes. */
  public void write(byte[] source, int offset, int length) {
    ensure(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  /** Writes bytes. */
  public void write(byte[] source) {
    write(source, 0, source.length);
  }

  /** Writes a text of ASCII. */
  public void ascii(String text) {
    ensure(text.length());
    for (int i = 0; i < text.length(); i++) {
      bytes[size++] = (byte) text.charAt(i);
    }
  }

  /** Writes a text as UTF-8. */
  public void utf8(String text) {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes characters as UTF-8.
   *
   * @throws BadValueException for half of a surrogate pair, which UTF-8 cannot hold
   */
  public void utf8(char[] source, int offset, int length) throws BadValueException {
    ensure((int) Math.min(Integer.MAX_VALUE - 8, 3L * length));
    for (int i = offset; i < offset + length; i++) {
      char c = source[i];
      if (c < 0x80) {
        bytes[size++] = (byte) c;
      } else if (c < 0x800) {
        bytes[size++] = (byte) (0xC0 | c >> 6);
        bytes[size++] = (byte) (0x80 | c & 0x3F);
      } else if (!Character.isSurrogate(c)) {
        bytes[size++] = (byte) (0xE0 | c >> 12);
        bytes[size++] = (byte) (0x80 | c >> 6 & 0x3F);
        bytes[size++] = (byte) (0x80 | c & 0x3F);
      } else {
        if (i + 1 >= offset + length || !Character.isSurrogatePair(c, source[i + 1])) {
          throw new BadValueException("BAD_TEXT", "the text has half of a surrogate pair");
        }
        int point = Character.toCodePoint(c, source[++i]);
        bytes[size++] = (byte) (0xF0 | point >> 18);
        bytes[size++] = (byte) (0x80 | point >> 12 & 0x3F);
        bytes[size++] = (byte) (0x80 | point >> 6 & 0x3F);
        bytes[size++] = (byte) (0x80 | point & 0x3F);
      }
    }
  }

  private void ensure(int more) {
    long needed = (long) size + more;
    if (needed > bytes.length) {
      bytes =
          Arrays.copyOf(
              bytes, (int) Math.min(Math.max(needed, 2L * bytes.length), Integer.MAX_VALUE - 8));
    }
  }
}
