package io.millrace.files.compress;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** The one file in a zip. Its name decides nothing. */
final class ZipText extends InputStream {

  private final ZipInputStream zip;
  private boolean opened;
  private boolean ended;

  ZipText(InputStream in) {
    this.zip = new ZipInputStream(in);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (!opened) {
      opened = true;
      ZipEntry entry = nextFile();
      if (entry == null) {
        throw new ZipException(
            "it is no zip, or holds no file: check compress and the ending of its name");
      }
    }
    if (ended) {
      return -1;
    }
    int read = zip.read(into, offset, length);
    if (read < 0) {
      ended = true;
      ZipEntry second = nextFile();
      if (second != null) {
        throw new ZipException(
            "the zip holds more than one file (the second is '"
                + shown(second.getName())
                + "'): unpack it");
      }
    }
    return read;
  }

  private @Nullable ZipEntry nextFile() throws IOException {
    ZipEntry entry;
    try {
      do {
        entry = zip.getNextEntry();
      } while (entry != null && entry.isDirectory());
    } catch (IllegalArgumentException e) {
      throw new ZipException("the zip has an entry whose name is no text");
    }
    if (entry != null) {
      refuseTraversal(entry.getName());
    }
    return entry;
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

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
