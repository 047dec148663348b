package io.millrace.kafka.write;

import io.millrace.api.StageContext;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteContext;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.kafka.write.Prepared.Attempt;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * Writes each split in one transaction, together with its entry in the ledger.
 *
 * <p>An attempt first claims the instance in the ledger, then initialises the transactional ids of
 * every channel any attempt has used, which ends their transactions and shuts them out. A writer of
 * an older attempt that comes back cannot use its producers any more; one that makes a new producer
 * finds the claim, which it looks for before and after.
 */
final class TransactionalWriter implements Writer {

  /** Kafka's own default of {@code transaction.max.timeout.ms}. */
  private static final long USUAL_TIMEOUT_MILLIS = 900_000;

  private final WriteOptions options;
  private final TaskContext task;
  private final Topic topic;
  private final ChannelProducers channels;
  private @Nullable Ledger ledger;

  TransactionalWriter(WriteOptions options, TaskContext task) {
    this.options = options;
    this.task = task;
    this.topic = new Topic(options);
    this.channels = new ChannelProducers(topic);
  }

  @Override
  public Schema check(Schema source, StageContext context) {
    return topic.check(source, context);
  }

  @Override
  public void marked(StageContext context, Consumer<String> look) {
    topic.marked(context, look);
  }

  /**
   * The topic. The ledger is not a part of it, since it is gone once the instance has succeeded: it
   * is looked at wherever it is used.
   */
  @Override
  public Map<String, String> identity(WriteState state, StageContext context) {
    return topic.identity(context);
  }

  private synchronized Ledger ledger(Prepared prepared) {
    Ledger known = ledger;
    if (known == null) {
      known = new Ledger(prepared.ledger(), options.client(), topic.clients());
      ledger = known;
    }
    return known;
  }

  @Override
  public WriteState prepare(WritePlan plan, StageContext context) {
    if (!plan.instanceId().matches("[A-Za-z0-9-]{1,64}")) {
      throw new MillraceException(
          StandardError.INTERNAL, "bad instance id '" + plan.instanceId() + "' in a write plan");
    }
    Prepared prepared =
        new Prepared(
            options.prefix(),
            plan.instanceId(),
            new Attempt(plan.generation(), plan.epoch()),
            timeoutMillis(context),
            new Prepared.Ids("", ""));
    ledger(prepared).create(context);
    String ledgerId = ledger(prepared).id(context);
    prepared =
        prepared.withIds(new Prepared.Ids(topic.id(context), ledgerId == null ? "" : ledgerId));
    shutOthersOut(prepared, context);
    context
        .log()
        .info(
            "each split is one transaction of at most "
                + prepared.timeoutMillis() / 1000
                + " s; the ledger is topic "
                + prepared.ledger());
    return prepared.state();
  }

  private long timeoutMillis(StageContext context) {
    if (options.transactionSeconds() > 0) {
      return options.transactionSeconds() * 1000;
    }
    Node node =
        topic
            .clients()
            .ask(context, "the cluster", admin -> admin.describeCluster().nodes())
            .iterator()
            .next();
    Config config =
        Target.config(
            new ConfigResource(ConfigResource.Type.BROKER, node.idString()),
            topic.clients(),
            context);
    String most = Target.value(config, "transaction.max.timeout.ms");
    return most == null ? USUAL_TIMEOUT_MILLIS : Long.parseLong(most);
  }

  private void shutOthersOut(Prepared prepared, StageContext context) {
    int all =
        ledger(prepared)
            .claim(
                prepared.attempt(),
                task.limits().channels(),
                Leftovers.owner(options, task.taskName()),
                context);
    channels.initialiseAll(prepared, all, context);
  }

  @Override
  public WriteState takeOver(WriteState state, long epoch, StageContext context) {
    Prepared prepared = Prepared.of(state).withEpoch(epoch);
    if (!ledger(prepared).exists(context)) {
      throw new MillraceException(
          StandardError.FENCED,
          "the ledger, topic "
              + prepared.ledger()
              + ", is not there any more, so nobody knows which splits are committed; start the"
              + " instance anew");
    }
    ledger(prepared).requireSame(prepared.ids().ledger(), context);
    shutOthersOut(prepared, context);
    return prepared.state();
  }

