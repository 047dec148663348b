package io.millrace.files.read;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Split;
import io.millrace.files.format.Piece;
import io.millrace.files.store.StoredFile;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The pieces of files that one split holds, as text and back. */
record SplitPieces(List<Entry> entries) {

  private static final int VERSION = 1;

  /** A piece and the file it is of, as it was when the source was cut. */
  record Entry(StoredFile file, Piece piece) {}

  SplitPieces {
    entries = List.copyOf(entries);
  }

  /** The split that holds them. */
  Split split(int number, String description) {
    StringBuilder text = new StringBuilder();
    for (Entry each : entries) {
      StoredFile file = each.file();
      Piece piece = each.piece();
      text.append(URLEncoder.encode(file.name(), StandardCharsets.UTF_8)).append(' ');
      text.append(file.size()).append(' ');
      text.append(URLEncoder.encode(file.version(), StandardCharsets.UTF_8)).append(' ');
      text.append(piece.from()).append(' ').append(piece.to()).append(' ');
      text.append(piece.exact()).append(' ').append(piece.firstLine()).append('\n');
    }
    return new Split(
        String.format("%06d", number), VERSION, Map.of("pieces", text.toString()), description, -1);
  }

  static SplitPieces of(Split split) {
    String text = split.properties().getOrDefault("pieces", "");
    if (split.version() != VERSION || text.isEmpty()) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "split "
              + split.id()
              + " was planned by another version of the connector: start the instance anew");
    }
    List<Entry> entries = new ArrayList<>();
    for (String line : text.split("\n")) {
      String[] parts = line.split(" ", -1);
      StoredFile file =
          new StoredFile(decoded(parts[0]), Long.parseLong(parts[1]), decoded(parts[2]));
      Piece piece =
          new Piece(
              Long.parseLong(parts[3]),
              Long.parseLong(parts[4]),
              Boolean.parseBoolean(parts[5]),
              Long.parseLong(parts[6]));
      entries.add(new Entry(file, piece));
    }
    return new SplitPieces(entries);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
