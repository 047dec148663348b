package io.millrace.files.format;

import io.millrace.api.record.Schema;
import java.util.List;

/**
 * What is delivered of a file.
 *
 * @param schema the columns of the batches
 * @param sources where each of them comes from
 * @param all true when these are every column the first file has, and constants behind them, so
 *     that a record with another number of values is not what it should be
 * @param nullWhenMissing whether a column asked for by name that a file does not have is NULL
 *     there; otherwise that file is an error
 */
public record Columns(
    Schema schema, List<ColumnSource> sources, boolean all, boolean nullWhenMissing) {

  public Columns {
    sources = List.copyOf(sources);
    if (sources.size() != schema.size()) {
      throw new IllegalArgumentException("one source for each column");
    }
  }

  /** How many of them a file is asked for. */
  public int inFile() {
    return (int) sources.stream().filter(each -> !each.isConstant()).count();
  }
}
