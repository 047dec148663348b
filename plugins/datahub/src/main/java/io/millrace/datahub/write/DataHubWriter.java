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
import io.millrace.datahub.connect.Topic;
import io.millrace.hubs.HubOptions;
import io.millrace.hubs.Refusals;
import io.millrace.hubs.Retries;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

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
  private static final String CREATED = "created";

  private final DataHubSettings settings;
  private final WriteForm form;
  private final Retries retries;
  private final DataHubClient client;
  private final Map<String, SplitCommit> commits = new ConcurrentHashMap<>();
  private final Narrowed narrowed = new Narrowed();
  private final Refusals refusals = new Refusals();

  DataHubWriter(DataHubSettings settings, WriteForm form, Retries retries) {
    this.settings = settings;
    this.form = form;
    this.retries = retries;
    this.client = DataHubClient.writing(settings);
  }

  @Override
  public Schema check(Schema source, StageContext context) {
    TopicFields fields = fields(source, context.log()::warn, context);
    Schema columns = fields.columns();
    Narrowed.check(source, fields, context.task().rules().narrowing(), context);
    retries.run(context, () -> new Shards(client, form.shardId(), context).next());
    return columns;
  }

  private TopicFields fields(Schema source, Consumer<String> warnings, StageContext context) {
    return fields(source, retries.run(context, () -> client.topic(context)), warnings, context);
  }

  private TopicFields fields(
      Schema source, Topic topic, Consumer<String> warnings, StageContext context) {
    return TopicFields.of(topic.schema(), form.column(), source, context.task().rules(), warnings);
  }

  @Override
  public void marked(StageContext context, Consumer<String> look) {
    look.accept(client.mark(retries, context).text());
  }

  @Override
  public Map<String, String> identity(WriteState state, StageContext context) {
    return client.identity(retries, context);
  }

  @Override
  public WriteState prepare(WritePlan plan, StageContext context) {
    Topic topic = retries.run(context, () -> client.topic(context));
    TopicFields fields = fields(plan.source(), topic, warning -> {}, context);
    Map<String, String> properties = new TreeMap<>();
    properties.put(CREATED, topic.created());
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
    TopicFields fields = known(state.properties(), context);
    RecordEncoder encoder = new RecordEncoder(fields, context.task());
    DataHubClient own = DataHubClient.writing(settings);
    return new DataHubSplitWriter(
        new RecordSender(own, new Shards(own, form.shardId(), context), retries, refusals, context),
        encoder,
        form.maxCommitSize(),
        tally -> {
          SplitCommit commit = new SplitCommit(splitId, tally);
          commits.put(splitId, commit);
          narrowed.add(encoder.rounded());
          Narrowed.lines(encoder.rounded())
              .forEach(line -> context.log().info("split " + splitId + ": " + line));
          return commit;
        });
  }

  /** The fields that were agreed on, as the topic has them now. */
  private TopicFields known(Map<String, String> properties, StageContext context) {
    List<String> names = new ArrayList<>();
    for (String name = properties.get(FIELD + 0);
        name != null;
        name = properties.get(FIELD + names.size())) {
      names.add(name);
    }
    Topic topic = retries.run(context, () -> client.topic(context));
    RecordSchema schema = topic.schema();
    if (properties.containsKey(BLOB) != (schema == null)
        || topic.isAnother(properties.getOrDefault(CREATED, ""))) {
      throw HubOptions.wrong(
          "datahub writer: the topic "
              + settings
              + " was made anew since the task began; run the task from scratch");
    }
    return schema == null ? new TopicFields(null, List.of(0)) : TopicFields.named(schema, names);
  }

  @Override
  public void publish(WriteState state, List<SplitCommit> published, StageContext context) {
    narrowed.tell(context);
  }

  @Override
  public void close() {
    client.close();
  }
}
