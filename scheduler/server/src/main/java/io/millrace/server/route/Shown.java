package io.millrace.server.route;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import io.millrace.api.Sensitive;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;

/** Applies a {@link Sight} to what is sent, as it is written. */
final class Shown {

  private Shown() {}

  /** Every text and every name of a document. */
  static final class Generator extends JsonGeneratorDelegate {
    private final Sight sight;

    Generator(JsonGenerator out, Sight sight) {
      super(out);
      this.sight = sight;
    }

    @Override
    public void writeString(String text) throws IOException {
      super.writeString(sight.of(text));
    }

    @Override
    public void writeFieldName(String name) throws IOException {
      super.writeFieldName(sight.of(name));
    }

    void verbatim(String text) throws IOException {
      super.writeString(sight == Sight.HIDDEN ? sight.of(text) : text);
    }
  }

  /** See {@link Verbatim}. */
  static final class AsItIs extends JsonSerializer<Object> {
    @Override
    public void serialize(Object value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      if (value instanceof Iterable<?> list) {
        out.writeStartArray();
        for (Object item : list) {
          if (item == null) {
            out.writeNull();
          } else {
            serialize(item, out, provider);
          }
        }
        out.writeEndArray();
      } else if (out instanceof Generator generator) {
        generator.verbatim(value.toString());
      } else {
        out.writeString(value.toString());
      }
    }
  }

  /**
   * Lines as they come. One is in memory, and of one that is longer a part: it may hold anything,
   * so of such a line nobody who may see no data is shown more.
   */
  static final class Lines extends InputStream {

    /** Far more than any line of our own has. */
    static final int MOST = 1 << 20;

    private final PushbackInputStream in;
    private final Sight sight;
    private byte[] line = new byte[0];
    private int at;

    Lines(InputStream in, Sight sight) {
      this.in = new PushbackInputStream(new BufferedInputStream(in, 64 << 10));
      this.sight = sight;
    }

    private boolean fill() throws IOException {
      while (at == line.length) {
        ByteArrayOutputStream next = new ByteArrayOutputStream();
        int b = in.read();
        if (b < 0) {
          return false;
        }
        // A part ends between two characters.
        for (; b >= 0 && (next.size() < MOST || (b & 0xC0) == 0x80); b = in.read()) {
          next.write(b);
          if (b == '\n') {
            break;
          }
        }
        boolean isLong = b >= 0 && b != '\n';
        if (isLong) {
          in.unread(b);
        }
        line = text(next.toByteArray(), sight);
        if (isLong && sight == Sight.HIDDEN) {
          skipLine();
          String part = new String(line, StandardCharsets.UTF_8);
          String end = part.endsWith(Sensitive.HIDDEN) ? "\n" : Sensitive.HIDDEN + "\n";
          line = (part + end).getBytes(StandardCharsets.UTF_8);
        }
        at = 0;
      }
      return true;
    }

    private void skipLine() throws IOException {
      for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
        // Nothing of it is shown.
      }
    }

    @Override
    public int read() throws IOException {
      return fill() ? line[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      if (count == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int copied = Math.min(count, line.length - at);
      System.arraycopy(line, at, into, from, copied);
      at += copied;
      return copied;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /** A text in UTF-8. */
  static byte[] text(byte[] text, Sight sight) {
    String before = new String(text, StandardCharsets.UTF_8);
    String after = sight.of(before);
    return after.equals(before) ? text : after.getBytes(StandardCharsets.UTF_8);
  }
}
