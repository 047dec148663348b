package io.millrace.files.text;

import io.millrace.api.DirtyRecords;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.DirtyRecords.Reason;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.format.ColumnSource;
import io.millrace.files.format.Columns;
import io.millrace.files.format.ReadPiece;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts texts into the columns of a batch, value by value, and says what is wrong with a record that
 * cannot be. Used by one thread.
 */
final class RowBuilder {

  private static final int SHOWN_BYTES = 400;

  private final String file;
  private final Schema schema;
  private final ValueParser[] parsers;
  private final byte[] @Nullable [] constants;
  private final DirtyRecords dirty;
  private final int maxValueBytes;
  private final byte @Nullable [] nullText;

  RowBuilder(ReadPiece piece, byte @Nullable [] nullText, ZoneId zone) {
    Columns columns = piece.columns();
    this.file = piece.file().describe();
    this.schema = columns.schema();
    this.parsers = new ValueParser[schema.size()];
    this.constants = new byte[schema.size()][];
    this.dirty = piece.context().dirty();
    this.maxValueBytes = piece.context().task().limits().maxValueBytes();
    this.nullText = nullText;
    for (int i = 0; i < parsers.length; i++) {
      ColumnSource source = columns.sources().get(i);
      parsers[i] = parser(schema.field(i), source.format(), zone);
      String constant = source.constant();
      constants[i] = constant == null ? null : constant.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** The parser of a column; a format that does not suit it is the task's error. */
  static ValueParser parser(Field field, @Nullable String format, ZoneId zone) {
    try {
      return ValueParsers.of(field, format, zone);
    } catch (IllegalArgumentException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION, "option 'column': " + field.name() + ": " + e.getMessage());
    }
  }

  int columns() {
    return parsers.length;
  }

  boolean isNullText(byte[] bytes, int offset, int length) {
    byte[] text = nullText;
    return text != null
        && text.length == length
        && Arrays.equals(bytes, offset, offset + length, text, 0, length);
  }

  /** Appends the value that stands for every record. */
  @Nullable String constant(RecordBatch into, int column) {
    byte[] text = constants[column];
    if (text == null) {
      into.column(column).appendNull();
      return null;
    }
    return parsers[column].parse(text, 0, text.length, into.column(column));
  }

  /** Appends a value; null, or what is wrong with it. */
  @Nullable String value(RecordBatch into, int column, byte[] bytes, int offset, int length) {
    if (length > maxValueBytes) {
      return "the value has "
          + length
          + " bytes, "
          + maxValueBytes
          + " are allowed: raise maxValueBytes";
    }
    return parsers[column].parse(bytes, offset, length, into.column(column));
  }

  /** Takes a record back and gives it to the dirty records. */
  void dirty(
      RecordBatch into, long position, long line, List<RawValue> raw, int column, String what) {
    into.discardRecord();
    String where = "; " + file + (line > 0 ? ", line " + line : "");
    String name = column < 0 ? null : schema.field(column).name();
    dirty.add(position, raw, new Reason(code(what), what + where, name));
  }

  private static String code(String what) {
    return what.startsWith("the value has ") ? "TOO_LARGE" : "UNREADABLE";
  }

  /** A text for the dirty records, cut where it is long. */
  static RawValue raw(byte[] bytes, int offset, int length) {
    int shown = Math.min(length, SHOWN_BYTES);
    return new RawValue("TEXT", length, new String(bytes, offset, shown, StandardCharsets.UTF_8));
  }

  /** What stands for a value that the record does not have. */
  static RawValue missing() {
    return new RawValue("MISSING", 0, null);
  }
}
