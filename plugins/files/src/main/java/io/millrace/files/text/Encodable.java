package io.millrace.files.text;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Tells whether texts can be held by an encoding. Used by one thread. */
final class Encodable {

  private final @Nullable CharsetEncoder encoder;

  Encodable(Charset charset) {
    boolean all = charset.name().startsWith("UTF-");
    this.encoder = all ? null : charset.newEncoder();
  }

  boolean holds(byte[] utf8, int offset, int length) {
    CharsetEncoder own = encoder;
    if (own == null) {
      return true;
    }
    for (int i = offset; i < offset + length; i++) {
      if (utf8[i] < 0) {
        return own.canEncode(new String(utf8, offset, length, StandardCharsets.UTF_8));
      }
    }
    return true;
  }
}
