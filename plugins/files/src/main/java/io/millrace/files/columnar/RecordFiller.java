package io.millrace.files.columnar;

import io.millrace.api.DirtyRecords;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.DirtyRecords.Reason;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Column;
import io.millrace.api.record.RecordBatch;
import io.millrace.files.format.RawValues;
import io.millrace.files.format.ReadPiece;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts records into a batch, value by value, from one source for each column. */
public final class RecordFiller {

  private static final @Nullable RawValue[] NONE = {};

  private final String file;
  private final ValueSource[] sources;
  private final DirtyRecords dirty;
  private final int maxValueBytes;

  public RecordFiller(ReadPiece piece, List<ValueSource> sources) {
    this.file = piece.file().describe();
    this.sources = sources.toArray(ValueSource[]::new);
    this.dirty = piece.context().dirty();
    this.maxValueBytes = piece.context().task().limits().maxValueBytes();
  }

  /**
   * Appends the next record, or gives it to the dirty records. Every source is asked exactly once.
   *
   * @param position where the record stands
   * @param where what is said about it, such as {@code row 17}
   */
  public void append(RecordBatch into, long position, Place where) throws IOException {
    int bad = -1;
    String wrong = null;
    @Nullable RawValue[] rejected = NONE;
    for (int i = 0; i < sources.length; i++) {
      Column column = into.column(i);
      String what = sources[i].next(column);
      if (what == null && column instanceof BytesColumn bytes) {
        int length = bytes.length(bytes.size() - 1);
        what = length > maxValueBytes ? tooLarge(length) : null;
      } else if (what != null) {
        if (rejected.length == 0) {
          rejected = new RawValue[sources.length];
        }
        rejected[i] = sources[i].rejected();
        column.appendNull();
      }
      if (what != null && wrong == null) {
        bad = i;
        wrong = what;
      }
    }
    if (wrong == null) {
      into.endRecord(position);
      return;
    }
    List<RawValue> raw = raw(into, rejected);
    into.discardRecord();
    String code = wrong.startsWith("the value has ") ? "TOO_LARGE" : "UNREADABLE";
    String name = into.schema().field(bad).name();
    dirty.add(
        position,
        raw,
        new Reason(code, name + ": " + wrong + "; " + file + ", " + where.words(), name));
  }

  /** Says where a record stands in its file. */
  @FunctionalInterface
  public interface Place {
    String words();
  }

  private String tooLarge(int length) {
    return "the value has "
        + length
        + " bytes, "
        + maxValueBytes
        + " are allowed: raise maxValueBytes";
  }

  private static List<RawValue> raw(RecordBatch into, @Nullable RawValue[] rejected) {
    List<RawValue> values = new ArrayList<>();
    for (int i = 0; i < into.schema().size(); i++) {
      Column column = into.column(i);
      RawValue own = rejected.length == 0 ? null : rejected[i];
      values.add(own == null ? RawValues.of(column, column.size() - 1) : own);
    }
    return values;
  }
}
