package io.millrace.files.orc;

import io.millrace.api.Counted;
import io.millrace.api.error.MillraceException;
import io.millrace.files.columnar.OneLine;
import io.millrace.files.format.FileInput;
import io.millrace.files.store.BrokenConnection;
import io.millrace.files.store.FileFault;
import io.millrace.files.store.RandomInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.orc.CompressionKind;
import org.apache.orc.OrcFile;
import org.apache.orc.OrcProto;
import org.apache.orc.Reader;
import org.apache.orc.StripeInformation;
import org.apache.orc.TypeDescription;

/** Opens files, and looks first at what ORC would believe. Stateless. */
final class OrcFiles {

  private static final byte[] MAGIC = "ORC".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_BLOCK = 16 << 20;

  private OrcFiles() {}

  /** A postscript, and where the footer before it begins. */
  record Script(OrcProto.PostScript script, long footerFrom) {}

  /** What the tail of a file says, whose postscript was looked at before. It needs no closing. */
  static Reader tail(FileInput file) throws IOException {
    try (Reader reader =
        OrcFile.createReader(
            new Path(file.describe()),
            OrcFile.readerOptions(new Configuration())
                .filesystem(new OrcBytes(file))
                .maxLength(file.size())
                .setKeyProvider(new NoKeys())
                .useUTCTimestamp(true)
                .convertToProlepticGregorian(true))) {
      requireStripes(reader, file.size());
      if (reader.getSchema().getCategory() != TypeDescription.Category.STRUCT) {
        throw new IOException("its records have no columns, they are a " + reader.getSchema());
      }
      return reader;
    }
  }

  /**
   * Looks at what a footer says before ORC does.
   *
   * @param footer unfolded
   */
  static void requireFooter(byte[] footer) throws IOException {
    // ORC would load classes for it that are not there.
    if (OrcProto.Footer.parseFrom(footer).hasEncryption()) {
      throw new FileFault("it has encrypted columns, which are not supported");
    }
  }

