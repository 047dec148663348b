package io.millrace.files.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;

/**
 * Text of any encoding as UTF-8. Bytes that the encoding does not know become the byte 0xFF, which
 * UTF-8 does not know, so that the value they stand in is found out when it is used.
 */
final class Transcoding extends InputStream {

  private static final byte UNKNOWN = (byte) 0xff;

  private final InputStream in;
  private final CharsetDecoder decoder;
  private final ByteBuffer raw = ByteBuffer.allocate(1 << 16).flip();
  private final CharBuffer chars = CharBuffer.allocate(1 << 16);
  private byte[] out = new byte[4 << 16];
  private int position;
  private int limit;
  private boolean ended;
  private boolean flushed;

  Transcoding(InputStream in, Charset charset) {
    this.in = in;
    this.decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    while (position == limit) {
      if (flushed) {
        return -1;
      }
      decode();
    }
    int taken = Math.min(length, limit - position);
    System.arraycopy(out, position, into, offset, taken);
    position += taken;
    return taken;
  }

  private void decode() throws IOException {
    if (!ended) {
      raw.compact();
      int read = in.read(raw.array(), raw.position(), raw.remaining());
      if (read < 0) {
        ended = true;
      } else {
        raw.position(raw.position() + read);
      }
      raw.flip();
    }
    position = 0;
    limit = 0;
    CoderResult result;
    do {
      result = decoder.decode(raw, chars, ended);
      encode();
      if (result.isError()) {
        raw.position(raw.position() + result.length());
        room(1);
        out[limit++] = UNKNOWN;
      }
    } while (!result.isUnderflow());
    if (ended) {
      decoder.flush(chars);
      encode();
      flushed = true;
    }
  }

  private void room(int bytes) {
    if (limit + bytes > out.length) {
      out = Arrays.copyOf(out, Math.max(out.length * 2, limit + bytes));
    }
  }

  private void encode() {
    chars.flip();
    room(chars.remaining() * 3);
    byte[] to = out;
    int at = limit;
    while (chars.hasRemaining()) {
      char c = chars.get();
      if (c < 0x80) {
        to[at++] = (byte) c;
      } else if (c < 0x800) {
        to[at++] = (byte) (0xc0 | c >> 6);
        to[at++] = (byte) (0x80 | c & 0x3f);
      } else if (Character.isHighSurrogate(c) && !chars.hasRemaining()) {
        // Its other half comes with the next characters.
        chars.position(chars.position() - 1);
        break;
      } else if (Character.isHighSurrogate(c)) {
        int point = Character.toCodePoint(c, chars.get());
        to[at++] = (byte) (0xf0 | point >> 18);
        to[at++] = (byte) (0x80 | point >> 12 & 0x3f);
        to[at++] = (byte) (0x80 | point >> 6 & 0x3f);
        to[at++] = (byte) (0x80 | point & 0x3f);
      } else {
        to[at++] = (byte) (0xe0 | c >> 12);
        to[at++] = (byte) (0x80 | c >> 6 & 0x3f);
        to[at++] = (byte) (0x80 | c & 0x3f);
      }
    }
    limit = at;
    chars.compact();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
