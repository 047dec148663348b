package io.millrace.loghub.write;

import com.aliyun.openservices.log.common.Logs.Log;
import io.millrace.api.DirtyRecords.Reason;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.hubs.BadValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Sends a batch as log groups; when a call returns, the service has taken what it counts. */
final class LogHubSplitWriter implements SplitWriter {

  /** Of one log group; the service takes more, but a part sent again should be small. */
  private static final int MAX_GROUP_BYTES = 3 << 20;

  private final LogSender sender;
  private final LogEncoder encoder;
  private final int batchSize;
  private final Function<SplitTally, SplitCommit> commit;

  LogHubSplitWriter(
      LogSender sender,
      LogEncoder encoder,
      int batchSize,
      Function<SplitTally, SplitCommit> commit) {
    this.sender = sender;
    this.encoder = encoder;
    this.batchSize = batchSize;
    this.commit = commit;
  }

  @Override
  public long write(RecordBatch batch) {
    long taken = 0;
    List<LogSender.Row> rows = new ArrayList<>();
    long bytes = 0;
    for (int row = 0; row < batch.size(); row++) {
      Log log;
      try {
        log = encoder.log(batch, row);
      } catch (BadValueException e) {
        sender.dirty(batch, row, new Reason(e.code(), String.valueOf(e.getMessage()), e.column()));
        continue;
      }
      int size = log.getSerializedSize();
      if (!rows.isEmpty() && (rows.size() >= batchSize || bytes + size > MAX_GROUP_BYTES)) {
        taken += sender.send(batch, rows);
        rows.clear();
        bytes = 0;
      }
      rows.add(new LogSender.Row(row, log));
      bytes += size;
    }
    return taken + sender.send(batch, rows);
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
