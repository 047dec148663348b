package io.millrace.loghub.write;

import com.aliyun.openservices.log.common.Logs.Log;
import com.aliyun.openservices.log.common.Logs.LogGroup;
import io.millrace.api.Counted;
import io.millrace.api.DirtyRecords.Reason;
import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.write.WriteContext;
import io.millrace.hubs.HubSplitWriter;
import io.millrace.hubs.HubSplitWriter.Row;
import io.millrace.hubs.HubSplitWriter.Sender;
import io.millrace.hubs.Refusals;
import io.millrace.hubs.Retries;
import io.millrace.loghub.connect.LogHubClient;
import io.millrace.loghub.connect.LogHubError;
import java.util.List;

/**
 * Sends logs, again where that may help, and finds those that the service refuses for what they
 * hold: it refuses a whole request for one of them. Used by one thread.
 */
final class LogSender implements Sender<Log> {

  private final LogHubClient client;
  private final LogForm form;
  private final Retries retries;
  private final Refusals refusals;
  private final WriteContext context;

  LogSender(
      LogHubClient client, LogForm form, Retries retries, Refusals refusals, WriteContext context) {
    this.client = client;
    this.form = form;
    this.retries = retries;
    this.refusals = refusals;
    this.context = context;
  }

  @Override
  public long send(RecordBatch batch, List<Row<Log>> rows) {
    try {
      byte[] group = group(rows);
      retries.run(context, () -> put(group, rows.size()));
      refusals.taken(rows.size());
      return rows.size();
    } catch (MillraceException e) {
      if (e.errorCode() != LogHubError.CONTENT_REFUSED) {
        throw e;
      }
      if (rows.size() == 1) {
        refusals.refused("loghub writer", Sensitive.message(e));
        dirty(batch, rows.get(0).row(), new Reason("REFUSED", e.getMessage(), null));
        return 0;
      }
      int middle = rows.size() / 2;
      return send(batch, rows.subList(0, middle)) + send(batch, rows.subList(middle, rows.size()));
    }
  }

  private Void put(byte[] group, int logs) {
    try {
      client.put(form.topic(), group, context);
    } catch (MillraceException e) {
      if (e.errorCode() == LogHubError.PUT_UNCERTAIN && !context.cancellation().isCancelled()) {
        context.log().warn(HubSplitWriter.uncertain(Counted.of(logs, "log", "logs")));
      }
      throw e;
    }
    return null;
  }

  private byte[] group(List<Row<Log>> rows) {
    LogGroup.Builder group = LogGroup.newBuilder().setTopic(form.topic()).setSource(form.source());
    rows.forEach(row -> group.addLogs(row.data()));
    return group.build().toByteArray();
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
