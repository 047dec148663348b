package io.millrace.kafka.read;

import io.millrace.api.Counted;
import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.kafka.connect.Clients;
import io.millrace.kafka.connect.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Resolves the window that a task wants to offsets of each partition, once. For one thread. */
final class Positions {

  private final ReaderOptions options;
  private final Clients clients;
  private final StageContext context;

  Positions(ReaderOptions options, Clients clients, StageContext context) {
    this.options = options;
    this.clients = clients;
    this.context = context;
  }

  /**
   * The topic as it is.
   *
   * @param id its own id; empty where brokers tell none
   * @param partitions the wanted ones
   */
  record Topic(String id, List<TopicPartition> partitions) {}

  /**
   * The window.
   *
   * @param ranges one for each wanted partition, empty ones included
   * @param committed where the consumer group stands; empty without one
   * @param held how many offsets open transactions hold back behind a window that ends with the
   *     latest
   */
  record Resolved(List<PartitionRange> ranges, Map<TopicPartition, Long> committed, long held) {}

  Topic topic() {
    TopicDescription found =
        clients
            .ask(
                context,
                "topic " + options.topic(),
                admin -> admin.describeTopics(List.of(options.topic())).allTopicNames())
            .get(options.topic());
    Set<Integer> numbers =
        found.partitions().stream()
            .map(each -> each.partition())
            .collect(Collectors.toCollection(TreeSet::new));
    for (int wanted : options.partitions()) {
      if (!numbers.contains(wanted)) {
        throw refused(
            "there is no partition " + wanted + ", it has " + numbers.size() + ", counted from 0");
      }
    }
    if (!options.partitions().isEmpty()) {
      numbers.retainAll(options.partitions());
    }
    Uuid id = found.topicId();
    return new Topic(
        id == null || id.equals(Uuid.ZERO_UUID) ? "" : id.toString(),
        numbers.stream().map(number -> new TopicPartition(options.topic(), number)).toList());
  }

  /**
   * Makes sure that the topic is the one that a range was planned of: one that was deleted and
   * created again has other messages under the same offsets.
   */
  void requireSame(PartitionRange range) {
    String found = Topics.id(clients, options.topic(), context);
    if (found == null || Topics.differ(found, range.topicId())) {
      throw refused(
          "the topic was "
              + (found == null ? "deleted" : "made anew")
              + " since the task began; start the task anew");
    }
  }

  /** The offset behind the newest message of a partition, open transactions included. */
  long high(TopicPartition partition) {
    return offsets(List.of(partition), OffsetSpec.latest(), false).get(partition);
  }

  /** Whether the window has an end that nothing which is written from now on lies before. */
  boolean isClosed() {
    Bound end = options.window().end();
    if (end instanceof Bound.AtTime at) {
      return at.millis() <= context.task().clock().millis();
    }
    return end instanceof Bound.AtOffset at
        && offsets(topic().partitions(), OffsetSpec.latest(), false).values().stream()
            .allMatch(high -> at.offset() <= high);
  }

  Resolved resolve() {
    Topic topic = topic();
    List<TopicPartition> all = topic.partitions();
    Map<TopicPartition, Long> committed = options.groupId() == null ? Map.of() : committed();
    // The newest positions first: what a time finds later is never before them.
    Map<TopicPartition, Long> high = offsets(all, OffsetSpec.latest(), false);
    Map<TopicPartition, Long> stable = offsets(all, OffsetSpec.latest(), committedOnly());
    Map<TopicPartition, Long> low = offsets(all, OffsetSpec.earliest(), false);
    Map<TopicPartition, Long> from = times(all, options.window().begin());
    Map<TopicPartition, Long> to = times(all, options.window().end());
    boolean beyond =
        options.window().begin() instanceof Bound.AtOffset at
            && high.values().stream().allMatch(each -> at.offset() > each);
    List<PartitionRange> ranges = new ArrayList<>();
    long held = 0;
    for (TopicPartition each : all) {
      Ends ends =
          new Ends(
              each, low.get(each), stable.get(each), high.get(each), committed.get(each), beyond);
      long end = end(ends, to.getOrDefault(each, -1L));
      long begin = begin(ends, from.getOrDefault(each, -1L), end);
      ranges.add(range(ends, topic.id(), begin, end));
      held += held(ends);
    }
    tellOfTimes();
    return new Resolved(ranges, committed, held);
  }

