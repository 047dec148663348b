package io.millrace.files.compress;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The text in a gzip, which may be of several members after each other, RFC 1952. The JDK's own
 * takes a later member whose header is cut off or broken for the end, and leaves out the rest.
 */
final class GzipText extends InputStream {

  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int HEADER_CHECK = 2;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 check = new CRC32();
  private final byte[] buffer;
  private int position;
  private int limit;
  private boolean ended;

  GzipText(InputStream in, int bufferBytes) throws IOException {
    this.in = in;
    this.buffer = new byte[bufferBytes];
    try {
      header(next());
    } catch (IOException | RuntimeException e) {
      inflater.end();
      throw e;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    try {
      while (!ended) {
        int read = inflater.inflate(into, offset, length);
        if (read > 0) {
          check.update(into, offset, read);
          return read;
        }
        if (inflater.finished()) {
          position = limit - inflater.getRemaining();
          trailer();
          beginMember();
        } else if (inflater.needsDictionary()) {
          throw new ZipException("its compressed data are broken");
        } else {
          position = limit;
          fill();
          inflater.setInput(buffer, position, limit - position);
        }
      }
      return -1;
    } catch (DataFormatException e) {
      throw new ZipException("its compressed data are broken: " + e.getMessage());
    }
  }

  private void trailer() throws IOException {
    if (number() != check.getValue() || number() != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw new ZipException("its checksum is wrong: the file is damaged");
    }
  }

  /** Goes on with the member that follows, if one does. Some tools fill up with zeros. */
  private void beginMember() throws IOException {
    int first = nextOrEnd();
    boolean padding = first == 0;
    while (first == 0) {
      first = nextOrEnd();
    }
    ended = first < 0;
    if (!ended) {
      if (padding || first != 0x1f) {
        throw new ZipException("something follows the compressed data that is no gzip");
      }
      inflater.reset();
      check.reset();
      header(first);
    }
  }

  private void header(int first) throws IOException {
    if (first != 0x1f || next() != 0x8b || next() != 8) {
      throw new ZipException("it is no gzip: check compress and the ending of its name");
    }
    int flags = next();
    skip(6);
    if ((flags & EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    for (int text : new int[] {NAME, COMMENT}) {
      if ((flags & text) != 0) {
        while (next() != 0) {
          continue;
        }
      }
    }
    skip((flags & HEADER_CHECK) != 0 ? 2 : 0);
    inflater.setInput(buffer, position, limit - position);
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      next();
    }
  }

  private long number() throws IOException {
    return next() | next() << 8 | next() << 16 | (long) next() << 24;
  }

  private int next() throws IOException {
    int b = nextOrEnd();
    if (b < 0) {
      throw new EOFException();
    }
    return b;
  }

  private int nextOrEnd() throws IOException {
    if (position == limit) {
      position = 0;
      limit = Math.max(0, in.read(buffer, 0, buffer.length));
      if (limit == 0) {
        return -1;
      }
    }
    return buffer[position++] & 0xff;
  }

  private void fill() throws IOException {
    next();
    position--;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
