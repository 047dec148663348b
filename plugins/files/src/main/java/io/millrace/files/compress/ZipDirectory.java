package io.millrace.files.compress;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The directory at the end of a zip, APPNOTE.TXT 4.3.12 to 4.3.16, also of zips above 4 GB.
 *
 * @param start its first byte
 * @param size in bytes
 * @param entries how many it says it has
 * @param exact whether that number is the whole one, not its last 16 bits
 * @param shift bytes before the zip's own first one
 */
record ZipDirectory(long start, long size, long entries, boolean exact, long shift) {

  private static final int END = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int LOCATOR = 0x07064b50;
  private static final int LOCATOR_BYTES = 20;
  private static final int LARGE_END = 0x06064b50;
  private static final int LARGE_END_BYTES = 56;
  private static final int ENTRY = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int LARGE_FIELD = 1;
  private static final int ENCRYPTED = 1;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final long IN_LARGE = 0xffffffffL;
  private static final int MOST_COMMENT = 0xffff;

  /**
   * A file in the zip.
   *
   * @param name as the zip calls it
   * @param offset of its header in the file
   * @param end where its bytes end at the latest
   * @param packed bytes that it takes in the zip
   * @param size bytes that it unfolds to
   */
  record Entry(
      String name, int method, long offset, long end, long packed, long size, long checksum) {
    boolean isStored() {
      return method == STORED;
    }
  }

  /** The one file that is in a zip, besides folders. */
  static Entry onlyFile(Ranges file) throws IOException {
    long size = file.size();
    long from = Math.max(0, size - END_BYTES - MOST_COMMENT - LOCATOR_BYTES);
    byte[] tail = bytes(file, from, size);
    ZipDirectory directory = find(file, tail, from);
    InputStream in =
        directory.start >= from
            ? new ByteArrayInputStream(tail, (int) (directory.start - from), (int) directory.size)
            : new BufferedInputStream(
                file.open(directory.start, directory.start + directory.size), 1 << 16);
    try (in) {
      return directory.onlyFile(in);
    }
  }

  private static byte[] bytes(Ranges file, long from, long to) throws IOException {
    try (InputStream in = file.open(from, to)) {
      byte[] bytes = in.readNBytes((int) (to - from));
      if (bytes.length < to - from) {
        throw new EOFException();
      }
      return bytes;
    }
  }

  private static ZipDirectory find(Ranges file, byte[] tail, long from) throws IOException {
    for (int at = tail.length - END_BYTES; at >= 0; at--) {
      boolean ends =
          Bytes.of4(tail, at) == END && at + END_BYTES + Bytes.of2(tail, at + 20) == tail.length;
      if (ends) {
        return of(file, tail, at, from);
      }
    }
    boolean begins = file.size() >= 4 && isLocal(bytes(file, 0, 4));
    throw new ZipException(
        begins
            ? "the zip has no directory at its end: it is cut off, or something was added to it;"
                + " write it again"
            : "it is no zip: check compress and the ending of its name");
  }

  private static boolean isLocal(byte[] head) {
    return head[0] == 'P' && head[1] == 'K' && head[2] == 3 && head[3] == 4;
  }

  private static ZipDirectory of(Ranges file, byte[] tail, int at, long from) throws IOException {
    long entries = Bytes.of2(tail, at + 10);
    long size = Bytes.unsigned4(tail, at + 12);
    long start = Bytes.unsigned4(tail, at + 16);
    long end = from + at;
    boolean several = Bytes.of2(tail, at + 4) != 0 && Bytes.of2(tail, at + 4) != 0xffff;
    int locator = at - LOCATOR_BYTES;
    boolean large = locator >= 0 && Bytes.of4(tail, locator) == LOCATOR;
    if (large) {
      long position = Bytes.of8(tail, locator + 8);
      if (position < 0 || position > from + locator - LARGE_END_BYTES) {
        throw damaged();
      }
      byte[] more = bytes(file, position, position + LARGE_END_BYTES);
      if (Bytes.of4(more, 0) != LARGE_END) {
        throw damaged();
      }
      several = Bytes.of4(more, 16) != 0;
      entries = Bytes.of8(more, 32);
      size = Bytes.of8(more, 40);
      start = Bytes.of8(more, 48);
      end = position;
    }
    if (several) {
      throw new ZipException("the zip is a part of several: put them together and unpack it");
    }
    long shift = end - size - start;
    if (size < 0 || start < 0 || entries < 0 || shift < 0 || (large && shift > 0)) {
      throw damaged();
    }
    return new ZipDirectory(start + shift, size, entries, large, shift);
  }

