package io.millrace.loghub.write;

import io.millrace.api.Counted;
import io.millrace.api.Sensitive;
import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Guarantee;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteContext;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.hubs.HubOptions;
import io.millrace.hubs.Refusals;
import io.millrace.hubs.Retries;
import io.millrace.loghub.connect.LogHubClient;
import io.millrace.loghub.connect.LogHubSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Appends logs to a logstore.
 *
 * <p>It promises AT_LEAST_ONCE: the service has neither transactions nor a way to recognise what
 * was sent before.
 */
final class LogHubWriter implements Writer {

  private static final int STATE_VERSION = 1;
  private static final String KEYS = "key.";
  private static final String CREATED = "created";

  private final LogHubSettings settings;
  private final LogForm form;
  private final Retries retries;
  private final LogHubClient client;
  private final Refusals refusals = new Refusals();
  private final Map<String, SplitCommit> commits = new ConcurrentHashMap<>();

  LogHubWriter(LogHubSettings settings, LogForm form, Retries retries) {
    this.settings = settings;
    this.form = form;
    this.retries = retries;
    this.client = LogHubClient.writing(settings);
  }

  @Override
  public Schema check(Schema source, StageContext context) {
    List<String> keys = keys(source);
    String time = form.time().column();
    if (!time.isEmpty() && !keys.contains(time)) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "loghub writer: option 'time' names '"
              + time
              + "', which is not one of the columns: "
              + Sensitive.names(keys));
    }
    if (retries.run(context, () -> client.shards(context)).isEmpty()) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED, "the logstore " + settings + " has no shard to write to");
    }
    return new Schema(keys.stream().map(key -> Field.of(key, ColumnType.STRING)).toList());
  }

  private List<String> keys(Schema source) {
    List<String> keys =
        form.column().equals(List.of("*"))
            ? source.fields().stream().map(Field::name).toList()
            : form.column();
    if (keys.size() != source.size()) {
      throw HubOptions.wrong(
          "loghub writer: option 'column' names "
              + Counted.of(keys.size(), "key", "keys")
              + ", the reader delivers "
              + Counted.of(source.size(), "column", "columns")
              + ": name one for each");
    }
    Set<String> seen = new HashSet<>();
    for (String key : keys) {
      if (key.isBlank() || !seen.add(key)) {
        throw HubOptions.wrong(
            "loghub writer: the key '"
                + key
                + "' is "
                + (key.isBlank() ? "empty" : "there twice")
                + ": name the keys with 'column'");
      }
    }
    return keys;
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
    List<String> keys = keys(plan.source());
    Map<String, String> properties = new TreeMap<>();
    for (int i = 0; i < keys.size(); i++) {
      properties.put(KEYS + i, keys.get(i));
    }
    properties.put(CREATED, client.facts(retries, context).created());
    return new WriteState(
        STATE_VERSION,
        properties,
        Guarantee.AT_LEAST_ONCE,
        "LogHub has no transactions: logs of a split that is tried again, or of a request whose"
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
    Map<String, String> properties = state.properties();
    client.requireSame(properties.getOrDefault(CREATED, ""), retries, context);
    List<String> keys = new ArrayList<>();
    for (String key = properties.get(KEYS + 0);
        key != null;
        key = properties.get(KEYS + keys.size())) {
      keys.add(key);
    }
    LogEncoder encoder = new LogEncoder(keys, form.time(), context.task());
    return new LogHubSplitWriter(
        new LogSender(LogHubClient.writing(settings), form, retries, refusals, context),
        encoder,
        form.batchSize(),
        tally -> {
          SplitCommit commit = new SplitCommit(splitId, tally);
          commits.put(splitId, commit);
          return commit;
        });
  }

  @Override
  public void publish(WriteState state, List<SplitCommit> published, StageContext context) {}

  @Override
  public void close() {
    client.close();
  }
}
