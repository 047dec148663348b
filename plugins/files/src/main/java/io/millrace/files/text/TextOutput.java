package io.millrace.files.text;

import io.millrace.files.compress.Compression;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Makes of a file's output one that takes UTF-8, whatever its compression and encoding. */
final class TextOutput {

  private TextOutput() {}

  /** Closing what it returns ends the compressed data and leaves {@code out} open. */
  static OutputStream open(OutputStream out, TextSettings settings) throws IOException {
    Compression set = settings.compression();
    OutputStream compressed = (set == null ? Compression.NONE : set).encode(new Left(out));
    return settings.isUtf8() ? compressed : new Encoding(compressed, settings.charset());
  }

  /** Is flushed, not closed. */
  private static final class Left extends FilterOutputStream {
    Left(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }

  /** Takes UTF-8, cut anywhere, and gives another encoding. */
  private static final class Encoding extends OutputStream {
    private final OutputStream out;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final CharsetEncoder encoder;
    private final ByteBuffer held = ByteBuffer.allocate(1 << 16);
    private final CharBuffer chars = CharBuffer.allocate(1 << 16);
    private final ByteBuffer encoded = ByteBuffer.allocate(1 << 18);

    Encoding(OutputStream out, Charset charset) {
      this.out = out;
      this.encoder = charset.newEncoder();
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int at = offset;
      int end = offset + length;
      while (at < end) {
        int taken = Math.min(held.remaining(), end - at);
        held.put(bytes, at, taken);
        at += taken;
        encode(false);
      }
    }

    private void encode(boolean last) throws IOException {
      held.flip();
      CoderResult decoded;
      do {
        decoded = decoder.decode(held, chars, last);
        if (decoded.isError()) {
          decoded.throwException();
        }
        chars.flip();
        CoderResult result = encoder.encode(chars, encoded, last && decoded.isUnderflow());
        if (result.isError()) {
          result.throwException();
        }
        chars.compact();
        drain();
      } while (decoded.isOverflow());
      held.compact();
    }

    private void drain() throws IOException {
      out.write(encoded.array(), 0, encoded.position());
      encoded.clear();
    }

    @Override
    public void close() throws IOException {
      encode(true);
      encoder.flush(encoded);
      drain();
      out.close();
    }
  }
}
