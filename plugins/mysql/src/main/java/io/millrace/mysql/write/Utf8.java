package io.millrace.mysql.write;

/** Tells whether bytes are text. */
final class Utf8 {

  private Utf8() {}

  /** True for well-formed UTF-8 without surrogates. */
  static boolean isValid(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      int first = bytes[at++];
      if (first >= 0) {
        continue;
      }
      int more;
      int low = 0x80;
      int high = 0xbf;
      int lead = first & 0xff;
      if (lead >= 0xc2 && lead <= 0xdf) {
        more = 1;
      } else if (lead >= 0xe0 && lead <= 0xef) {
        more = 2;
        low = lead == 0xe0 ? 0xa0 : 0x80;
        high = lead == 0xed ? 0x9f : 0xbf;
      } else if (lead >= 0xf0 && lead <= 0xf4) {
        more = 3;
        low = lead == 0xf0 ? 0x90 : 0x80;
        high = lead == 0xf4 ? 0x8f : 0xbf;
      } else {
        return false;
      }
      if (at + more > end) {
        return false;
      }
      int second = bytes[at++] & 0xff;
      if (second < low || second > high) {
        return false;
      }
      for (int i = 1; i < more; i++) {
        if ((bytes[at++] & 0xc0) != 0x80) {
          return false;
        }
      }
    }
    return true;
  }
}
