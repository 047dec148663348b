package io.millrace.files.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import org.apache.parquet.format.CompressionCodec;
import org.xerial.snappy.Snappy;

/** The compressions of pages. */
public enum PageCodec {
  NONE(CompressionCodec.UNCOMPRESSED) {
    @Override
    byte[] compress(byte[] bytes) {
      return bytes;
    }

    @Override
    int unfold(byte[] bytes, int offset, int length, byte[] into) throws IOException {
      if (length != into.length) {
        throw new IOException("a page has " + length + " bytes and says " + into.length);
      }
      System.arraycopy(bytes, offset, into, 0, length);
      return length;
    }
  },
  SNAPPY(CompressionCodec.SNAPPY) {
    @Override
    byte[] compress(byte[] bytes) throws IOException {
      return Snappy.compress(bytes);
    }

    @Override
    int unfold(byte[] bytes, int offset, int length, byte[] into) throws IOException {
      if (Snappy.uncompressedLength(bytes, offset, length) != into.length) {
        return -1;
      }
      return Snappy.uncompress(bytes, offset, length, into, 0);
    }
  },
  GZIP(CompressionCodec.GZIP) {
    @Override
    byte[] compress(byte[] bytes) throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2 + 64);
      try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
        gzip.write(bytes);
      }
      return out.toByteArray();
    }

    @Override
    int unfold(byte[] bytes, int offset, int length, byte[] into) throws IOException {
      try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes, offset, length))) {
        int read = in.readNBytes(into, 0, into.length);
        return in.read() < 0 ? read : -1;
      }
    }
  },
  ZSTD(CompressionCodec.ZSTD) {
    @Override
    byte[] compress(byte[] bytes) {
      return Zstd.compress(bytes, 3);
    }

    @Override
    int unfold(byte[] bytes, int offset, int length, byte[] into) throws IOException {
      try {
        return (int) Zstd.decompressByteArray(into, 0, into.length, bytes, offset, length);
      } catch (ZstdException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  },
  LZ4_RAW(CompressionCodec.LZ4_RAW) {
    @Override
    byte[] compress(byte[] bytes) {
      LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();
      byte[] out = new byte[compressor.maxCompressedLength(bytes.length)];
      return Arrays.copyOf(out, compressor.compress(bytes, 0, bytes.length, out, 0, out.length));
    }

    @Override
    int unfold(byte[] bytes, int offset, int length, byte[] into) throws IOException {
      try {
        return LZ4Factory.fastestInstance()
            .safeDecompressor()
            .decompress(bytes, offset, length, into, 0, into.length);
      } catch (LZ4Exception e) {
        throw new IOException("no valid lz4: " + e.getMessage(), e);
      }
    }
  };

  /** The names for option {@code compress}. */
  public static final String NAMES = "none, snappy, gzip, zstd, lz4_raw";

  private final CompressionCodec codec;

  PageCodec(CompressionCodec codec) {
    this.codec = codec;
  }

  /** How the footer calls it. */
  CompressionCodec codec() {
    return codec;
  }

  /**
   * The compression that a task names.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static PageCodec of(String name) {
    return switch (name.strip().toLowerCase(Locale.ROOT)) {
      case "none", "uncompressed" -> NONE;
      case "snappy" -> SNAPPY;
      case "gzip" -> GZIP;
      case "zstd" -> ZSTD;
      case "lz4", "lz4_raw" -> LZ4_RAW;
      default -> throw new IllegalArgumentException("'" + name + "' is not one of " + NAMES);
    };
  }

  static PageCodec of(CompressionCodec codec) throws IOException {
    for (PageCodec each : values()) {
      if (each.codec == codec) {
        return each;
      }
    }
    throw new IOException(
        "its compression "
            + codec
            + " is not supported: write it with one of SNAPPY, GZIP, ZSTD, LZ4_RAW");
  }

  abstract byte[] compress(byte[] bytes) throws IOException;

  /** Fills {@code into}; how many bytes there were, or -1 when there are more. */
  abstract int unfold(byte[] bytes, int offset, int length, byte[] into) throws IOException;

  /**
   * Unfolds a page.
   *
   * @param size the bytes it must unfold to, within bounds already
   */
  byte[] decompress(byte[] bytes, int offset, int length, int size) throws IOException {
    byte[] into = new byte[size];
    if (unfold(bytes, offset, length, into) != size) {
      throw new IOException("a page does not unfold to the " + size + " bytes that it says");
    }
    return into;
  }
}
