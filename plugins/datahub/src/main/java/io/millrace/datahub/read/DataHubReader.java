package io.millrace.datahub.read;

import io.millrace.api.Counted;
import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Overlap;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.Reader;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.Schema;
import io.millrace.datahub.connect.DataHubClient;
import io.millrace.datahub.connect.DataHubSettings;
import io.millrace.datahub.connect.HubShard;
import io.millrace.datahub.connect.Seek;
import io.millrace.datahub.connect.Topic;
import io.millrace.hubs.Retries;
import io.millrace.hubs.ShardCount;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a window of a topic: one split for each shard, between sequence numbers that are pinned.
 */
final class DataHubReader implements Reader {

  private final DataHubSettings settings;
  private final ReadPlan plan;
  private final Retries retries;
  private final DataHubClient client;

  DataHubReader(DataHubSettings settings, ReadPlan plan, Retries retries) {
    this.settings = settings;
    this.plan = plan;
    this.retries = retries;
    this.client = DataHubClient.reading(settings);
  }

  private Topic topic(StageContext context) {
    return retries.run(context, () -> client.topic(context));
  }

  @Override
  public Schema schema(StageContext context) {
    return TopicColumns.of(plan, topic(context), settings).schema();
  }

  @Override
  public SplitPlan split(SplitRequest request, StageContext context) {
    Topic topic = topic(context);
    warnOfWhatIsMissing(topic.lifecycleDays(), context);
    List<Split> splits = new ArrayList<>();
    ShardCount count = new ShardCount();
    List<HubShard> shards = retries.run(context, () -> client.shards(context));
    if (shards.isEmpty()) {
      throw new MillraceException(
          StandardError.READ_REFUSED, "the topic " + settings + " has no shard to read");
    }
    for (HubShard shard : shards) {
      ShardRange range = retries.run(context, () -> range(shard.id(), topic.created(), context));
      boolean empty = range.begin() >= range.end();
      count.add(empty, !shard.writable());
      if (empty) {
        context.log().info("shard " + shard.id() + ": skipped, nothing arrived in the window");
      } else {
        splits.add(range.split(!shard.writable()));
      }
    }
    return new SplitPlan(splits, Math.max(1, splits.size()), count.rule(request.channels()));
  }

  private ShardRange range(String shard, String created, StageContext context) {
    long end = plan.window().end().toEpochMilli();
    Optional<Seek> first = client.seekTime(shard, plan.window().begin().toEpochMilli(), context);
    if (first.isEmpty() || first.get().millis() >= end) {
      return new ShardRange(shard, 0, 0, created);
    }
    Optional<Seek> behind = client.seekTime(shard, end, context);
    if (behind.isPresent()) {
      return new ShardRange(shard, first.get().sequence(), behind.get().sequence(), created);
    }
    Seek last = client.latest(shard, context).orElseThrow(() -> moved(shard));
    if (last.millis() >= end) {
      // It arrived between the two questions.
      throw moved(shard);
    }
    return new ShardRange(shard, first.get().sequence(), last.sequence() + 1, created);
  }

  private static MillraceException moved(String shard) {
    return new MillraceException(
        StandardError.READ, "shard " + shard + " changed while its window was looked for");
  }

  private void warnOfWhatIsMissing(int days, StageContext context) {
    plan.window().tellIfEmpty(context);
    Instant now = context.task().clock().instant();
    if (plan.window().end().isAfter(now)) {
      context
          .log()
          .warn("endDateTime lies ahead: what has arrived by now is read, what comes later is not");
    }
    Instant kept = now.minus(Duration.ofDays(days));
    if (days > 0 && plan.window().begin().isBefore(kept)) {
      context
          .log()
          .warn(
              "the topic keeps records for "
                  + Counted.of(days, "day", "days")
                  + ", the window begins before: what arrived before "
                  + kept.truncatedTo(ChronoUnit.SECONDS)
                  + " may be gone and is then not read");
    }
  }

  @Override
  public Map<String, String> identity(StageContext context) {
    return client.identity(retries, context);
  }

  @Override
  public Overlap overlap(String mark, StageContext context) {
    return mark.startsWith("datahub:")
        ? client
            .mark(retries, context)
            .overlap(mark, plan.window(), context.task().clock().instant())
        : Overlap.NONE;
  }

  @Override
  public SplitReader open(Split split, ReadContext context) {
    if (split.version() != ShardRange.VERSION) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "datahub reader: split "
              + split.id()
              + " was planned by another version of this plugin; start the task anew");
    }
    ShardRange range = ShardRange.of(split);
    Topic topic = topic(context);
    if (topic.isAnother(range.created())) {
      throw new MillraceException(
          StandardError.READ_REFUSED,
          "the topic "
              + settings
              + " was deleted and created again since the task began; run the task from scratch");
    }
    TopicColumns columns = TopicColumns.of(plan, topic, settings);
    ShardRecords records =
        new ShardRecords(DataHubClient.reading(settings), plan, retries, range, context);
    return new ShardReader(records, columns, context);
  }

  @Override
  public void close() {
    client.close();
  }
}
