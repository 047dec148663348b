package io.millrace.testkit.sample;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.RecordView;
import io.millrace.api.record.Schema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Known records. The first column is always {@code id}, an INT64 that is not null and counts from
 * 0. Immutable as long as nobody writes into {@link #batch()}.
 */
public final class Sample {

  private static final Field ID = Field.of("id", ColumnType.INT64).withNullable(false);
  private static final String[] NAMES = {
    "plain",
    "",
    " ",
    "üñí €",
    "😀",
    "tab\tnewline\ncarriage\r",
    "back\\slash",
    "'quoted\"`",
    "\\N",
    "NULL",
    "nul\0byte",
    "%_"
  };

  private final RecordBatch batch;

  private Sample(RecordBatch batch) {
    this.batch = batch;
  }

  /**
   * Plain records: an id, a text that may be NULL, a DECIMAL(12,2).
   *
   * @param count how many
   */
  public static Sample plain(int count) {
    Schema schema =
        Schema.of(
            ID,
            Field.of("name", ColumnType.STRING).withMaxLength(100),
            Field.decimal("amount", 12, 2));
    RecordBatch batch = unbounded(schema);
    for (int id = 0; id < count; id++) {
      String name = id % 13 == NAMES.length ? null : NAMES[id % 13];
      RecordView.append(
          batch, id, (long) id, name, id % 5 == 4 ? null : BigDecimal.valueOf(id * 7L - 300, 2));
    }
    return new Sample(batch);
  }

  /**
   * One column for each case, named after it in lower case; a value at the edge in each record, and
   * one record with nothing but NULL.
   */
  public static Sample types(Collection<TypeCase> cases) {
    List<Field> fields = new ArrayList<>();
    fields.add(ID);
    cases.forEach(each -> fields.add(each.field()));
    RecordBatch batch = unbounded(new Schema(fields));
    int most = cases.stream().mapToInt(TypeCase::count).max().orElse(0);
    for (int row = 0; row <= most; row++) {
      batch.longs(0).append(row);
      int column = 1;
      for (TypeCase each : cases) {
        each.append(batch.column(column++), row);
      }
      batch.endRecord(row);
    }
    return new Sample(batch);
  }

  /** Records as {@link RecordView#append} takes them; ids must count from 0. */
  @SafeVarargs
  public static Sample of(Schema schema, List<? extends @Nullable Object>... records) {
    RecordBatch batch = unbounded(schema);
    for (List<? extends @Nullable Object> values : records) {
      RecordView.append(batch, batch.size(), values.toArray());
    }
    return new Sample(batch);
  }

  private static RecordBatch unbounded(Schema schema) {
    return new RecordBatch(schema, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /** The columns. */
  public Schema schema() {
    return batch.schema();
  }

  /** The number of records. */
  public int size() {
    return batch.size();
  }

  /** Every record in one batch, whose position is its id. Not to be changed. */
  public RecordBatch batch() {
    return batch;
  }

  /** Every record as canonical texts, in the order of the ids. */
  public List<List<@Nullable String>> texts() {
    return Records.texts(batch);
  }

  /** A part of the records in a batch of its own. */
  public RecordBatch slice(int from, int to) {
    RecordBatch slice = unbounded(schema());
    for (int row = from; row < to; row++) {
      slice.appendFrom(batch, row);
    }
    return slice;
  }

  /** A part of the records as canonical texts. */
  public List<List<@Nullable String>> texts(int from, int to) {
    return texts().subList(from, to);
  }
}
