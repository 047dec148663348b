package io.millrace.datahub.write;

import com.aliyun.datahub.client.model.RecordData;
import io.millrace.api.DirtyRecords.Reason;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.hubs.BadValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Sends a batch in requests of a bounded size; what a call counts, the service has taken. */
final class DataHubSplitWriter implements SplitWriter {

  /** Of a record, and of each of its values, beside the text. */
  private static final int OVERHEAD_BYTES = 16;

  /** The most digits of a number that is not a decimal. */
  private static final int NUMBER_BYTES = 24;

  private final RecordSender sender;
  private final RecordEncoder encoder;
  private final int maxCommitSize;
  private final Function<SplitTally, SplitCommit> commit;

  DataHubSplitWriter(
      RecordSender sender,
      RecordEncoder encoder,
      int maxCommitSize,
      Function<SplitTally, SplitCommit> commit) {
    this.sender = sender;
    this.encoder = encoder;
    this.maxCommitSize = maxCommitSize;
    this.commit = commit;
  }

  @Override
  public long write(RecordBatch batch) {
    long taken = 0;
    List<RecordSender.Row> rows = new ArrayList<>();
    long bytes = 0;
    for (int row = 0; row < batch.size(); row++) {
      RecordData data;
      try {
        data = encoder.data(batch, row);
      } catch (BadValueException e) {
        sender.dirty(batch, row, new Reason(e.code(), String.valueOf(e.getMessage()), e.column()));
        continue;
      }
      long size = size(batch, row);
      if (!rows.isEmpty() && bytes + size > maxCommitSize) {
        taken += sender.send(batch, rows);
        rows = new ArrayList<>();
        bytes = 0;
      }
      rows.add(new RecordSender.Row(row, data));
      bytes += size;
    }
    return taken + sender.send(batch, rows);
  }

  private static long size(RecordBatch batch, int row) {
    long size = OVERHEAD_BYTES;
    for (int i = 0; i < batch.schema().size(); i++) {
      int bytes =
          batch.column(i) instanceof BytesColumn text
              ? text.length(row)
              : batch.column(i) instanceof DecimalColumn decimals && decimals.isWide(row)
                  ? decimals.wideLength(row)
                  : NUMBER_BYTES;
      size += OVERHEAD_BYTES + bytes;
    }
    return size;
  }

  @Override
  public SplitCommit commit(SplitTally tally) {
    return commit.apply(tally);
  }

  /** What was sent stays. */
  @Override
  public void close() {
    sender.close();
  }
}
