package io.millrace.datahub.write;

import com.aliyun.datahub.client.model.RecordData;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.DecimalColumn;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.hubs.BadValueException;
import io.millrace.hubs.HubSplitWriter;
import java.util.function.Function;

/** Sends a batch as records of a topic. */
final class DataHubSplitWriter extends HubSplitWriter<RecordData> {

  /** Of a record, and of each of its values, beside the text. */
  private static final int OVERHEAD_BYTES = 16;

  /** The most digits of a number that is not a decimal. */
  private static final int NUMBER_BYTES = 24;

  private final RecordEncoder encoder;

  DataHubSplitWriter(
      RecordSender sender,
      RecordEncoder encoder,
      int maxCommitSize,
      Function<SplitTally, SplitCommit> commit) {
    super(sender, Integer.MAX_VALUE, maxCommitSize, commit);
    this.encoder = encoder;
  }

  @Override
  protected RecordData encode(RecordBatch batch, int row) throws BadValueException {
    return encoder.data(batch, row);
  }

  @Override
  protected long size(RecordData data, RecordBatch batch, int row) {
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
}
