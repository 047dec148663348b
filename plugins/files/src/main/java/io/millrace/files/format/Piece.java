package io.millrace.files.format;

/**
 * A part of a file. Each record of the file belongs to exactly one piece of a cut.
 *
 * @param from the first byte
 * @param to behind the last byte
 * @param exact true when records begin exactly at both ends; otherwise a record belongs to the
 *     piece in which it begins, and the format finds out where that is
 * @param firstLine the number of the line at {@code from}, from 1; 0 when nobody has counted
 */
public record Piece(long from, long to, boolean exact, long firstLine) {

  /** A whole file. */
  public static Piece whole(long size) {
    return new Piece(0, size, true, 1);
  }
}
