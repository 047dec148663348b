package io.millrace.kafka.write;

import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.kafka.connect.ClientConfig;
import io.millrace.kafka.connect.Clients;
import io.millrace.kafka.connect.KafkaCalls;
import io.millrace.kafka.connect.KafkaErrors;
import io.millrace.kafka.connect.KafkaErrors.Doing;
import io.millrace.kafka.connect.Topics;
import io.millrace.kafka.write.Prepared.Attempt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of one instance, a topic. Its first partition tells which attempts there were, the
 * newest of which may commit; its second which splits are committed, each written in its split's
 * transaction. They are apart so that a transaction that is open never hides an attempt.
 * Thread-safe.
 */
final class Ledger implements AutoCloseable {

  private static final int CLAIMS = 0;
  private static final int COMMITS = 1;

  /** Of every ledger. */
  static final List<Integer> PARTITIONS = List.of(CLAIMS, COMMITS);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(100);

  private final String topic;
  private final ClientConfig config;
  private final Clients clients;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Integer, Map<String, SplitCommit>> commits = new HashMap<>();
  private @Nullable Consumer<byte[], byte[]> consumer;
  private @Nullable Attempt newest;
  private int channels;
  private String owner = "";

  /**
   * What attempts have told.
   *
   * @param newest which may commit; null when there was none
   * @param channels how many any attempt has used
   * @param owner whose the instance is; empty where attempts did not tell it yet
   */
  record Claims(@Nullable Attempt newest, int channels, String owner) {}

  Ledger(String topic, ClientConfig config, Clients clients) {
    this.topic = topic;
    this.config = config;
    this.clients = clients;
  }

  private String place() {
    return "the ledger, topic " + topic;
  }

