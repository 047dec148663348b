package org.apache.hadoop.io;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A text in UTF-8 that grows. */
public class Text extends BinaryComparable {

  private byte[] bytes;
  private int length;

  public Text() {
    this.bytes = new byte[0];
  }

  public Text(String text) {
    this.bytes = text.getBytes(StandardCharsets.UTF_8);
    this.length = bytes.length;
  }

  public Text(Text other) {
    this.bytes = other.copyBytes();
    this.length = bytes.length;
  }

  /** The text of bytes in UTF-8; what is none becomes a mark. */
  public static String decode(byte[] bytes, int start, int length) {
    return new String(bytes, start, length, StandardCharsets.UTF_8);
  }

  /** The code point that begins where the buffer stands, which moves behind it; -1 for none. */
  public static int bytesToCodePoint(ByteBuffer bytes) {
    int first = bytes.get(bytes.position());
    int more = first >= 0 ? 0 : Integer.numberOfLeadingZeros(~(first << 24)) - 1;
    if (more < 0 || more > 3 || (first < 0 && more == 0) || bytes.remaining() <= more) {
      return -1;
    }
    bytes.get();
    int point = more == 0 ? first : first & (0x3f >> more);
    for (int i = 0; i < more; i++) {
      point = point << 6 | bytes.get() & 0x3f;
    }
    return point;
  }

  @Override
  public byte[] getBytes() {
    return bytes;
  }

  @Override
  public int getLength() {
    return length;
  }

  public byte[] copyBytes() {
    return Arrays.copyOf(bytes, length);
  }

  public void clear() {
    length = 0;
  }

  public void set(byte[] source, int offset, int count) {
    bytes = Arrays.copyOfRange(source, offset, offset + count);
    length = count;
  }

  public void set(Text other) {
    set(other.bytes, 0, other.length);
  }

  public void set(String text) {
    bytes = text.getBytes(StandardCharsets.UTF_8);
    length = bytes.length;
  }

  public void append(byte[] source, int offset, int count) {
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
    }
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