  /** How many offsets of a partition are there that a window with an open end does not reach. */
  private long held(Ends ends) {
    // The stable one was asked for later, and may have passed the other.
    long held = ends.high() - ends.stable();
    if (!(options.window().end() instanceof Bound.Latest) || held <= 0) {
      return 0;
    }
    context
        .log()
        .warn(
            place(ends.partition())
                + ": an open transaction holds back "
                + Counted.of(held, "offset", "offsets")
                + ": the window ends at offset "
                + ends.stable()
                + ", the log at offset "
                + ends.high()
                + "; a task that begins at offset "
                + ends.stable()
                + " reads them once the transaction is over");
    return held;
  }

  /**
   * What is known of one partition.
   *
   * @param committed the group's position; null where it has none
   * @param beyond whether the window begins at an offset that no partition has reached
   */
  private record Ends(
      TopicPartition partition,
      long low,
      long stable,
      long high,
      @Nullable Long committed,
      boolean beyond) {

    /** Whether everything before this offset was removed, and something was. */
    boolean isGoneBefore(long offset) {
      return low > 0 && offset <= low;
    }
  }

  private PartitionRange range(Ends ends, String topicId, long begin, long end) {
    Window window = options.window();
    boolean open = window.end() instanceof Bound.Latest;
    if (window.begin() instanceof Bound.Earliest && !open && ends.isGoneBefore(end)) {
      context
          .log()
          .warn(
              place(ends.partition())
                  + ": the window ends at offset "
                  + end
                  + ", and all messages before offset "
                  + ends.low()
                  + " were removed by retention: none of the window is left");
    } else if (begin > end) {
      context
          .log()
          .warn(
              place(ends.partition())
                  + ": the window begins at offset "
                  + begin
                  + ", "
                  + (begin - end)
                  + " behind its end at offset "
                  + end
                  + ": nothing is read");
    }
    if (begin > end && window.begin() instanceof Bound.Current) {
      // A group that stands behind the window's end is not moved back to it.
      return new PartitionRange(ends.partition(), topicId, begin, begin);
    }
    return new PartitionRange(ends.partition(), topicId, Math.min(begin, end), end);
  }

  private long end(Ends ends, long byTime) {
    Bound end = options.window().end();
    if (end instanceof Bound.AtOffset at) {
      return Math.min(at.offset(), ends.high());
    }
    if (end instanceof Bound.AtTime) {
      // Not the last stable one: a transaction that is open may hold messages of the window.
      return byTime < 0 ? ends.high() : byTime;
    }
    return ends.stable();
  }

  private long begin(Ends ends, long byTime, long end) {
    Bound begin = options.window().begin();
    if (begin instanceof Bound.Earliest) {
      return ends.low();
    }
    if (begin instanceof Bound.Latest) {
      return end;
    }
    if (begin instanceof Bound.AtTime at) {
      if (byTime == ends.low() && ends.low() > 0) {
        context
            .log()
            .warn(
                place(ends.partition())
                    + ": the oldest message that is kept, offset "
                    + ends.low()
                    + ", is of "
                    + at.text()
                    + " or later: older ones of the window may have been removed by retention");
      } else if (byTime < 0 && ends.isGoneBefore(ends.high())) {
        context
            .log()
            .warn(
                place(ends.partition())
                    + ": no message is left, retention has removed all before offset "
                    + ends.low()
                    + ": those of the window, from "
                    + at.text()
                    + " on, may have been among them");
      }
      return byTime < 0 ? ends.high() : byTime;
    }
    if (begin instanceof Bound.AtOffset at) {
      return at.offset() < ends.low() || ends.beyond()
          ? reset(ends, end, "offset " + at.offset() + ", the beginning,")
          : at.offset();
    }
    String group = "consumer group " + options.groupId();
    Long committed = ends.committed();
    if (committed == null) {
      return reset(ends, end, "a position of " + group);
    }
    return committed < ends.low() || committed > ends.high()
        ? reset(ends, end, "offset " + committed + ", where " + group + " stands,")
        : committed;
  }

