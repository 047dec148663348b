package io.millrace.engine.attempt;

import io.millrace.api.DirtyRecords;
import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Texts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a look at a source has seen, as text, within bounds. Used by one thread. */
final class SeenRecords implements DirtyRecords {

  /** No character of UTF-8 takes more. */
  private static final int MOST_BYTES = 4;

  private final SourceLook.Bounds bounds;
  private final List<List<@Nullable String>> records = new ArrayList<>();
  private final List<SourceLook.Cut> cut = new ArrayList<>();
  private final List<String> dirty = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long characters;

  SeenRecords(SourceLook.Bounds bounds) {
    this.bounds = bounds;
  }

  /** True when nothing more is taken. */
  boolean isEnough() {
    return records.size() >= bounds.records()
        || dirty.size() >= bounds.records()
        || characters >= bounds.allCharacters();
  }

  /** Takes the records of a batch as far as there is room. */
  void take(RecordBatch batch) {
    for (int row = 0; row < batch.size(); row++) {
      if (records.size() >= bounds.records()) {
        return;
      }
      if (characters >= bounds.allCharacters()) {
        notes.add(
            "ended after "
                + records.size()
                + " records: together they have more than "
                + bounds.allCharacters()
                + " characters");
        return;
      }
      List<@Nullable String> record = new ArrayList<>(batch.schema().size());
      for (int i = 0; i < batch.schema().size(); i++) {
        record.add(text(batch.column(i), row, i));
      }
      records.add(record);
    }
  }

  private @Nullable String text(Column column, int row, int index) {
    String text = beginning(column, row);
    if (text == null) {
      return null;
    }
    if (text.length() > bounds.characters()) {
      long bytes = column instanceof BytesColumn value ? value.length(row) : text.length();
      cut.add(new SourceLook.Cut(records.size(), index, bytes));
      text = shortened(text, bounds.characters());
    }
    characters += text.length();
    return text;
  }

  /** The whole text, or more of it than is shown: a large value is not made a text as a whole. */
  private @Nullable String beginning(Column column, int row) {
    int most = MOST_BYTES * bounds.characters();
    if (!(column instanceof BytesColumn value) || column.isNull(row) || value.length(row) <= most) {
      return Texts.text(column, row);
    }
    int from = value.offset(row);
    byte[] bytes = Arrays.copyOfRange(value.buffer(), from, from + most);
    return column.field().type() == ColumnType.BYTES
        ? "0x" + HexFormat.of().formatHex(bytes)
        : new String(bytes, StandardCharsets.UTF_8);
  }

  private static String shortened(String text, int most) {
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end);
  }

  @Override
  public void add(RecordBatch batch, int row, Reason reason) {
    add(batch.position(row), reason);
  }

  @Override
  public void add(long position, List<RawValue> values, Reason reason) {
    add(position, reason);
  }

  private void add(long position, Reason reason) {
    String column = reason.column() == null ? "" : Sensitive.name(reason.column()) + ": ";
    String line = position + ": " + column + reason.message();
    dirty.add(Sensitive.cut(line, bounds.characters()));
    if (isEnough()) {
      String ended = "ended after " + dirty.size() + " dirty records; there may be more";
      notes.add(ended);
      throw new MillraceException(StandardError.DIRTY_LIMIT, ended);
    }
  }

  List<List<@Nullable String>> records() {
    return records;
  }

  List<SourceLook.Cut> cut() {
    return cut;
  }

  List<String> dirty() {
    return dirty;
  }

  List<String> notes() {
    return notes;
  }
}
