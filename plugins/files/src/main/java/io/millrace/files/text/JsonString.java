package io.millrace.files.text;

import java.util.Arrays;

/** The text of a JSON string without its escapes, in UTF-8. Used again; by one thread. */
final class JsonString {

  private byte[] bytes = new byte[256];
  private int size;

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  /**
   * Takes what stands between two quotes, as {@link JsonText} has checked it.
   *
   * @return false when an escape stands for half a character
   */
  boolean set(byte[] source, int offset, int length) {
    if (bytes.length < length) {
      bytes = new byte[Math.max(length, (int) Math.min(bytes.length * 2L, Integer.MAX_VALUE - 8))];
    }
    size = 0;
    int end = offset + length;
    int i = offset;
    while (i < end) {
      byte b = source[i++];
      if (b != '\\') {
        bytes[size++] = b;
        continue;
      }
      byte kind = source[i++];
      if (kind != 'u') {
        bytes[size++] = plain(kind);
        continue;
      }
      int point = hex(source, i);
      i += 4;
      if (Character.isLowSurrogate((char) point)) {
        return false;
      }
      if (Character.isHighSurrogate((char) point)) {
        boolean pair = i + 6 <= end && source[i] == '\\' && source[i + 1] == 'u';
        int low = pair ? hex(source, i + 2) : 0;
        if (!Character.isLowSurrogate((char) low)) {
          return false;
        }
        point = Character.toCodePoint((char) point, (char) low);
        i += 6;
      }
      put(point);
    }
    return true;
  }

  private static byte plain(byte kind) {
    return switch (kind) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> kind;
    };
  }

  private static int hex(byte[] source, int at) {
    int value = 0;
    for (int i = at; i < at + 4; i++) {
      value = value << 4 | Character.digit(source[i], 16);
    }
    return value;
  }

  /** An escape is longer than what it stands for, so there is room. */
  private void put(int point) {
    if (point < 0x80) {
      bytes[size++] = (byte) point;
    } else if (point < 0x800) {
      bytes[size++] = (byte) (0xc0 | point >> 6);
      bytes[size++] = (byte) (0x80 | point & 0x3f);
    } else if (point < 0x10000) {
      bytes[size++] = (byte) (0xe0 | point >> 12);
      bytes[size++] = (byte) (0x80 | point >> 6 & 0x3f);
      bytes[size++] = (byte) (0x80 | point & 0x3f);
    } else {
      bytes[size++] = (byte) (0xf0 | point >> 18);
      bytes[size++] = (byte) (0x80 | point >> 12 & 0x3f);
      bytes[size++] = (byte) (0x80 | point >> 6 & 0x3f);
      bytes[size++] = (byte) (0x80 | point & 0x3f);
    }
  }

  boolean is(byte[] other) {
    return Arrays.equals(bytes, 0, size, other, 0, other.length);
  }
}
