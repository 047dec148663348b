package io.millrace.files.text;

import io.millrace.api.DirtyRecords;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.DirtyRecords.Reason;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.files.format.ColumnSource;
import io.millrace.files.format.Columns;
import io.millrace.files.format.RawValues;
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

  private static final String TEXT = "TEXT";

  private final String file;
  private final Schema schema;
  private final ValueParser[] parsers;
  private final byte[] @Nullable [] constants;
  private final DirtyRecords dirty;
  private final int maxValueBytes;
  private final byte @Nullable [] nullText;
  private final boolean transcoded;

  /** Holds one value of a dirty record, to find out whether it is one. */
  private @Nullable RecordBatch tried;

  /**
   * @param transcoded whether the texts are not the file's own bytes, so that one that is no UTF-8
   *     is not what was there
   */
  RowBuilder(ReadPiece piece, byte @Nullable [] nullText, ZoneId zone, boolean transcoded) {
    Columns columns = piece.columns();
    this.file = piece.file().describe();
    this.schema = columns.schema();
    this.parsers = new ValueParser[schema.size()];
    this.constants = new byte[schema.size()][];
    this.dirty = piece.context().dirty();
    this.maxValueBytes = piece.context().task().limits().maxValueBytes();
    this.nullText = nullText;
    this.transcoded = transcoded;
    for (int i = 0; i < parsers.length; i++) {
      ColumnSource source = columns.sources().get(i);
      ValueParser parser = parser(schema.field(i), source.format(), zone);
      boolean bytes = schema.field(i).type() == ColumnType.BYTES;
      parsers[i] = bytes && transcoded ? onlyText(parser) : parser;
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

  /** Bytes that the file's encoding does not know are known by no other encoding either. */
  private static ValueParser onlyText(ValueParser parser) {
    return (bytes, offset, length, into) ->
        Utf8.isValid(bytes, offset, length)
            ? parser.parse(bytes, offset, length, into)
            : ValueParsers.NOT_UTF8;
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

  /**
   * A value of a dirty record: what would have been delivered, so that it means the same whatever
   * the file's form, or the text that is wrong.
   */
  RawValue kept(int column, byte[] bytes, int offset, int length) {
    RecordBatch own = tried;
    if (own == null) {
      own = new RecordBatch(schema, 1 << 10, 1);
      tried = own;
    }
    own.clear();
    return value(own, column, bytes, offset, length) == null
        ? RawValues.of(own.column(column), 0)
        : raw(bytes, offset, length);
  }

  /** The value of a dirty record that stands in every record. */
  RawValue keptConstant(int column) {
    byte[] text = constants[column];
    return text == null
        ? new RawValue(schema.field(column).type().name(), 0, null)
        : kept(column, text, 0, text.length);
  }

  /** A text as it was read. */
  RawValue raw(byte[] bytes, int offset, int length) {
    boolean changed = transcoded && !Utf8.isValid(bytes, offset, length);
    return changed
        ? RawValues.said(TEXT, length, new String(bytes, offset, length, StandardCharsets.UTF_8))
        : RawValues.bytes(TEXT, bytes, offset, length);
  }

  /** A whole record whose values could not be told apart; nothing of it can be written later. */
  List<RawValue> record(byte[] bytes, int offset, int length) {
    RawValue whole = RawValues.bytes("RECORD", bytes, offset, length);
    return List.of(RawValues.said("RECORD", length, String.valueOf(whole.text())));
  }
}
