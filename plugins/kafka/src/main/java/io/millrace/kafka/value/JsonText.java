package io.millrace.kafka.value;

import java.nio.charset.StandardCharsets;

/** Writes JSON. Stateless. */
public final class JsonText {

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private JsonText() {}

  /** Writes a text in quotes. */
  public static void string(ByteSink out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    string(out, utf8, 0, utf8.length);
  }

  /** Writes a text of UTF-8 in quotes. */
  public static void string(ByteSink out, byte[] utf8, int offset, int length) {
    out.write('"');
    int end = offset + length;
    int plain = offset;
    for (int i = offset; i < end; i++) {
      byte b = utf8[i];
      if (b < 0 || b >= 0x20 && b != '"' && b != '\\') {
        continue;
      }
      out.write(utf8, plain, i - plain);
      plain = i + 1;
      escape(out, b);
    }
    out.write(utf8, plain, end - plain);
    out.write('"');
  }

  private static void escape(ByteSink out, byte b) {
    out.write('\\');
    switch (b) {
      case '"', '\\' -> out.write(b);
      case '\n' -> out.write('n');
      case '\r' -> out.write('r');
      case '\t' -> out.write('t');
      default -> {
        out.ascii("u00");
        out.write(HEX[b >> 4]);
        out.write(HEX[b & 0xF]);
      }
    }
  }
}
