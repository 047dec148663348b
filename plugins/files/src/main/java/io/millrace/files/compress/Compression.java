package io.millrace.files.compress;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.SnappyFramedOutputStream;

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
  /** Several members after each other are one text. */
  GZIP(".gz") {
    @Override
    InputStream decode(InputStream in) throws IOException {
      return new GzipText(in, BUFFER);
    }

    @Override
    public OutputStream encode(OutputStream out) throws IOException {
      return new GZIPOutputStream(out, BUFFER);
    }
  },
  BZIP2(".bz2") {
    @Override
    InputStream decode(InputStream in) throws IOException {
      return new BZip2CompressorInputStream(new BufferedInputStream(in, BUFFER), true);
    }

    @Override
    public OutputStream encode(OutputStream out) throws IOException {
      return new BZip2CompressorOutputStream(out);
    }
  },
  /** A zip that holds one file. */
  ZIP(".zip") {
    @Override
    InputStream decode(Ranges file) throws IOException {
      return ZipText.open(file);
    }

    @Override
    public OutputStream encode(OutputStream out) throws IOException {
      ZipOutputStream zip = new ZipOutputStream(out);
      zip.putNextEntry(new ZipEntry("data"));
      return zip;
    }
  },
  ZSTD(".zst") {
    @Override
    InputStream decode(InputStream in) throws IOException {
      return new ZstdInputStreamNoFinalizer(new BufferedInputStream(in, BUFFER));
    }

    @Override
    public OutputStream encode(OutputStream out) throws IOException {
      return new ZstdOutputStreamNoFinalizer(out).setChecksum(true);
    }
  },
  /** Written in the framing format; what Hadoop writes is read as well. */
  SNAPPY(".snappy") {
    @Override
    InputStream decode(InputStream in) throws IOException {
      return SnappyText.open(new BufferedInputStream(in, BUFFER));
    }

    @Override
    public OutputStream encode(OutputStream out) throws IOException {
      return new SnappyFramedOutputStream(out);
    }
  };

  private static final int BUFFER = 1 << 16;

  private final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  /** What names of such files end in. */
  public String suffix() {
    return suffix;
  }

  /** The compression that an option names; null for a name that is none of them. */
  public static @Nullable Compression named(String word) {
    // Which snappy it is tells itself; DataX has a name for each.
    String name = word.strip().replaceFirst("(?i)^(hadoop|framing)-snappy$", "snappy");
    for (Compression each : values()) {
      if (each.name().equalsIgnoreCase(name)) {
        return each;
      }
    }
    return null;
  }

  /** The compression that a name's ending stands for. */
  public static Compression of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".sz")) {
      return SNAPPY;
    }
    for (Compression each : values()) {
      if (each != NONE && lower.endsWith(each.suffix)) {
        return each;
      }
    }
    return NONE;
  }

  /**
   * What the one file in a compressed file is called in there; empty where it has no name.
   *
   * @throws IOException also when there is no such file
   */
  public String inner(Ranges file) throws IOException {
    return this == ZIP ? ZipDirectory.onlyFile(file).name() : "";
  }

  /** The bytes that are compressed in a file that is read from its beginning to its end. */
  InputStream decode(InputStream in) throws IOException {
    throw new IllegalStateException(this + " is read by its directory");
  }

  /** The bytes that are compressed in a file. */
  InputStream decode(Ranges file) throws IOException {
    InputStream in = file.open(0, file.size());
    try {
      return decode(in);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** Compresses what is written; closing it ends the compressed data and closes {@code out}. */
  public abstract OutputStream encode(OutputStream out) throws IOException;

  /**
   * The bytes that are compressed in a file, bounded.
   *
   * @param maxInflation how many times the file's size they may be
   * @throws IOException also, here or when it is read, where the file's end is not what the
   *     compression says it has to be
   */
  public InputStream decode(Ranges file, long maxInflation) throws IOException {
    InputStream decoded;
    try {
      decoded = decode(file);
    } catch (IndexOutOfBoundsException | IllegalStateException | IllegalArgumentException e) {
      throw new IOException("its compressed data are broken", e);
    }
    return this == NONE ? decoded : new BoundedInflation(decoded, file.size(), maxInflation);
  }
}