  private long reset(Ends ends, long end, String what) {
    String there = "(there are " + ends.low() + " to " + ends.high() + ")";
    return switch (options.reset()) {
      case NONE ->
          throw refused(
              "partition "
                  + ends.partition().partition()
                  + ": "
                  + what
                  + " is not there "
                  + there
                  + "; choose another beginning, or set autoOffsetReset to earliest or latest");
      case EARLIEST -> {
        context
            .log()
            .warn(
                place(ends.partition())
                    + ": "
                    + what
                    + " is not there; begins with "
                    + "the oldest message, offset "
                    + ends.low());
        yield ends.low();
      }
      case LATEST -> {
        context
            .log()
            .warn(
                place(ends.partition())
                    + ": "
                    + what
                    + " is not there; begins with "
                    + "the end, offset "
                    + end);
        yield end;
      }
    };
  }

  private void tellOfTimes() {
    if (options.window().begin() instanceof Bound.AtTime from
        && options.window().end() instanceof Bound.AtTime to
        && from.millis() == to.millis()) {
      context
          .log()
          .info(
              "the window is empty: "
                  + from.text()
                  + " and "
                  + to.text()
                  + " are the same moment"
                  + (from.text().equals(to.text())
                      ? ""
                      : ", since clocks are put forward over what lies between"));
    }
    if (options.window().end() instanceof Bound.AtTime at
        && at.millis() > context.task().clock().millis()) {
      context
          .log()
          .warn(
              "the window ends at "
                  + at.text()
                  + ", which is not over yet: what arrives from now on is not read");
    }
  }

  private static String place(TopicPartition partition) {
    return "topic " + partition.topic() + ", partition " + partition.partition();
  }

  private boolean committedOnly() {
    return !"read_uncommitted".equals(options.client().consumer().get("isolation.level"));
  }

  private Map<TopicPartition, Long> times(List<TopicPartition> partitions, Bound bound) {
    // Transactions that are still open may hold messages of the window: they are waited for.
    return bound instanceof Bound.AtTime at
        ? offsets(partitions, OffsetSpec.forTimestamp(at.millis()), false)
        : Map.of();
  }

  /** Offsets of each partition; -1 where there is none. */
  private Map<TopicPartition, Long> offsets(
      List<TopicPartition> partitions, OffsetSpec spec, boolean stable) {
    Map<TopicPartition, OffsetSpec> asked =
        partitions.stream().collect(Collectors.toMap(Function.identity(), each -> spec));
    IsolationLevel level = stable ? IsolationLevel.READ_COMMITTED : IsolationLevel.READ_UNCOMMITTED;
    Map<TopicPartition, ListOffsetsResultInfo> found =
        clients.ask(
            context,
            "positions of topic " + options.topic(),
            admin -> admin.listOffsets(asked, new ListOffsetsOptions(level)).all());
    Map<TopicPartition, Long> offsets = new HashMap<>();
    found.forEach((partition, info) -> offsets.put(partition, info.offset()));
    return offsets;
  }

  /** Where the consumer group stands, for each partition in which it stands anywhere. */
  Map<TopicPartition, Long> committed() {
    Map<TopicPartition, OffsetAndMetadata> found =
        clients.ask(
            context,
            "consumer group " + options.groupId(),
            admin ->
                admin.listConsumerGroupOffsets(options.groupId()).partitionsToOffsetAndMetadata());
    Map<TopicPartition, Long> committed = new HashMap<>();
    found.forEach(
        (partition, position) -> {
          if (position != null) {
            committed.put(partition, position.offset());
          }
        });
    return committed;
  }

  private MillraceException refused(String message) {
    return new MillraceException(StandardError.READ_REFUSED, options.place() + ": " + message);
  }
}
