package io.millrace.datahub.write;

import com.aliyun.datahub.client.model.RecordData;
import com.aliyun.datahub.client.model.RecordEntry;
import io.millrace.api.Counted;
import io.millrace.api.DirtyRecords.Reason;
import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.write.WriteContext;
import io.millrace.datahub.connect.DataHubClient;
import io.millrace.datahub.connect.DataHubError;
import io.millrace.datahub.connect.DataHubErrors;
import io.millrace.datahub.connect.Refusal;
import io.millrace.hubs.HubSplitWriter;
import io.millrace.hubs.HubSplitWriter.Row;
import io.millrace.hubs.HubSplitWriter.Sender;
import io.millrace.hubs.Refusals;
import io.millrace.hubs.Retries;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends records, and those again that the service did not take while that may help. Used by one
 * thread.
 */
final class RecordSender implements Sender<RecordData> {

  private final DataHubClient client;
  private final Shards shards;
  private final Retries retries;
  private final Refusals refusals;
  private final WriteContext context;

  RecordSender(
      DataHubClient client,
      Shards shards,
      Retries retries,
      Refusals refusals,
      WriteContext context) {
    this.client = client;
    this.shards = shards;
    this.retries = retries;
    this.refusals = refusals;
    this.context = context;
  }

  @Override
  public long send(RecordBatch batch, List<Row<RecordData>> rows) {
    Request request = new Request(batch, rows);
    try {
      retries.run(context, request::send);
      return request.taken;
    } catch (MillraceException e) {
      if (e.errorCode() != DataHubError.CONTENT_REFUSED) {
        throw e;
      }
      List<Row<RecordData>> left = request.pending;
      if (left.size() == 1) {
        refusals.refused("datahub writer", Sensitive.message(e));
        dirty(batch, left.get(0).row(), new Reason("REFUSED", e.getMessage(), null));
        return request.taken;
      }
      int middle = left.size() / 2;
      return request.taken
          + send(batch, left.subList(0, middle))
          + send(batch, left.subList(middle, left.size()));
    }
  }

  /** Records on their way. */
  private final class Request {

    private final RecordBatch batch;
    private List<Row<RecordData>> pending;
    private long taken;

    Request(RecordBatch batch, List<Row<RecordData>> rows) {
      this.batch = batch;
      this.pending = rows;
    }

    /** Sends what is pending; throws what can be retried as long as something is. */
    Void send() {
      String shard = shards.next();
      List<Refusal> refused = put(shard);
      taken += pending.size() - refused.size();
      refusals.taken(taken);
      List<Row<RecordData>> left = new ArrayList<>();
      Refusal last = null;
      int uncertain = 0;
      for (Refusal refusal : refused) {
        Row<RecordData> row = pending.get(refusal.index());
        if (DataHubErrors.isContent(refusal.code())) {
          refusals.refused("datahub writer", refusal.message() + " (" + refusal.code() + ")");
          dirty(batch, row.row(), new Reason(refusal.code(), refusal.message(), null));
        } else {
          uncertain += DataHubErrors.isUncertain(refusal.code()) ? 1 : 0;
          left.add(row);
          last = refusal;
        }
      }
      pending = left;
      if (uncertain > 0) {
        warnOfUncertain(uncertain);
      }
      if (last != null) {
        if (DataHubErrors.isClosed(last.code())) {
          shards.changed();
        }
        throw new MillraceException(
            StandardError.WRITE,
            "shard "
                + shard
                + ": "
                + Counted.of(left.size(), "record was", "records were")
                + " not taken: "
                + last.message()
                + " ("
                + last.code()
                + ")");
      }
      return null;
    }

    private void warnOfUncertain(int records) {
      context.log().warn(HubSplitWriter.uncertain(Counted.of(records, "record", "records")));
    }

    private List<Refusal> put(String shard) {
      List<RecordEntry> entries = new ArrayList<>(pending.size());
      for (Row<RecordData> row : pending) {
        RecordEntry entry = new RecordEntry();
        entry.setShardId(shard);
        entry.setRecordData(row.data());
        entries.add(entry);
      }
      try {
        return client.put(entries, context);
      } catch (MillraceException e) {
        if (e.errorCode() == DataHubError.SHARD_CLOSED) {
          shards.changed();
        }
        if (e.errorCode() == DataHubError.PUT_UNCERTAIN && !context.cancellation().isCancelled()) {
          warnOfUncertain(entries.size());
        }
        throw e;
      }
    }
  }

  @Override
  public void dirty(RecordBatch batch, int row, Reason reason) {
    context.dirty().add(batch, row, reason);
  }

  @Override
  public void close() {
    client.close();
  }
}
