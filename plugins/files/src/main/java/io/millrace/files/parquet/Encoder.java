package io.millrace.files.parquet;

import io.millrace.api.record.Column;
import io.millrace.files.columnar.Screening.ValueCheck;
import org.apache.parquet.column.ColumnWriter;
import org.jspecify.annotations.Nullable;

/** Turns values of a column into values as they are stored; first all are checked. */
abstract class Encoder implements ValueCheck {

  @Override
  public @Nullable String check(Column column, int row) {
    return null;
  }

  /** Writes a value that passed the check. */
  abstract void write(Column column, int row, int level, ColumnWriter out);

  /**
   * Writes the values of the rows from {@code from} to {@code to}, exclusive, but for the bad ones.
   *
   * @param bad by row, from {@code from}
   * @param level the definition level of a value that is there
   */
  final void write(Column column, int from, int to, boolean[] bad, int level, ColumnWriter out) {
    for (int row = from; row < to; row++) {
      if (bad[row - from]) {
        continue;
      }
      if (column.isNull(row)) {
        out.writeNull(0, 0);
      } else {
        write(column, row, level, out);
      }
    }
  }
}
