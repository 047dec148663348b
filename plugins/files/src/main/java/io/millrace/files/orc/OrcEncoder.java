package io.millrace.files.orc;

import io.millrace.api.record.Column;
import io.millrace.files.columnar.Screening.ValueCheck;
import org.apache.orc.storage.ql.exec.vector.ColumnVector;
import org.jspecify.annotations.Nullable;

/** Puts values of a column into a vector; first all are checked. */
abstract class OrcEncoder implements ValueCheck {

  @Override
  public @Nullable String check(Column column, int row) {
    return null;
  }

  /** Puts a value that passed the check. */
  abstract void put(Column column, int row, ColumnVector vector, int at);
}
