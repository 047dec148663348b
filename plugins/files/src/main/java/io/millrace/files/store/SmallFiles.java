package io.millrace.files.store;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bound of the files that are read as a whole: control records, in a place that others may
 * write to as well.
 */
public final class SmallFiles {

  /** The manifest of some half a million files. */
  public static final int MOST_BYTES = 64 << 20;

  private SmallFiles() {}

  /**
   * Reads a file to its end.
   *
   * @param name for the message
   * @throws MillraceException when it is larger than {@link #MOST_BYTES}
   */
  public static byte[] read(InputStream in, String name) throws IOException {
    byte[] content = in.readNBytes(MOST_BYTES + 1);
    requireSmall(content.length, name);
    return content;
  }

  /**
   * Checks that what is written can be read again.
   *
   * @throws MillraceException when it is larger than {@link #MOST_BYTES}
   */
  public static void requireSmall(int bytes, String name) {
    if (bytes > MOST_BYTES) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          "the control record "
              + name
              + " has more than "
              + (MOST_BYTES >> 20)
              + " MB: write fewer files, or look who has changed it");
    }
  }
}