  /** Creates the topic where it is not there. */
  void create(StageContext context) {
    // Kept as long as the instance needs it, whatever the brokers' defaults are.
    NewTopic wanted =
        new NewTopic(topic, Optional.of(2), Optional.empty())
            .configs(
                Map.of(
                    "cleanup.policy", "delete",
                    "retention.ms", "-1",
                    "retention.bytes", "-1",
                    // How old it is must not depend on the clocks of those who write.
                    "message.timestamp.type", "LogAppendTime"));
    try {
      clients.ask(context, place(), admin -> admin.createTopics(List.of(wanted)).all());
    } catch (MillraceException e) {
      if (!KafkaErrors.is(e, TopicExistsException.class)) {
        throw e;
      }
    }
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!exists(context)) {
      if (System.nanoTime() > until) {
        throw new MillraceException(
            StandardError.WRITE, place() + ": was created, but is not there after 60 s");
      }
      KafkaCalls.call(
          context.cancellation(),
          Doing.WRITING,
          place(),
          () -> {
            Thread.sleep(50);
            return true;
          });
    }
  }

  /** True when the topic is there. */
  boolean exists(StageContext context) {
    return id(context) != null;
  }

  /** The topic's own id, as {@link Topics#id} has it. */
  @Nullable String id(StageContext context) {
    return Topics.id(clients, topic, context);
  }

  /**
   * Makes sure that it is the topic that stage 1 has made: another one under its name knows nothing
   * of what is committed.
   *
   * @param before its id then; empty where none was known
   */
  void requireSame(String before, StageContext context) {
    if (Topics.differ(id(context), before)) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          place()
              + ", was made anew since the task began, so nobody knows which splits are committed;"
              + " run the task from scratch");
    }
  }

  /** Removes the topic; nothing happens where it is not there. */
  void delete(StageContext context) {
    try {
      clients.ask(context, place(), admin -> admin.deleteTopics(List.of(topic)).all());
    } catch (MillraceException e) {
      if (!KafkaErrors.is(e, UnknownTopicOrPartitionException.class)) {
        throw e;
      }
    }
  }

  /**
   * Makes an attempt the newest. Afterwards the transactions of those before have to be ended.
   *
   * @param own how many channels it uses
   * @param whose the instance is
   * @return how many channels any attempt has used
   * @throws MillraceException with {@link StandardError#FENCED} when a newer one is there
   */
  int claim(Attempt attempt, int own, String whose, StageContext context) {
    Attempt before = newest(context);
    if (before != null && before.compareTo(attempt) > 0) {
      throw fenced(attempt, before);
    }
    Map<String, Object> properties = config.producer();
    KafkaCalls.call(
        context.cancellation(),
        Doing.WRITING,
        place(),
        () -> {
          try (Producer<byte[], byte[]> producer =
              new KafkaProducer<>(
                  properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            return producer
                .send(
                    new ProducerRecord<>(
                        topic, CLAIMS, null, LedgerEntry.claim(attempt, own, whose)))
                .get();
          }
        });
    requireNewest(attempt, context);
    lock.lock();
    try {
      return Math.max(own, channels);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Checks that no newer attempt has claimed the instance.
   *
   * @throws MillraceException with {@link StandardError#FENCED} otherwise
   */
  void requireNewest(Attempt attempt, StageContext context) {
    Attempt found = exists(context) ? newest(context) : null;
    if (found == null) {
      throw new MillraceException(
          StandardError.FENCED,
          place() + " is not there any more: the instance was given up or finished elsewhere");
    }
    if (!found.equals(attempt)) {
      throw fenced(attempt, found);
    }
  }

  private static MillraceException fenced(Attempt attempt, Attempt newest) {
    return new MillraceException(
        StandardError.FENCED,
        "the instance was taken over by attempt epoch "
            + newest.epoch()
            + " (generation "
            + newest.generation()
            + "); this attempt (epoch "
            + attempt.epoch()
            + ") may not write any more");
  }

  private @Nullable Attempt newest(StageContext context) {
    return claims(context).newest();
  }

  /** What attempts have told until now. */
  Claims claims(StageContext context) {
    readTo(CLAIMS, context);
    lock.lock();
    try {
      return new Claims(newest, channels, owner);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The committed splits: every transaction that was begun before is decided and counted. All of
   * them are read again, since what was read before may be lost.
   */
  Map<String, SplitCommit> commits(int generation, StageContext context) {
    lock.lock();
    try {
      commits.clear();
      if (consumer != null) {
        consumer.seekToBeginning(List.of(new TopicPartition(topic, COMMITS)));
      }
      readTo(COMMITS, context);
      return visible(generation);
    } finally {
      lock.unlock();
    }
  }

  /** The committed splits as far as they are known. */
  Map<String, SplitCommit> visible(int generation) {
    lock.lock();
    try {
      return Map.copyOf(commits.getOrDefault(generation, Map.of()));
    } finally {
      lock.unlock();
    }
  }

  /** The message that tells of a split's commit, to be sent in its transaction. */
  ProducerRecord<byte[], byte[]> entry(String split, int generation, SplitTally tally) {
    return new ProducerRecord<>(
        topic,
        COMMITS,
        split.getBytes(StandardCharsets.UTF_8),
        LedgerEntry.commit(generation, tally));
  }

  /** Reads up to what is there now; waits for transactions that are open there. */
  private void readTo(int number, StageContext context) {
    TopicPartition partition = new TopicPartition(topic, number);
    long end =
        clients
            .ask(
                context,
                place(),
                admin ->
                    admin
                        .listOffsets(
                            Map.of(partition, OffsetSpec.latest()),
                            new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                        .all())
            .get(partition)
            .offset();
    KafkaCalls.call(
        context.cancellation(),
        Doing.WRITING,
        place(),
        () -> {
          lock.lockInterruptibly();
          try {
            read(partition, end);
          } finally {
            lock.unlock();
          }
          return true;
        });
  }

  private void read(TopicPartition partition, long end) {
    Consumer<byte[], byte[]> reading = consumer();
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (reading.position(partition) < end) {
      for (ConsumerRecord<byte[], byte[]> message : reading.poll(POLL)) {
        take(message);
      }
      if (System.nanoTime() > until) {
        throw new MillraceException(
            StandardError.WRITE,
            place()
                + ": a transaction has been open for more than "
                + PATIENCE.toSeconds()
                + " s; it is waited for until the brokers end it");
      }
    }
  }

  private Consumer<byte[], byte[]> consumer() {
    Consumer<byte[], byte[]> known = consumer;
    if (known == null) {
      Map<String, Object> properties = config.consumer();
      properties.put("isolation.level", "read_committed");
      known =
          new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      List<TopicPartition> both =
          List.of(new TopicPartition(topic, CLAIMS), new TopicPartition(topic, COMMITS));
      known.assign(both);
      known.seekToBeginning(both);
      consumer = known;
    }
    return known;
  }

  private void take(ConsumerRecord<byte[], byte[]> message) {
    Map<String, String> values = LedgerEntry.read(message.value(), topic);
    int generation = (int) LedgerEntry.number(values, "generation", topic);
    if (message.partition() == CLAIMS) {
      Attempt attempt = new Attempt(generation, LedgerEntry.number(values, "epoch", topic));
      if (newest == null || newest.compareTo(attempt) < 0) {
        newest = attempt;
      }
      channels = Math.max(channels, (int) LedgerEntry.number(values, "channels", topic));
      owner = values.getOrDefault("owner", owner);
    } else {
      String split = new String(message.key(), StandardCharsets.UTF_8);
      commits
          .computeIfAbsent(generation, key -> new HashMap<>())
          .put(split, new SplitCommit(split, LedgerEntry.tally(values, topic)));
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      Consumer<byte[], byte[]> known = consumer;
      consumer = null;
      if (known != null) {
        known.close(CloseOptions.timeout(Duration.ZERO));
      }
    } finally {
      lock.unlock();
    }
  }
}
