package io.millrace.files.text;

import io.millrace.files.compress.Compression;
import io.millrace.files.format.Cut;
import io.millrace.files.format.FileInput;
import io.millrace.files.format.Piece;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Cuts text files. Where an end of line always ends a record, pieces are cut anywhere and each
 * reader finds the lines; where a quoted value may hold one, the file is read once to see where
 * records end.
 */
final class TextCut {

  private TextCut() {}

  static Cut cut(FileInput file, long pieceBytes, TextSettings settings) throws IOException {
    if (file.size() <= pieceBytes) {
      return Cut.whole(file, "no larger than a piece");
    }
    String whole = whyWhole(file, settings);
    if (whole != null) {
      return Cut.whole(file, whole);
    }
    if (settings.quote() < 0 || !settings.multiline()) {
      return atLines(file, pieceBytes);
    }
    return atRecords(file, pieceBytes, settings);
  }

  private static @Nullable String whyWhole(FileInput file, TextSettings settings)
      throws IOException {
    if (TextInput.compression(file, settings) != Compression.NONE) {
      return "compressed";
    }
    if (settings.line().length > 0 && !isNewline(settings.line())) {
      return "lineDelimiter is not the end of a line";
    }
    boolean lines = settings.quote() < 0 || !settings.multiline();
    if (!settings.isUtf8() && !isCuttable(settings, lines)) {
      return "cannot be cut in encoding " + settings.charset();
    }
    if (TextInput.isMarkedOtherwise(file, settings)) {
      return "its byte order mark says another encoding";
    }
    return null;
  }

  private static boolean isNewline(byte[] line) {
    return line[line.length - 1] == '\n'
        && (line.length == 1 || (line.length == 2 && line[0] == '\r'));
  }

  /** Whether a delimiter, a quote and a newline are the same single bytes they are in ASCII. */
  private static boolean isCuttable(TextSettings settings, boolean lines) {
    String name = settings.charset().name().toUpperCase(Locale.ROOT);
    byte[] delimiter = settings.delimiter();
    boolean single =
        name.equals("US-ASCII") || name.startsWith("ISO-8859") || name.startsWith("WINDOWS-125");
    // The second byte of a character begins at 0x30.
    boolean chinese = name.startsWith("GB") || name.startsWith("BIG5") || name.startsWith("EUC-");
    if (lines) {
      return single || chinese;
    }
    return delimiter.length == 1
        && delimiter[0] >= 0
        && (single || (chinese && delimiter[0] < 0x30 && settings.quote() < 0x30));
  }

  private static Cut atLines(FileInput file, long pieceBytes) {
    List<Piece> pieces = new ArrayList<>();
    for (long from = 0; from < file.size(); from += pieceBytes) {
      long to = Math.min(file.size(), from + pieceBytes);
      pieces.add(new Piece(from, to, false, from == 0 ? 1 : 0));
    }
    return new Cut(pieces, "at ends of lines");
  }

  private static Cut atRecords(FileInput file, long pieceBytes, TextSettings settings)
      throws IOException {
    List<Piece> pieces = new ArrayList<>();
    long from = 0;
    long line = 1;
    long at = TextInput.markBytes(file);
    try (InputStream in = file.open(at, file.size())) {
      RecordScanner scanner = new RecordScanner(in, settings, 1, Header.MOST_BYTES);
      int look = 0;
      while (scanner.next()) {
        at += scanner.size();
        if (at - from >= pieceBytes && at < file.size()) {
          pieces.add(new Piece(from, at, true, line));
          from = at;
          line = scanner.nextLine();
        }
        if ((++look & 0xfff) == 0) {
          file.cancellation().throwIfCancelled();
        }
      }
    }
    pieces.add(new Piece(from, file.size(), true, line));
    return new Cut(
        pieces,
        "at ends of records; the file was read once to find them, as quoted values may hold the"
            + " end of a line (csvReaderConfig multiline false spares that)");
  }
}
