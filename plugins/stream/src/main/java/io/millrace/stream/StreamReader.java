package io.millrace.stream;

import io.millrace.api.Counted;
import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.Reader;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes rows up: one split a channel, each with the same number of rows. */
final class StreamReader implements Reader {

  private static final int SPLIT_VERSION = 1;

  private final List<GeneratedColumn> columns;
  private final long recordsPerSplit;
  private final long seed;

  StreamReader(List<GeneratedColumn> columns, long recordsPerSplit, long seed) {
    this.columns = List.copyOf(columns);
    this.recordsPerSplit = recordsPerSplit;
    this.seed = seed;
  }

  @Override
  public Schema schema(StageContext context) {
    return new Schema(columns.stream().map(GeneratedColumn::field).toList());
  }

  @Override
  public SplitPlan split(SplitRequest request, StageContext context) {
    List<Split> splits = new ArrayList<>(request.channels());
    for (int i = 0; i < request.channels(); i++) {
      long first = i * recordsPerSplit;
      // The count travels with the split: a resumed attempt must not change what a split holds.
      splits.add(
          new Split(
              String.format("%04d", i),
              SPLIT_VERSION,
              Map.of("first", Long.toString(first), "records", Long.toString(recordsPerSplit)),
              "rows " + (first + 1) + " to " + (first + recordsPerSplit),
              recordsPerSplit));
    }
    return new SplitPlan(
        splits,
        Integer.MAX_VALUE,
        "one split of " + Counted.of(recordsPerSplit, "row", "rows") + " for each channel");
  }

  @Override
  public SplitReader open(Split split, ReadContext context) {
    if (split.version() != SPLIT_VERSION) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "stream reader: split "
              + split.id()
              + " was planned by another version of this plugin; start the task anew");
    }
    long first = Long.parseLong(split.properties().getOrDefault("first", "0"));
    long records = Long.parseLong(split.properties().getOrDefault("records", "0"));
    return new GeneratedSplit(columns, first, records, seed, context.cancellation());
  }
}
