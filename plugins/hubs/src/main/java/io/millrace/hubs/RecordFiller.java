package io.millrace.hubs;

import io.millrace.api.DirtyRecords;
import io.millrace.api.DirtyRecords.Kept;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.DirtyRecords.Reason;
import io.millrace.api.TaskContext;
import io.millrace.api.record.Column;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.record.Texts;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes records of raw values, or gives them to the dirty records. Used by one thread. */
public final class RecordFiller {

  private static final int SHOWN_BYTES = 4096;

  private final List<HubColumn> columns;
  private final Schema schema;
  private final Kept missing;
  private final DirtyRecords dirty;
  private final int maxValueBytes;
  private final ZoneId zone;

  /**
   * @param schema what the columns become
   * @param missing what a value is that is not there: absent, or NULL
   * @param task whose zone and whose bound of a value count
   */
  public RecordFiller(
      List<HubColumn> columns, Schema schema, Kept missing, DirtyRecords dirty, TaskContext task) {
    this.columns = columns;
    this.schema = schema;
    this.missing = missing;
    this.dirty = dirty;
    this.maxValueBytes = task.limits().maxValueBytes();
    this.zone = task.zone();
  }

  /**
   * Appends one record.
   *
   * @param position where it stands in its split
   * @param where the same for people: shard and cursor
   * @param values one for each column, null for NULL; constants are filled in here
   */
  public void fill(
      RecordBatch into, long position, Supplier<String> where, byte @Nullable [][] values) {
    try {
      for (int i = 0; i < values.length; i++) {
        append(into.column(i), columns.get(i), values[i]);
      }
      into.endRecord(position);
    } catch (BadValueException e) {
      into.discardRecord();
      List<RawValue> raw = new ArrayList<>(values.length);
      for (int i = 0; i < values.length; i++) {
        raw.add(kept(i, values[i]));
      }
      dirty(position, where.get(), raw, e);
    }
  }

  private void append(Column target, HubColumn column, byte @Nullable [] value)
      throws BadValueException {
    try {
      byte[] found = value(column, value);
      if (found == null) {
        target.appendNull();
      } else {
        column.typeOrString().append(target, checked(found, maxValueBytes), zone);
      }
    } catch (BadValueException e) {
      throw e.in(column.name());
    }
  }

  /**
   * What a column's path, if it has one, finds in a value.
   *
   * @param value null for NULL
   */
  public static byte @Nullable [] value(HubColumn column, byte @Nullable [] value)
      throws BadValueException {
    if (column.constant() != null) {
      return column.constant().getBytes(StandardCharsets.UTF_8);
    }
    if (value == null || column.path() == null) {
      return value;
    }
    String document;
    try {
      document = ValueType.text(value);
    } catch (BadValueException e) {
      throw new BadValueException("NOT_JSON", "the value is not JSON: it is not UTF-8");
    }
    String found = column.path().find(document);
    return found == null ? null : found.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The value itself.
   *
   * @throws BadValueException when it is larger than allowed
   */
  public static byte[] checked(byte[] value, int maxValueBytes) throws BadValueException {
    if (value.length > maxValueBytes) {
      throw new BadValueException(
          "TOO_LONG",
          "the value has " + value.length + " bytes, maxValueBytes allows " + maxValueBytes);
    }
    return value;
  }

  /**
   * Gives a record to the dirty records that could not be taken apart.
   *
   * @param whole all of it, as it was sent; null when that cannot be told
   */
  public void broken(
      long position, String where, byte @Nullable [] whole, BadValueException reason) {
    List<RawValue> raw = new ArrayList<>(columns.size());
    for (HubColumn column : columns) {
      boolean first = raw.isEmpty() && whole != null && whole.length <= maxValueBytes;
      // It is not the value of the column that it stands in.
      raw.add(
          first
              ? new RawValue(
                  "RECORD",
                  whole.length,
                  "base64:" + Base64.getEncoder().encodeToString(whole),
                  Kept.CUT)
              : new RawValue(column.typeOrString().name(), 0, null, Kept.CUT));
    }
    dirty(position, where, raw, reason);
  }

  private void dirty(long position, String where, List<RawValue> raw, BadValueException reason) {
    String message = where + ": " + reason.getMessage();
    dirty.add(position, raw, new Reason(reason.code(), message, reason.column()));
  }

  /** One column: its value where it has become one, else what was to become one. */
  private RawValue kept(int index, byte @Nullable [] value) {
    HubColumn column = columns.get(index);
    String type = column.typeOrString().name();
    byte[] found;
    try {
      found = value(column, value);
    } catch (BadValueException e) {
      // Of the document, not of the column.
      return value == null ? unknown(type) : raw(type, value, Kept.CUT);
    }
    if (found == null) {
      return new RawValue(type, 0, null, value == null ? missing : Kept.WHOLE);
    }
    RecordBatch one = new RecordBatch(new Schema(List.of(schema.field(index))), 1, 1);
    try {
      append(one.column(0), column, value);
      return new RawValue(type, found.length, Texts.text(one.column(0), 0));
    } catch (BadValueException e) {
      return raw(type, found, Kept.WHOLE);
    }
  }

  private static RawValue unknown(String type) {
    return new RawValue(type, 0, null, Kept.CUT);
  }

  private RawValue raw(String type, byte[] value, Kept kept) {
    if (value.length > maxValueBytes) {
      int size = Math.min(value.length, SHOWN_BYTES);
      String shown = new String(value, 0, size, StandardCharsets.UTF_8);
      return new RawValue(type, value.length, shown + "…", Kept.CUT);
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
      return new RawValue(type, value.length, text, kept);
    } catch (CharacterCodingException e) {
      String text = Base64.getEncoder().encodeToString(value);
      return kept == Kept.CUT
          ? new RawValue(type, value.length, "base64:" + text, Kept.CUT)
          : new RawValue(type, value.length, text, Kept.BASE64);
    }
  }
}
