package io.millrace.kafka.read;

import io.millrace.api.Counted;
import io.millrace.api.StageContext;
import io.millrace.api.TaskContext;
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
import io.millrace.kafka.connect.Clients;
import io.millrace.kafka.connect.KafkaErrors;
import io.millrace.kafka.connect.KafkaErrors.Doing;
import io.millrace.kafka.connect.TopicMark;
import io.millrace.kafka.connect.Topics;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Reads a window of a topic: one split for each partition. */
final class KafkaReader implements Reader {

  private final ReaderOptions options;
  private final TaskContext task;
  private final Clients clients;

  KafkaReader(ReaderOptions options, TaskContext task) {
    this.options = options;
    this.task = task;
    this.clients = new Clients(options.client(), Doing.READING);
  }

  @Override
  public Schema schema(StageContext context) {
    return options.layout().schema();
  }

  @Override
  public void prepare(StageContext context) {
    List<String> ignored = options.client().withoutEffect();
    if (!ignored.isEmpty()) {
      context
          .log()
          .info(
              "kafkaConfig: "
                  + String.join(", ", ignored)
                  + " have no effect: the reader decides them itself");
    }
    int partitions = new Positions(options, clients, context).topic().partitions().size();
    context.log().info(options.place() + ": " + Counted.of(partitions, "partition", "partitions"));
    requireIdleGroup(context);
  }

  /** A group with members cannot be moved, and in the end everything would be published already. */
  private void requireIdleGroup(StageContext context) {
    String group = options.groupId();
    if (group == null) {
      return;
    }
    int members;
    try {
      members =
          clients
              .ask(
                  context,
                  "consumer group " + group,
                  admin ->
                      admin.describeConsumerGroups(List.of(group)).describedGroups().get(group))
              .members()
              .size();
    } catch (MillraceException e) {
      if (!KafkaErrors.is(e, GroupIdNotFoundException.class)) {
        throw e;
      }
      members = 0;
    }
    if (members > 0) {
      throw new MillraceException(
          StandardError.READ_REFUSED,
          options.place()
              + ": consumer group "
              + group
              + " has "
              + Counted.of(members, "member", "members")
              + " at the moment, so its position cannot be moved; use a 'groupId' of the task's own,"
              + " or run the task while nobody else consumes with it");
    }
  }

  @Override
  public SplitPlan split(SplitRequest request, StageContext context) {
    Positions.Resolved resolved = new Positions(options, clients, context).resolve();
    List<PartitionRange> ranges = resolved.ranges();
    ranges.stream()
        .filter(range -> range.begin() == range.end())
        .forEach(range -> context.log().info("nothing in the window: " + range));
    // The largest first, so that none of them is left over at the end.
    List<Split> splits =
        ranges.stream()
            .filter(range -> range.begin() < range.end() || movesGroup(range, resolved))
            .sorted(
                Comparator.comparingLong((PartitionRange range) -> range.begin() - range.end())
                    .thenComparingInt(range -> range.partition().partition()))
            .map(PartitionRange::split)
            .toList();
    long empty = ranges.stream().filter(range -> range.begin() == range.end()).count();
    String rule =
        "one split for each partition of topic "
            + options.topic()
            + ": "
            + (ranges.size() - empty)
            + " of "
            + ranges.size()
            + " have messages in the window; no more are read at once"
            + (resolved.held() == 0
                ? ""
                : "; "
                    + Counted.of(resolved.held(), "offset", "offsets")
                    + " behind it "
                    + (resolved.held() == 1 ? "is" : "are")
                    + " held back by open transactions");
    return new SplitPlan(splits, Math.max(1, splits.size()), rule);
  }

  /** An empty range whose end the group has to be told: otherwise its position is not defined. */
  private boolean movesGroup(PartitionRange range, Positions.Resolved resolved) {
    Long committed = resolved.committed().get(range.partition());
    return options.groupId() != null && (committed == null || committed != range.end());
  }

  @Override
  public SplitReader open(Split split, ReadContext context) {
    PartitionRange range = PartitionRange.of(split);
    Positions positions = new Positions(options, clients, context);
    if (range.begin() < range.end()) {
      positions.requireSame(range);
    }
    return KafkaSplitReader.open(range, options, positions, task.limits(), context);
  }

  @Override
  public Map<String, String> identity(StageContext context) {
    return Topics.identity(clients, options.topic(), context);
  }

  /**
   * A run never reads what it writes itself, since its ends are offsets that are pinned before
   * anything is written. Where the window is open, a run from scratch and every later run would.
   */
  @Override
  public Overlap overlap(String mark, StageContext context) {
    TopicMark target = TopicMark.parse(mark).orElse(null);
    if (target == null
        || !target.topic().equals(options.topic())
        || target.partition() >= 0
            && !options.partitions().isEmpty()
            && !options.partitions().contains(target.partition())) {
      return Overlap.NONE;
    }
    String cluster = TopicMark.cluster(clients, context);
    boolean known = !cluster.isEmpty() && !target.cluster().isEmpty();
    boolean same = known ? cluster.equals(target.cluster()) : isSameServer(target);
    if (known && !same || new Positions(options, clients, context).isClosed()) {
      return Overlap.NONE;
    }
    return new Overlap(
        same ? Overlap.Kind.CERTAIN : Overlap.Kind.POSSIBLE,
        "kafka: "
            + options.place()
            + (same ? " is" : " may be")
            + " what is read and what is written, and the window has no end in the past: later runs"
            + " read what this one writes; write to another topic, or give an endDateTime that is"
            + " over or an endOffset that is reached");
  }

  private boolean isSameServer(TopicMark target) {
    return target.server().equalsIgnoreCase(options.client().server());
  }

  @Override
  public void finish(List<Split> splits, StageContext context) {
    String group = options.groupId();
    if (group == null || splits.isEmpty()) {
      return;
    }
    Positions positions = new Positions(options, clients, context);
    Map<TopicPartition, Long> committed = positions.committed();
    Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
    for (Split split : splits) {
      PartitionRange range = PartitionRange.of(split);
      Long before = committed.get(range.partition());
      // What lies behind the log's end is left from another log under the topic's name.
      if (before != null && before > range.end() && before <= positions.high(range.partition())) {
        context
            .log()
            .info(
                "consumer group "
                    + group
                    + " stands at offset "
                    + before
                    + " already, and is not moved back to the end of the window: "
                    + range);
      } else {
        ends.put(range.partition(), new OffsetAndMetadata(range.end()));
      }
    }
    if (ends.isEmpty()) {
      return;
    }
    clients.ask(
        context,
        "moving consumer group " + group + " of topic " + options.topic(),
        admin -> admin.alterConsumerGroupOffsets(group, ends).all());
    context.log().info("consumer group " + group + " stands at the end of the window: " + ends);
  }

  @Override
  public void close() {
    clients.close();
  }
}
