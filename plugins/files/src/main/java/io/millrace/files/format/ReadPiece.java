package io.millrace.files.format;

import io.millrace.api.read.ReadContext;

/**
 * What a piece is opened with.
 *
 * @param columns what is delivered
 * @param firstPosition the position of its first record; later ones rise
 * @param context limits and dirty records
 */
public record ReadPiece(
    FileInput file, Piece piece, Columns columns, long firstPosition, ReadContext context) {}
