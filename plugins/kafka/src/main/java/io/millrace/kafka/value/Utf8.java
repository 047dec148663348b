package io.millrace.kafka.value;

/** Checks UTF-8. Stateless. */
public final class Utf8 {

  private Utf8() {}

  /**
   * Checks bytes that are to stand as text.
   *
   * @throws BadValueException when they are not UTF-8
   */
  public static void require(byte[] bytes, int offset, int length) throws BadValueException {
    int end = offset + length;
    int at = offset;
    while (at < end) {
      if (bytes[at] >= 0) {
        at++;
        continue;
      }
      int size = size(bytes, at, end);
      if (size == 0) {
        throw new BadValueException(
            "BAD_TEXT", "byte " + (at - offset) + " is not UTF-8; see 'encoding' and 'valueType'");
      }
      at += size;
    }
  }

  /** The length of the character that begins at {@code at}, or 0 when there is none. */
  private static int size(byte[] bytes, int at, int end) {
    int first = bytes[at] & 0xFF;
    int size = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (size == 0 || at + size > end) {
      return 0;
    }
    int second = bytes[at + 1] & 0xFF;
    // No longer forms than needed, no surrogates, nothing above U+10FFFF.
    int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < low || second > high) {
      return 0;
    }
    for (int i = 2; i < size; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return size;
  }
}
