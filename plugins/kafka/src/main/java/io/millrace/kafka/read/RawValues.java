package io.millrace.kafka.read;

import io.millrace.api.DirtyRecords.Kept;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.kafka.value.BadValueException;
import io.millrace.kafka.value.Recoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What is kept of bytes that became no value. For one thread. */
final class RawValues {

  private static final int SHOWN_BYTES = 4096;

  private final Recoder utf8 = new Recoder(StandardCharsets.UTF_8);
  private final Recoder text;
  private final int mostBytes;

  /**
   * @param charset of messages
   * @param mostBytes of longer ones only the beginning is kept
   */
  RawValues(Charset charset, int mostBytes) {
    this.text = new Recoder(charset);
    this.mostBytes = mostBytes;
  }

  /** A value's own bytes, in UTF-8 or not. */
  RawValue value(String type, byte[] bytes, int start, int length) {
    if (length > mostBytes) {
      return cut(type, bytes, start, length);
    }
    try {
      return new RawValue(type, length, utf8.text(bytes, start, length));
    } catch (BadValueException e) {
      return new RawValue(type, length, base64(bytes, start, length), Kept.BASE64);
    }
  }

  /** A whole message. It is never the value of the column that it stands in. */
  RawValue message(byte[] bytes, int start, int length) {
    if (length > mostBytes) {
      return cut("VALUE", bytes, start, length);
    }
    String shown;
    try {
      shown = text.text(bytes, start, length);
    } catch (BadValueException e) {
      shown = "base64:" + base64(bytes, start, length);
    }
    return new RawValue("VALUE", length, shown, Kept.CUT);
  }

  private static RawValue cut(String type, byte[] bytes, int start, int length) {
    int size = Math.min(length, SHOWN_BYTES);
    String shown = new String(bytes, start, size, StandardCharsets.UTF_8);
    return new RawValue(type, length, size < length ? shown + "…" : shown, Kept.CUT);
  }

  private static String base64(byte[] bytes, int start, int length) {
    byte[] own = new byte[length];
    System.arraycopy(bytes, start, own, 0, length);
    return Base64.getEncoder().encodeToString(own);
  }
}
