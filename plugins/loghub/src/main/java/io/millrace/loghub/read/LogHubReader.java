package io.millrace.loghub.read;

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
import io.millrace.hubs.HubColumn;
import io.millrace.hubs.Retries;
import io.millrace.hubs.ShardCount;
import io.millrace.loghub.connect.LogHubClient;
import io.millrace.loghub.connect.LogHubSettings;
import io.millrace.loghub.connect.LogShard;
import io.millrace.loghub.connect.LogstoreFacts;
import io.millrace.loghub.connect.ShardRange;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads a window of a logstore: one split for each shard, between cursors that are pinned. */
final class LogHubReader implements Reader {

  private static final int SPLIT_VERSION = 1;

  private final LogHubSettings settings;
  private final ReadPlan plan;
  private final Retries retries;
  private final LogHubClient client;

  LogHubReader(LogHubSettings settings, ReadPlan plan, Retries retries) {
    this.settings = settings;
    this.plan = plan;
    this.retries = retries;
    this.client = LogHubClient.reading(settings);
  }

  /** Asks for the shards as well: a wrong key or name is to be told before anything is written. */
  @Override
  public Schema schema(StageContext context) {
    retries.run(context, () -> client.shards(context));
    return new Schema(plan.columns().stream().map(HubColumn::field).toList());
  }

  @Override
  public SplitPlan split(SplitRequest request, StageContext context) {
    LogstoreFacts facts = client.facts(retries, context);
    warnOfWhatIsMissing(facts.days(), context);
    List<Split> splits = new ArrayList<>();
    ShardCount count = new ShardCount();
    List<LogShard> shards = retries.run(context, () -> client.shards(context));
    if (shards.isEmpty()) {
      throw new MillraceException(
          StandardError.READ_REFUSED, "the logstore " + settings + " has no shard to read");
    }
    for (LogShard shard : shards) {
      String begin = cursor(shard, plan.window().begin(), context);
      String end = cursor(shard, plan.window().end(), context);
      boolean empty = begin.equals(end);
      count.add(empty, shard.readOnly());
      if (empty) {
        context.log().info("shard " + shard.id() + ": skipped, nothing arrived in the window");
        continue;
      }
      splits.add(
          new Split(
              String.format("%05d", shard.id()),
              SPLIT_VERSION,
              Map.of(
                  "shard",
                  Integer.toString(shard.id()),
                  "begin",
                  begin,
                  "end",
                  end,
                  "created",
                  facts.created()),
              "shard "
                  + shard.id()
                  + (shard.readOnly() ? " (read-only)" : "")
                  + ", cursors "
                  + begin
                  + " to "
                  + end,
              -1));
    }
    return new SplitPlan(splits, Math.max(1, splits.size()), count.rule(request.channels()));
  }

  private String cursor(LogShard shard, Instant time, StageContext context) {
    return retries.run(context, () -> client.cursor(shard.id(), time.getEpochSecond(), context));
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
              "the logstore keeps logs for "
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
    return mark.startsWith("loghub:")
        ? client
            .mark(retries, context)
            .overlap(mark, plan.window(), context.task().clock().instant())
        : Overlap.NONE;
  }

  @Override
  public SplitReader open(Split split, ReadContext context) {
    if (split.version() != SPLIT_VERSION) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "loghub reader: split "
              + split.id()
              + " was planned by another version of this plugin; start the task anew");
    }
    Map<String, String> pinned = split.properties();
    client.requireSame(pinned.getOrDefault("created", ""), retries, context);
    ShardRange range =
        new ShardRange(
            Integer.parseInt(Objects.requireNonNull(pinned.get("shard"))),
            Objects.requireNonNull(pinned.get("begin")),
            Objects.requireNonNull(pinned.get("end")));
    return new ShardReader(
        new ShardLogs(LogHubClient.reading(settings), plan, retries, range, context),
        plan,
        context);
  }

  @Override
  public void close() {
    client.close();
  }
}
