package io.millrace.files.text;

import io.millrace.files.compress.Compression;
import io.millrace.files.format.FileInput;
import io.millrace.files.format.Piece;
import io.millrace.files.store.FileFault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Opens pieces of text files as UTF-8, whatever their compression, encoding and byte order mark.
 */
final class TextInput {

  private static final int BOM_BYTES = 4;

  private TextInput() {}

  static Compression compression(FileInput file, TextSettings settings) {
    Compression set = settings.compression();
    return set == null ? Compression.of(file.file().name()) : set;
  }

  /** The piece's text. */
  static InputStream open(FileInput file, Piece piece, TextSettings settings) throws IOException {
    Compression compression = compression(file, settings);
    InputStream opened = raw(file, piece, settings, compression);
    InputStream raw = opened;
    try {
      Charset charset = settings.charset();
      if (piece.from() == 0) {
        PushbackInputStream marked = new PushbackInputStream(opened, BOM_BYTES);
        requireText(marked, file, compression);
        charset = passMark(marked, charset);
        opened = marked;
      }
      return charset.equals(StandardCharsets.UTF_8) ? opened : new Transcoding(opened, charset);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  private static InputStream raw(
      FileInput file, Piece piece, TextSettings settings, Compression compression)
      throws IOException {
    if (compression != Compression.NONE) {
      // Never cut.
      return compression.decode(file, settings.maxInflation());
    }
    return piece.exact()
        ? file.open(piece.from(), piece.to())
        : new AlignedInput(file, piece, settings.line().length == 2);
  }

  /** The compression of data that begin so; empty for text, none of which does. */
  private static String compressionOf(byte[] head) {
    return switch (HexFormat.of().formatHex(head)) {
      case "1f8b0800", "1f8b0808" -> "gzip";
      case "504b0304" -> "zip";
      case "28b52ffd" -> "zstd";
      case "ff060000" -> "snappy";
      case "fd377a58" -> "xz";
      case "04224d18" -> "lz4";
      default -> "";
    };
  }

  /** A file of another format would give records too, of nonsense. */
  private static void requireText(PushbackInputStream in, FileInput file, Compression compression)
      throws IOException {
    byte[] head = new byte[BOM_BYTES];
    int read = in.readNBytes(head, 0, BOM_BYTES);
    in.unread(head, 0, read);
    String compressed = compression == Compression.NONE ? compressionOf(head) : "";
    if (!compressed.isEmpty()) {
      boolean known = !compressed.equals("xz") && !compressed.equals("lz4");
      throw new FileFault(
          known
              ? "it is compressed, and its name does not say so: set compress: " + compressed
              : "it is compressed with " + compressed + ", which is not read: unpack it");
    }
    String first = new String(head, StandardCharsets.ISO_8859_1);
    boolean orc = first.startsWith("ORC");
    if (file.size() < 12 || !(orc || first.equals("PAR1") || first.equals("PARE"))) {
      return;
    }
    // Text may begin so; but it does not end so as well.
    try (InputStream end = file.open(file.size() - 4, file.size())) {
      String last = new String(end.readNBytes(4), StandardCharsets.ISO_8859_1);
      if (orc ? last.startsWith("ORC") : last.equals(first)) {
        String format = orc ? "orc" : "parquet";
        throw new FileFault(
            "it is a file of " + format + ", not of text: set fileFormat: " + format);
      }
    }
  }

  /** Takes a byte order mark away; what it says counts more than what the task says. */
  private static Charset passMark(PushbackInputStream in, Charset charset) throws IOException {
    byte[] mark = new byte[BOM_BYTES];
    int read = in.readNBytes(mark, 0, BOM_BYTES);
    Charset found = charset;
    int length = 0;
    // The mark of UTF-32 begins like that of UTF-16.
    if (read == 4
        && mark[0] == (byte) 0xff
        && mark[1] == (byte) 0xfe
        && mark[2] == 0
        && mark[3] == 0) {
      found = Charset.forName("UTF-32LE");
      length = 4;
    } else if (read == 4 && mark[0] == 0 && mark[1] == 0 && mark[2] == -2 && mark[3] == -1) {
      found = Charset.forName("UTF-32BE");
      length = 4;
    } else if (read >= 3
        && mark[0] == (byte) 0xef
        && mark[1] == (byte) 0xbb
        && mark[2] == (byte) 0xbf) {
      found = StandardCharsets.UTF_8;
      length = 3;
    } else if (read >= 2 && mark[0] == (byte) 0xfe && mark[1] == (byte) 0xff) {
      found = StandardCharsets.UTF_16BE;
      length = 2;
    } else if (read >= 2 && mark[0] == (byte) 0xff && mark[1] == (byte) 0xfe) {
      found = StandardCharsets.UTF_16LE;
      length = 2;
    }
    in.unread(mark, length, read - length);
    return found;
  }

  /** Whether text in no particular encoding begins with a byte order mark. */
  static boolean isMark(byte[] text) {
    try (PushbackInputStream in =
        new PushbackInputStream(new ByteArrayInputStream(text), BOM_BYTES)) {
      passMark(in, StandardCharsets.US_ASCII);
      return in.available() < text.length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many bytes a mark of UTF-8 takes at the beginning of a file. */
  static int markBytes(FileInput file) throws IOException {
    try (InputStream in = file.open(0, Math.min(BOM_BYTES, file.size()))) {
      byte[] mark = in.readNBytes(3);
      boolean utf8 =
          mark.length == 3
              && mark[0] == (byte) 0xef
              && mark[1] == (byte) 0xbb
              && mark[2] == (byte) 0xbf;
      return utf8 ? 3 : 0;
    }
  }

  /** True when the file begins with a mark of another encoding than the task says. */
  static boolean isMarkedOtherwise(FileInput file, TextSettings settings) throws IOException {
    try (PushbackInputStream in =
        new PushbackInputStream(file.open(0, Math.min(BOM_BYTES, file.size())), BOM_BYTES)) {
      return !passMark(in, settings.charset()).equals(settings.charset());
    }
  }
}
