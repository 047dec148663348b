package io.millrace.mysql.write;

import io.millrace.api.record.Column;
import io.millrace.api.record.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * How one column of the source is written into its target column.
 *
 * @param source the index of the source's column
 * @param target where it goes
 * @param encoder the form the server reads
 * @param check what each value must satisfy, or null when every value of the source's type fits
 * @param nullRefused true when a NULL makes its record dirty
 * @param convertOnLoad true when {@code LOAD DATA} has to be told that the bytes are UTF-8
 */
record ColumnPlan(
    int source,
    TargetColumn target,
    ValueEncoder encoder,
    @Nullable ValueCheck check,
    boolean nullRefused,
    boolean convertOnLoad) {

  /** The column of a batch that it writes. */
  Column of(RecordBatch batch) {
    return batch.column(source);
  }
}
