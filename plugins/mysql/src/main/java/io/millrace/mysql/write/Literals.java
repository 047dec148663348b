package io.millrace.mysql.write;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Text in statements of our own. */
final class Literals {

  private Literals() {}

  /** The text as a literal that means the same in every sql_mode. */
  static String text(String value) {
    return value.isEmpty()
        ? "''"
        : "_utf8mb4 0x" + HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8));
  }
}
