package io.millrace.files.compress;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Ends the reading of a file that unfolds to far more than honest data does. */
final class BoundedInflation extends FilterInputStream {

  /** Small files may unfold to this whatever their size. */
  private static final long HARMLESS = 64L << 20;

  private final long size;
  private final long maxInflation;
  private long unfolded;

  BoundedInflation(InputStream in, long size, long maxInflation) {
    super(in);
    this.size = size;
    this.maxInflation = maxInflation;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read;
    try {
      read = in.read(into, offset, length);
    } catch (IndexOutOfBoundsException | IllegalStateException | IllegalArgumentException e) {
      // Decoders trust their input more than they should.
      throw new IOException("its compressed data are broken", e);
    }
    unfolded += Math.max(0, read);
    if (unfolded > HARMLESS && unfolded / Math.max(1, size) >= maxInflation) {
      throw new IOException(
          "its "
              + size
              + " bytes unfold to more than "
              + maxInflation
              + " times as much; if that is right, raise maxInflation");
    }
    return read;
  }
}
