package io.millrace.files.format;

import java.util.List;

/**
 * How a file is cut.
 *
 * @param pieces at least one, in order
 * @param why in words, for the log: what the cut follows, or what keeps the file whole
 */
public record Cut(List<Piece> pieces, String why) {

  public Cut {
    pieces = List.copyOf(pieces);
  }

  /** A file that stays whole. */
  public static Cut whole(FileInput file, String why) {
    return new Cut(List.of(Piece.whole(file.size())), why);
  }
}