  @Override
  public Map<String, SplitCommit> commits(WriteState state, StageContext context) {
    Prepared prepared = Prepared.of(state);
    ledger(prepared).requireSame(prepared.ids().ledger(), context);
    if (channels.hasDoubtful()) {
      ledger(prepared).requireNewest(prepared.attempt(), context);
      channels.endDoubtful(prepared, context);
    }
    Map<String, SplitCommit> all =
        new HashMap<>(ledger(prepared).commits(prepared.attempt().generation(), context));
    return Map.copyOf(all);
  }

  @Override
  public SplitWriter open(WriteState state, String splitId, WriteContext context) {
    Prepared prepared = Prepared.of(state);
    Ledger own = ledger(prepared);
    own.requireNewest(prepared.attempt(), context);
    own.requireSame(prepared.ids().ledger(), context);
    topic.requireSame(prepared.ids().topic(), context);
    boolean isThere = own.visible(prepared.attempt().generation()).containsKey(splitId);
    if (channels.isCommitted(splitId) && !isThere) {
      requireNotLost(splitId, prepared, context);
    }
    if (isThere || channels.isCommitted(splitId)) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          "split "
              + splitId
              + " is committed already, the ledger "
              + prepared.ledger()
              + " has it");
    }
    TransactionalSplitWriter.Parts parts =
        new TransactionalSplitWriter.Parts(options, prepared, own, channels);
    return TransactionalSplitWriter.open(parts, topic, splitId, context);
  }

  /**
   * Brokers may lose what they have acknowledged, such as after the election of a leader that was
   * behind, and each partition for itself: the split's messages may be there though its entry is
   * not. So it is not written again.
   */
  private void requireNotLost(String splitId, Prepared prepared, StageContext context) {
    int generation = prepared.attempt().generation();
    if (!ledger(prepared).commits(generation, context).containsKey(splitId)) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          "split "
              + splitId
              + " was committed, and the ledger "
              + prepared.ledger()
              + " has lost it: its messages may be there or not; look at the topic, and run the task"
              + " from scratch");
    }
  }

  @Override
  public void publish(WriteState state, List<SplitCommit> commits, StageContext context) {
    Prepared prepared = Prepared.of(state);
    ledger(prepared).requireNewest(prepared.attempt(), context);
    // A commit is answered before its readers may see it. An id can be initialised only once its
    // last transaction is complete in every partition.
    channels.close();
    channels.initialiseAll(prepared, task.limits().channels(), context);
  }

  @Override
  public void discard(WriteState state, StageContext context) {
    Prepared prepared = Prepared.of(state);
    if (ledger(prepared).exists(context)) {
      Prepared last = prepared.withEpoch(Long.MAX_VALUE);
      channels.close();
      shutOthersOut(last, context);
      channels.close();
      ledger(prepared).delete(context);
    }
  }

  @Override
  public void forget(WriteState state, StageContext context) {
    channels.close();
    ledger(Prepared.of(state)).delete(context);
  }

  @Override
  public List<String> leftBehind(Instant before, StageContext context) {
    return new Leftovers(options, topic.clients(), context)
        .find(before).stream()
            .map(
                left ->
                    "ledger "
                        + Prepared.ledgers(options.prefix())
                        + left.instance()
                        + ", written to last at "
                        + left.last().truncatedTo(ChronoUnit.SECONDS))
            .toList();
  }

  @Override
  public int cleanUp(Instant before, StageContext context) {
    int swept = 0;
    for (Leftovers.Left left : new Leftovers(options, topic.clients(), context).find(before)) {
      context.cancellation().throwIfCancelled();
      Prepared prepared =
          new Prepared(
              options.prefix(),
              left.instance(),
              Objects.requireNonNull(left.claims().newest()),
              timeoutMillis(context),
              new Prepared.Ids("", ""));
      // Whoever resumes it from here on is told that it was given up.
      try (TransactionalWriter own = new TransactionalWriter(options, task)) {
        own.discard(prepared.state(), context);
      }
      context.log().info("removed the ledger " + prepared.ledger());
      swept++;
    }
    return swept;
  }

  @Override
  public synchronized void close() {
    channels.close();
    Ledger known = ledger;
    if (known != null) {
      known.close();
    }
    topic.close();
  }
}
