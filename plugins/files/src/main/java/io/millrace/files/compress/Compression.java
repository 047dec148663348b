package io.millrace.files.compress;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A compression of whole files. */
public enum Compression {
  NONE("") {
    @Override
    InputStream decode(InputStream in) {
      return in;
    }

    @Override
    public OutputStream encode(OutputStream out) {
      return out;
    }
  },
  GZIP(".gz") {
    @Override
    InputStream decode(InputStream in) throws IOException {
      return new GZIPInputStream(new NeverDry(in), 1 << 16);
    }

    @Override
    public OutputStream encode(OutputStream out) throws IOException {
      return new GZIPOutputStream(out, 1 << 16);
    }
  };

  private final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  /** What names of such files end in. */
  public String suffix() {
    return suffix;
  }

  /** The compression that a name's ending stands for. */
  public static Compression of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (Compression each : values()) {
      if (each != NONE && lower.endsWith(each.suffix)) {
        return each;
      }
    }
    return NONE;
  }

  /** The bytes that are compressed in {@code in}. */
  abstract InputStream decode(InputStream in) throws IOException;

  /** Compresses what is written; closing it ends the compressed data and closes {@code out}. */
  public abstract OutputStream encode(OutputStream out) throws IOException;

  /**
   * The bytes that are compressed in a file, bounded.
   *
   * @param size the bytes of the compressed file
   * @param maxInflation how many times that much they may be
   */
  public InputStream decode(InputStream in, long size, long maxInflation) throws IOException {
    return this == NONE ? in : new BoundedInflation(decode(in), size, maxInflation);
  }
}
