package io.millrace.files.compress;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The one file in a zip, found by the zip's directory, which stands at its end: a zip that is cut
 * off has none. What the directory says of size and checksum has to be right.
 */
final class ZipText extends InputStream {

  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private final ZipDirectory.Entry entry;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 check = new CRC32();
  private final byte[] buffer = new byte[BUFFER];

  /** Bytes of the entry that were not read yet. */
  private long left;

  private long written;
  private boolean filledUp;
  private boolean ended;

  private ZipText(InputStream in, ZipDirectory.Entry entry) {
    this.in = in;
    this.entry = entry;
    this.left = entry.packed();
  }

  static ZipText open(Ranges file) throws IOException {
    ZipDirectory.Entry entry = ZipDirectory.onlyFile(file);
    InputStream in = file.open(entry.offset(), entry.end());
    try {
      byte[] head = in.readNBytes(LOCAL_BYTES);
      if (head.length < LOCAL_BYTES || Bytes.of4(head, 0) != LOCAL) {
        throw new ZipException("the zip's directory leads to no file: it is damaged");
      }
      long names = (long) Bytes.of2(head, 26) + Bytes.of2(head, 28);
      if (entry.offset() + LOCAL_BYTES + names + entry.packed() > entry.end()) {
        throw new ZipException("the zip's file is larger than the room for it: it is damaged");
      }
      in.skipNBytes(names);
      return new ZipText(in, entry);
    } catch (IOException | RuntimeException e) {
      in.close();
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
    int read =
        ended
            ? -1
            : entry.isStored() ? copied(into, offset, length) : inflated(into, offset, length);
    if (read > 0) {
      check.update(into, offset, read);
      written += read;
    } else if (!ended) {
      ended = true;
      requireWhole();
    }
    return read;
  }

  private int copied(byte[] into, int offset, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int read = in.read(into, offset, (int) Math.min(length, left));
    if (read < 0) {
      throw new EOFException();
    }
    left -= read;
    return read;
  }

  private int inflated(byte[] into, int offset, int length) throws IOException {
    try {
      while (!inflater.finished()) {
        int read = inflater.inflate(into, offset, length);
        if (read > 0) {
          return read;
        }
        if (inflater.needsDictionary()) {
          throw new ZipException("its compressed data are broken");
        }
        if (!inflater.finished() && inflater.needsInput()) {
          fill();
        }
      }
      return -1;
    } catch (DataFormatException e) {
      throw new ZipException("its compressed data are broken: " + e.getMessage());
    }
  }

  private void fill() throws IOException {
    if (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new EOFException();
      }
      left -= read;
      inflater.setInput(buffer, 0, read);
    } else if (!filledUp) {
      // The inflater may want to look at one byte behind the end.
      filledUp = true;
      inflater.setInput(new byte[1]);
    } else {
      throw new EOFException();
    }
  }

  private void requireWhole() throws ZipException {
    boolean more = left > 0 || (!filledUp && inflater.getRemaining() > 0);
    if (more || written != entry.size() || check.getValue() != entry.checksum()) {
      throw new ZipException("its size or checksum is another than the zip says: it is damaged");
    }
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
