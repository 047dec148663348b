package io.millrace.files.text;

/** Checks that bytes are UTF-8, as RFC 3629 has it. Stateless. */
final class Utf8 {

  private Utf8() {}

  static boolean isValid(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int i = offset;
    while (i < end && bytes[i] >= 0) {
      i++;
    }
    while (i < end) {
      int b = bytes[i];
      int size;
      if (b >= 0) {
        i++;
        continue;
      } else if ((b & 0xe0) == 0xc0 && (b & 0x1e) != 0) {
        size = 2;
      } else if ((b & 0xf0) == 0xe0) {
        size = 3;
      } else if ((b & 0xf8) == 0xf0) {
        size = 4;
      } else {
        return false;
      }
      if (end - i < size) {
        return false;
      }
      for (int k = 1; k < size; k++) {
        if ((bytes[i + k] & 0xc0) != 0x80) {
          return false;
        }
      }
      int second = bytes[i + 1] & 0xff;
      // Too long forms, surrogates, and what lies beyond the last code point.
      if ((b == (byte) 0xe0 && second < 0xa0)
          || (b == (byte) 0xed && second >= 0xa0)
          || (b == (byte) 0xf0 && second < 0x90)
          || (b == (byte) 0xf4 && second >= 0x90)
          || (b & 0xff) > 0xf4) {
        return false;
      }
      i += size;
    }
    return true;
  }
}
