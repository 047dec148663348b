package io.millrace.files.columnar;

import io.millrace.api.DirtyRecords;
import io.millrace.api.DirtyRecords.Reason;
import io.millrace.api.record.Column;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the records that a file cannot hold before anything of them is given to a column, from
 * which nothing can be taken back. Used by one thread.
 */
public final class Screening {

  /** Whether a file can hold a value, which is not NULL: null, or why not. */
  @FunctionalInterface
  public interface ValueCheck {
    @Nullable String check(Column column, int row);
  }

  private final Schema schema;
  private final List<? extends ValueCheck> checks;
  private final boolean nullable;
  private boolean[] bad = new boolean[0];

  /**
   * @param checks one for each column
   * @param nullable whether the file holds NULL in any column; otherwise only in nullable ones
   */
  public Screening(Schema schema, List<? extends ValueCheck> checks, boolean nullable) {
    this.schema = schema;
    this.checks = checks;
    this.nullable = nullable;
  }

  /** Looks at some records, gives the bad ones to the dirty records, and says how many are good. */
  public int screen(RecordBatch batch, int from, int to, DirtyRecords dirty) {
    if (bad.length < to - from) {
      bad = new boolean[to - from];
    }
    int good = 0;
    for (int row = from; row < to; row++) {
      Reason wrong = check(batch, row);
      bad[row - from] = wrong != null;
      if (wrong == null) {
        good++;
      } else {
        dirty.add(batch, row, wrong);
      }
    }
    return good;
  }

  /** The records of the last {@link #screen} that are bad, by their place in it. */
  public boolean[] bad() {
    return bad;
  }

  private @Nullable Reason check(RecordBatch batch, int row) {
    for (int i = 0; i < checks.size(); i++) {
      Column column = batch.column(i);
      String name = schema.field(i).name();
      if (!column.isNull(row)) {
        String wrong = checks.get(i).check(column, row);
        if (wrong != null) {
          return new Reason("NOT_HELD", name + ": " + wrong, name);
        }
      } else if (!nullable && !schema.field(i).nullable()) {
        return new Reason("NULL", name + ": is NULL in a column that was said to have none", name);
      }
    }
    return null;
  }
}
