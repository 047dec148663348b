package io.millrace.mysql.write;

import java.nio.charset.StandardCharsets;

/** How bytes that would end a value are written within it. */
enum Escape {
  /** In a field of {@code LOAD DATA}: tab, newline and backslash. */
  LOAD("\tt\nn\\\\"),
  /** Between the quotes of an SQL literal, where NO_BACKSLASH_ESCAPES is off. */
  SQL("''\\\\\0000");

  private final byte[] replacement = new byte[256];

  Escape(String pairs) {
    byte[] bytes = pairs.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < bytes.length; i += 2) {
      replacement[bytes[i]] = bytes[i + 1];
    }
  }

  /** The byte that follows the backslash, or 0 for a byte that stands for itself. */
  byte after(byte value) {
    return replacement[value & 0xff];
  }
}
