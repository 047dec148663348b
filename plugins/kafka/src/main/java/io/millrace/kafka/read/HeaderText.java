package io.millrace.kafka.read;

import io.millrace.api.record.BytesColumn;
import io.millrace.kafka.value.BadValueException;
import io.millrace.kafka.value.ByteSink;
import io.millrace.kafka.value.JsonText;
import io.millrace.kafka.value.Recoder;
import io.millrace.kafka.value.Utf8;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Headers as JSON: a list of {@code {"key": …, "value": …}}, in their order, since keys may come
 * again. A value that is not text stands under {@code "base64"}. For one thread.
 */
final class HeaderText {

  private final @Nullable Recoder recoder;
  private final ByteSink out = new ByteSink();

  HeaderText(Charset charset) {
    this.recoder = charset.equals(StandardCharsets.UTF_8) ? null : new Recoder(charset);
  }

  void append(Headers headers, BytesColumn column) {
    out.clear();
    out.write('[');
    boolean first = true;
    for (Header header : headers) {
      out.ascii(first ? "{\"key\":" : ",{\"key\":");
      first = false;
      JsonText.string(out, header.key());
      value(header.value());
      out.write('}');
    }
    out.write(']');
    column.append(out.buffer(), 0, out.size());
  }

  private void value(byte[] value) {
    if (value == null) {
      out.ascii(",\"value\":null");
      return;
    }
    try {
      byte[] text = decoded(value);
      out.ascii(",\"value\":");
      JsonText.string(out, text, 0, text.length);
    } catch (BadValueException e) {
      out.ascii(",\"base64\":\"");
      out.write(Base64.getEncoder().encode(value));
      out.write('"');
    }
  }

  /** A header's value as UTF-8. */
  byte[] decoded(byte[] value) throws BadValueException {
    if (recoder != null) {
      return recoder.utf8(value, 0, value.length);
    }
    Utf8.require(value, 0, value.length);
    return value;
  }
}
