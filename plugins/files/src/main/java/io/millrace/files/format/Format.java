package io.millrace.files.format;

import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A format of files, with its settings. Immutable; safe for use by several threads. An {@link
 * IOException} means that the bytes of the file are wrong or cannot be had: its message is one
 * line, and whoever catches it adds the file's name.
 */
public interface Format {

  /** The native type of a column in which a file holds nothing but NULL, so that it has no type. */
  String NO_TYPE = "null";

  /**
   * The columns in a file, in their order. A format without names calls them {@code c0}, {@code c1}
   * and so on; one without types says STRING, and so does a column of {@link #NO_TYPE}.
   */
  Schema discover(FileInput file) throws IOException;

  /** The names that a file has for its columns; none where it has no names for them. */
  default List<String> names(FileInput file, Columns columns) throws IOException {
    return discover(file).fields().stream().map(Field::name).toList();
  }

  /**
   * Looks whether a file has the columns that are asked for by name, and by index where it has a
   * fixed number of them. Where a missing one is NULL, and where records need not be alike, nothing
   * is wrong.
   *
   * @throws IOException also when it lacks one; the message names those it has
   */
  default void requireColumns(FileInput file, Columns columns) throws IOException {}

  /**
   * Cuts a file into pieces of about {@code pieceBytes}, or leaves it whole. May read the file.
   *
   * @param pieceBytes at least 1
   */
  Cut cut(FileInput file, long pieceBytes) throws IOException;

  /** Opens one piece. */
  PieceReader open(ReadPiece piece) throws IOException;

  /**
   * What of {@code source} stands in a file of this format, column by column.
   *
   * @throws io.millrace.api.error.MillraceException when a column cannot be held
   */
  Schema check(Schema source);

  /**
   * What has to be said before {@code source} is written: columns that a file of this format holds
   * and that most other programs do not read. A line for each.
   */
  default List<String> warnings(Schema source) {
    return List.of();
  }

  /**
   * Begins a file.
   *
   * @param header whether a header is written, where the format has one
   * @param schema the columns of the batches that will come
   */
  RecordOutput create(OutputStream out, Schema schema, boolean header) throws IOException;

  /**
   * What has to be said of values that are written as other ones because the task wants it, a line
   * for each column; with their number once there are any.
   */
  default List<String> remarks() {
    return List.of();
  }

  /** What names of files end in by default, compression included, such as {@code .csv.gz}. */
  String suffix();

  /** Null, or why files of this format cannot be put together by putting their bytes together. */
  @Nullable String whyNotJoined();
}
