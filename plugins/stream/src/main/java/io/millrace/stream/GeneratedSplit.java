package io.millrace.stream;

import io.millrace.api.Cancellation;
import io.millrace.api.read.SplitReader;
import io.millrace.api.record.RecordBatch;
import java.util.List;
import java.util.SplittableRandom;

/** The rows of one split: the same ones every time it is opened. */
final class GeneratedSplit implements SplitReader {

  private final List<GeneratedColumn> columns;
  private final long first;
  private final long records;
  private final SplittableRandom random;
  private final Cancellation cancellation;
  private long done;

  GeneratedSplit(
      List<GeneratedColumn> columns,
      long first,
      long records,
      long seed,
      Cancellation cancellation) {
    this.columns = columns;
    this.first = first;
    this.records = records;
    // The generator mixes its seed well, so neighbouring splits are independent.
    this.random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + first);
    this.cancellation = cancellation;
  }

  @Override
  public boolean read(RecordBatch into) {
    cancellation.throwIfCancelled();
    while (done < records && !into.isFull()) {
      for (int i = 0; i < columns.size(); i++) {
        columns.get(i).source().append(into.column(i), first + done, random);
      }
      into.endRecord(++done);
    }
    return done < records;
  }

  @Override
  public void close() {}
}
