package io.millrace.api;

import io.millrace.api.record.RecordBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the records of one split that cannot be read, converted or written. A record given here is
 * counted and kept and must not be written as well. Used by the split's one reading thread (a
 * reader's instance) or one writing thread (a writer's instance).
 *
 * <p>Every method throws a {@link io.millrace.api.error.MillraceException} with {@link
 * io.millrace.api.error.StandardError#DIRTY_LIMIT} once the task's limit is crossed; let it pass.
 */
public interface DirtyRecords {

  /**
   * Keeps a record that stands complete in a batch. The values are copied during the call.
   *
   * @param row the record's index in {@code batch}
   */
  void add(RecordBatch batch, int row, Reason reason);

  /**
   * Keeps a record that cannot be put into a batch.
   *
   * @param position its position in the split as {@link RecordBatch#position(int)} would give it
   * @param values what is known of its values, in the order of the schema
   */
  void add(long position, List<RawValue> values, Reason reason);

  /**
   * Why a record is dirty.
   *
   * @param code a short stable code, such as the server's error number or {@code TOO_LONG}
   * @param message what is wrong with the value, for people. The value itself, and the server's own
   *     text, are marked with {@link Sensitive#mark}: viewers see the message without them
   * @param column the column's name, or null when the whole record is at fault
   */
  record Reason(String code, String message, @Nullable String column) {}

  /**
   * A value that has no column to stand in.
   *
   * @param type the source's own type name
   * @param byteSize its size in the source's form, in bytes
   * @param text the value as text, or what is known of it; null with {@link Kept#WHOLE} for NULL
   * @param kept how much of the value {@code text} is
   */
  record RawValue(String type, long byteSize, @Nullable String text, Kept kept) {

    /** A value that is kept whole as text; null for NULL. */
    public RawValue(String type, long byteSize, @Nullable String text) {
      this(type, byteSize, text, Kept.WHOLE);
    }
  }

  /** How much of a value was kept. Only a record whose values are whole can be written later. */
  enum Kept {
    /** The text is the value; null is NULL. */
    WHOLE,
    /** The text is base64 of the value's bytes. */
    BASE64,
    /** The text is only the value's beginning, or says what it was; null when nothing is known. */
    CUT,
    /** The source has no such value in this record. */
    ABSENT
  }
}
