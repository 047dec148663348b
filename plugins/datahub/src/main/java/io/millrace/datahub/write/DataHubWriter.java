package io.millrace.datahub.write;

import com.aliyun.datahub.client.model.RecordSchema;
import io.millrace.api.StageContext;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Guarantee;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteContext;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.datahub.connect.DataHubClient;
import io.millrace.datahub.connect.DataHubSettings;
import io.millrace.hubs.HubOptions;
import io.millrace.hubs.Retries;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Appends records to a topic.
 *
 * <p>It promises AT_LEAST_ONCE: the service has neither transactions nor a way to recognise what
 * was sent before.
 */
final class DataHubWriter implements Writer {

  private static final int STATE_VERSION = 1;
  private static final String FIELD = "field.";
  private static final String BLOB = "blob";

  private final DataHubSettings settings;
  private final WriteForm form;
  private final Retries retries;
  private final DataHubClient client;
  private final Map<String, SplitCommit> commits = new ConcurrentHashMap<>();

  DataHubWriter(DataHubSettings settings, WriteForm form, Retries retries) {
    this.settings = settings;
    this.form = form;
    this.retries = retries;
    this.client = DataHubClient.writing(settings);
  }

  @Override
  public Schema check(Schema source, StageContext context) {
    Schema columns = fields(source, form.column(), context).columns();
    retries.run(context, () -> new Shards(client, form.shardId(), context).next());
    return columns;
  }

  private TopicFields fields(Schema source, List<String> column, StageContext context) {
    return TopicFields.of(
        retries.run(context, () -> client.topic(context)).schema(), column, source);
  }

  @Override
  public WriteState prepare(WritePlan plan, StageContext context) {
    TopicFields fields = fields(plan.source(), form.column(), context);
    Map<String, String> properties = new TreeMap<>();
    if (fields.schema() == null) {
      properties.put(BLOB, "true");
    } else {
      List<Field> columns = fields.columns().fields();
      for (int i = 0; i < columns.size(); i++) {
        properties.put(FIELD + i, columns.get(i).name());
      }
    }
    return new WriteState(
        STATE_VERSION,
        properties,
        Guarantee.AT_LEAST_ONCE,
        "DataHub has no transactions: records of a split that is tried again, or of a request whose"
            + " answer was lost, may stand there twice");
  }

  @Override
  public WriteState takeOver(WriteState state, long epoch, StageContext context) {
    return state;
  }

  @Override
  public Map<String, SplitCommit> commits(WriteState state, StageContext context) {
    return Map.copyOf(commits);
  }

  @Override
  public SplitWriter open(WriteState state, String splitId, WriteContext context) {
    boolean blob = state.properties().containsKey(BLOB);
    String[] names = new String[blob ? 0 : state.properties().size()];
    state
        .properties()
        .forEach(
            (key, name) -> {
              if (key.startsWith(FIELD)) {
                names[Integer.parseInt(key.substring(FIELD.length()))] = name;
              }
            });
    TopicFields fields = known(List.of(names), blob, context);
    DataHubClient own = DataHubClient.writing(settings);
    return new DataHubSplitWriter(
        new RecordSender(own, new Shards(own, form.shardId(), context), retries, context),
        new RecordEncoder(fields, form.zone()),
        form.maxCommitSize(),
        tally -> {
          SplitCommit commit = new SplitCommit(splitId, tally);
          commits.put(splitId, commit);
          return commit;
        });
  }

  /** The fields that were agreed on, as the topic has them now. */
  private TopicFields known(List<String> names, boolean blob, StageContext context) {
    RecordSchema schema = retries.run(context, () -> client.topic(context)).schema();
    if (blob != (schema == null)) {
      throw HubOptions.wrong(
          "datahub writer: the topic "
              + settings
              + " was made anew meanwhile; start the task anew");
    }
    return schema == null ? new TopicFields(null, List.of(0)) : TopicFields.named(schema, names);
  }

  @Override
  public void publish(WriteState state, List<SplitCommit> published, StageContext context) {}

  @Override
  public void close() {
    client.close();
  }
}