  /** One line of whatever ORC throws; a failure of the store stays what it is. */
  static IOException broken(String what, Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null && !(cause instanceof BrokenConnection)) {
      cause = cause.getCause();
    }
    if (cause instanceof MillraceException told) {
      throw told;
    }
    boolean store =
        cause instanceof BrokenConnection
            || cause instanceof java.net.SocketException
            || cause instanceof java.nio.channels.ClosedChannelException;
    if (store && cause instanceof IOException io) {
      return io;
    }
    if (cause instanceof OutOfMemoryError) {
      return new IOException(what + "it asks for more memory than there is: raise the heap", e);
    }
    if (e instanceof FileFault own) {
      return own;
    }
    String message = cause.getMessage();
    if (e.getClass() == IOException.class && e.getCause() == null && message != null) {
      return new IOException(OneLine.of(message), e);
    }
    return new IOException(
        what
            + (message == null || message.isBlank()
                ? cause.getClass().getSimpleName()
                : OneLine.of(message)),
        e);
  }

  /**
   * The postscript of a file.
   *
   * @param most bytes that the footer may have
   */
  static Script script(RandomInput in, long most) throws IOException {
    long size = in.size();
    byte[] head = new byte[MAGIC.length];
    if (size < MAGIC.length + 16) {
      throw new IOException(
          "it is no ORC file: it has " + Counted.of(size, "byte", "bytes") + " only");
    }
    in.read(0, head, 0, head.length);
    byte[] tail = new byte[(int) Math.min(256, size)];
    in.read(size - tail.length, tail, 0, tail.length);
    int length = tail[tail.length - 1] & 0xff;
    int from = tail.length - 1 - length;
    boolean begins = Arrays.equals(head, MAGIC);
    boolean ends =
        length > MAGIC.length
            && from >= 0
            && Arrays.equals(
                Arrays.copyOfRange(tail, tail.length - 1 - MAGIC.length, tail.length - 1), MAGIC);
    if (!ends && !begins) {
      throw new FileFault("it is no ORC file: it does not begin with ORC");
    }
    OrcProto.PostScript script = null;
    if (from >= 0 && length > 0) {
      byte[] bytes = Arrays.copyOfRange(tail, from, tail.length - 1);
      try {
        script = OrcProto.PostScript.parseFrom(bytes);
      } catch (IOException e) {
        if (ends) {
          throw new IOException("its postscript is broken: " + e.getMessage(), e);
        }
      }
      // Hive 0.11 wrote no magic at the end. What is none of its postscripts is the midst of a
      // file.
      if (!ends && script != null && !isOfHive(script, bytes)) {
        script = null;
      }
    }
    if (script == null) {
      throw new FileFault(
          "it is cut off: it begins as ORC does, but does not end so; write it again");
    }
    requireScript(script, size - 1 - length, most);
    return new Script(script, size - 1 - length - script.getFooterLength());
  }

  private static boolean isOfHive(OrcProto.PostScript script, byte[] bytes) {
    return script.hasFooterLength()
        && script.hasCompression()
        && !script.hasMagic()
        && script.getUnknownFields().asMap().isEmpty()
        && Arrays.equals(script.toByteArray(), bytes);
  }

  private static void requireScript(OrcProto.PostScript script, long size, long most)
      throws IOException {
    long tail =
        Math.max(0, script.getFooterLength())
            + Math.max(0, script.getMetadataLength())
            + Math.max(0, script.getStripeStatisticsLength());
    boolean negative =
        script.getFooterLength() < 0
            || script.getMetadataLength() < 0
            || script.getStripeStatisticsLength() < 0;
    if (negative || tail > size) {
      throw new FileFault("its footer says that it is larger than the file: it is broken");
    }
    if (tail > most) {
      throw new IOException(
          "its footer has " + tail + " bytes, and " + most + " are allowed with this heap");
    }
    boolean compressed = script.getCompression() != OrcProto.CompressionKind.NONE;
    // Where none is said, it is the format's default.
    if (compressed
        && script.hasCompressionBlockSize()
        && (script.getCompressionBlockSize() <= 0
            || script.getCompressionBlockSize() > MAX_BLOCK)) {
      throw new IOException(
          "its blocks would unfold to "
              + script.getCompressionBlockSize()
              + " bytes each, and "
              + MAX_BLOCK
              + " are allowed");
    }
    if (script.getCompression() == OrcProto.CompressionKind.BROTLI) {
      throw new FileFault(
          "its compression BROTLI is not supported: write it with ZLIB, SNAPPY, ZSTD or LZ4");
    }
  }

  private static void requireStripes(Reader reader, long size) throws IOException {
    long rows = 0;
    for (StripeInformation stripe : reader.getStripes()) {
      long index = stripe.getIndexLength();
      long data = stripe.getDataLength();
      long footer = stripe.getFooterLength();
      boolean broken =
          stripe.getOffset() < 0
              || index < 0
              || data < 0
              || footer < 0
              || footer > Integer.MAX_VALUE
              || index > size
              || data > size
              || stripe.getOffset() > size - index - data - footer
              || stripe.getNumberOfRows() < 0;
      if (broken) {
        throw new FileFault("its footer is broken: a stripe would lie outside the file");
      }
      rows += stripe.getNumberOfRows();
    }
    if (rows != reader.getNumberOfRows()) {
      throw new IOException(
          "its footer is broken: its stripes have "
              + rows
              + " rows, the file says "
              + reader.getNumberOfRows());
    }
  }

  /** The compression of a name. */
  static CompressionKind compression(String name) {
    return switch (name) {
      case "none", "uncompressed" -> CompressionKind.NONE;
      case "zlib", "gzip" -> CompressionKind.ZLIB;
      case "snappy" -> CompressionKind.SNAPPY;
      case "zstd" -> CompressionKind.ZSTD;
      case "lz4" -> CompressionKind.LZ4;
      default ->
          throw new IllegalArgumentException(
              "'" + name + "' is not one of none, zlib, snappy, zstd, lz4");
    };
  }
}