  private static ZipException damaged() {
    return new ZipException("the zip's directory is damaged");
  }

  private Entry onlyFile(InputStream in) throws IOException {
    Entry only = null;
    long seen = 0;
    long read = 0;
    while (read < size) {
      byte[] head = in.readNBytes(ENTRY_BYTES);
      if (head.length < ENTRY_BYTES || Bytes.of4(head, 0) != ENTRY) {
        throw damaged();
      }
      int nameBytes = Bytes.of2(head, 28);
      int extraBytes = Bytes.of2(head, 30);
      int rest = nameBytes + extraBytes + Bytes.of2(head, 32);
      byte[] more = in.readNBytes(rest);
      if (more.length < rest) {
        throw damaged();
      }
      read += ENTRY_BYTES + rest;
      seen++;
      String name = new String(more, 0, nameBytes, StandardCharsets.UTF_8);
      refuseTraversal(name);
      if (name.endsWith("/")) {
        continue;
      }
      if (only != null) {
        throw new ZipException(
            "the zip holds more than one file (the second is '" + shown(name) + "'): unpack it");
      }
      only = entry(name, head, Arrays.copyOfRange(more, nameBytes, nameBytes + extraBytes));
    }
    boolean all = exact ? seen == entries : (seen & 0xffff) == entries;
    if (!all || read != size) {
      throw damaged();
    }
    if (only == null) {
      throw new ZipException("the zip holds no file: check what wrote it");
    }
    return only;
  }

  private Entry entry(String name, byte[] head, byte[] extra) throws ZipException {
    int method = Bytes.of2(head, 10);
    if ((Bytes.of2(head, 8) & ENCRYPTED) != 0) {
      throw new ZipException("the zip's file is encrypted: unpack it");
    }
    if (method != STORED && method != DEFLATED) {
      throw new ZipException(
          "the zip's file is compressed by method " + method + ", not by deflate: unpack it");
    }
    long[] numbers = {
      Bytes.unsigned4(head, 24), Bytes.unsigned4(head, 20), Bytes.unsigned4(head, 42)
    };
    fromExtra(numbers, extra);
    long offset = numbers[2] + shift;
    if (numbers[0] < 0 || numbers[1] < 0 || offset < shift || offset >= start) {
      throw damaged();
    }
    return new Entry(
        name, method, offset, start, numbers[1], numbers[0], Bytes.unsigned4(head, 16));
  }

  /** What does not fit into four bytes stands in a field behind the name, in the same order. */
  private static void fromExtra(long[] numbers, byte[] extra) throws ZipException {
    byte @Nullable [] field = null;
    for (int at = 0; at + 4 <= extra.length; ) {
      int length = Bytes.of2(extra, at + 2);
      if (at + 4 + length > extra.length) {
        break;
      }
      if (Bytes.of2(extra, at) == LARGE_FIELD) {
        field = Arrays.copyOfRange(extra, at + 4, at + 4 + length);
      }
      at += 4 + length;
    }
    int at = 0;
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] == IN_LARGE && field != null) {
        if (at + 8 > field.length) {
          throw damaged();
        }
        numbers[i] = Bytes.of8(field, at);
        at += 8;
      }
    }
  }

  /** Nothing is unpacked to a name, so it would do no harm here: but who wrote it meant to. */
  private static void refuseTraversal(String name) throws ZipException {
    boolean up = Arrays.asList(name.split("[/\\\\]")).contains("..");
    if (up || name.startsWith("/") || name.startsWith("\\")) {
      throw new ZipException(
          "the zip has an entry that points out of it, '" + shown(name) + "': it is not trusted");
    }
  }

  private static String shown(String name) {
    return name.substring(0, Math.min(100, name.length())).replaceAll("\\p{Cntrl}", "?");
  }
}
