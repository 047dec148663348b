package io.millrace.loghub.write;

import com.aliyun.openservices.log.common.Logs.Log;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.hubs.BadValueException;
import io.millrace.hubs.HubSplitWriter;
import java.util.function.Function;

/** Sends a batch as log groups. */
final class LogHubSplitWriter extends HubSplitWriter<Log> {

  /** Of one log group; the service takes more, but a part sent again should be small. */
  private static final int MAX_GROUP_BYTES = 3 << 20;

  private final LogEncoder encoder;

  LogHubSplitWriter(
      LogSender sender,
      LogEncoder encoder,
      int batchSize,
      Function<SplitTally, SplitCommit> commit) {
    super(sender, batchSize, MAX_GROUP_BYTES, commit);
    this.encoder = encoder;
  }

  @Override
  protected Log encode(RecordBatch batch, int row) throws BadValueException {
    return encoder.log(batch, row);
  }

  @Override
  protected long size(Log log, RecordBatch batch, int row) {
    return log.getSerializedSize();
  }
}
