package io.millrace.hubs;

import io.millrace.api.DirtyRecords;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.DirtyRecords.Reason;
import io.millrace.api.record.Column;
import io.millrace.api.record.RecordBatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes records of raw values, or gives them to the dirty records. Used by one thread. */
public final class RecordFiller {

  private static final int SHOWN_BYTES = 4096;

  private final List<HubColumn> columns;
  private final DirtyRecords dirty;
  private final int maxValueBytes;

  /**
   * @param maxValueBytes bytes above which a value makes its record dirty
   */
  public RecordFiller(List<HubColumn> columns, DirtyRecords dirty, int maxValueBytes) {
    this.columns = columns;
    this.dirty = dirty;
    this.maxValueBytes = maxValueBytes;
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
      dirty(position, where.get(), values, e);
    }
  }

  private void append(Column target, HubColumn column, byte @Nullable [] value)
      throws BadValueException {
    try {
      byte[] found = value(column, value);
      if (found == null) {
        target.appendNull();
      } else {
        column.typeOrString().append(target, checked(found, maxValueBytes));
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
    String found = column.path().find(new String(value, StandardCharsets.UTF_8));
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

  /** Gives a record to the dirty records. */
  public void dirty(
      long position, String where, byte @Nullable [][] values, BadValueException reason) {
    List<RawValue> raw = new ArrayList<>(values.length);
    for (byte[] value : values) {
      raw.add(
          value == null
              ? new RawValue("STRING", 0, null)
              : new RawValue("STRING", value.length, shown(value)));
    }
    String message = where + ": " + reason.getMessage();
    dirty.add(position, raw, new Reason(reason.code(), message, reason.column()));
  }

  private static String shown(byte[] value) {
    int length = Math.min(value.length, SHOWN_BYTES);
    return new String(value, 0, length, StandardCharsets.UTF_8);
  }
}
