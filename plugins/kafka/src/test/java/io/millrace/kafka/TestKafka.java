package io.millrace.kafka;

import io.millrace.kafka.broker.KafkaCluster;
import io.millrace.testkit.net.FaultProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The broker that the tests of this module share, and what they do with it. It has a second
 * listener behind a proxy that can be told to fail.
 */
public final class TestKafka {

  private static @Nullable TestKafka shared;

  private final KafkaCluster cluster;
  private final FaultProxy proxy;
  private final Admin admin;

  private TestKafka(KafkaCluster cluster, FaultProxy proxy) {
    this.cluster = cluster;
    this.proxy = proxy;
    this.admin = cluster.admin();
  }

  /** The one of this process; it ends with it. */
  public static synchronized TestKafka shared() {
    TestKafka known = shared;
    if (known == null) {
      int port = KafkaCluster.freePort();
      FaultProxy proxy = FaultProxy.before("127.0.0.1", port);
      KafkaCluster cluster = KafkaCluster.of(1).proxied(port, proxy.port()).start();
      Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "kafka-end"));
      known = new TestKafka(cluster, proxy);
      shared = known;
    }
    return known;
  }

  public KafkaCluster cluster() {
    return cluster;
  }

  public FaultProxy proxy() {
    return proxy;
  }

  /** Where clients begin that are to come through the proxy. */
  public String proxied() {
    return "127.0.0.1:" + proxy.port();
  }

  public Admin admin() {
    return admin;
  }

  /** A new topic with a name of its own. */
  public String topic(int partitions) {
    return topic(partitions, Map.of());
  }

  /** A new topic with settings. */
  public String topic(int partitions, Map<String, String> settings) {
    String name = "t-" + UUID.randomUUID();
    // Messages of tests may be old.
    Map<String, String> all = new HashMap<>(Map.of("retention.ms", "-1"));
    all.putAll(settings);
    createTopic(admin, name, partitions, all);
    return name;
  }

  public static void createTopic(
      Admin admin, String name, int partitions, Map<String, String> settings) {
    try {
      admin
          .createTopics(
              List.of(
                  new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(settings)))
          .all()
          .get(30, TimeUnit.SECONDS);
      awaitTopic(admin, name);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** The controller has made it; the broker that is asked hears of it a moment later. */
  private static void awaitTopic(Admin admin, String name) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      try {
        admin.describeTopics(List.of(name)).allTopicNames().get(30, TimeUnit.SECONDS);
        return;
      } catch (ExecutionException e) {
        if (System.nanoTime() > until) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  /** A producer with properties beside the usual ones. */
  public Producer<byte[], byte[]> producer(Map<String, Object> more) {
    return producer(cluster.bootstrap(), more);
  }

  public static Producer<byte[], byte[]> producer(String server, Map<String, Object> more) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", server);
    properties.put("acks", "all");
    properties.putAll(more);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** A message whose value is a text. */
  public static ProducerRecord<byte[], byte[]> message(
      String topic, int partition, @Nullable String key, @Nullable String value) {
    return new ProducerRecord<>(topic, partition, bytes(key), bytes(value));
  }

  public static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  /** Sends messages and waits until the broker has them. */
  public void send(List<ProducerRecord<byte[], byte[]>> messages) {
    try (Producer<byte[], byte[]> producer = producer(Map.of("linger.ms", "5"))) {
      messages.forEach(producer::send);
      producer.flush();
    }
  }

  /** Where each partition ends, open transactions included. */
  public Map<TopicPartition, Long> ends(String topic) {
    return ends(admin, topic);
  }

  private static Map<TopicPartition, Long> ends(Admin admin, String topic) {
    try {
      Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
      admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get(30, TimeUnit.SECONDS)
          .get(topic)
          .partitions()
          .forEach(p -> asked.put(new TopicPartition(topic, p.partition()), OffsetSpec.latest()));
      Map<TopicPartition, Long> ends = new HashMap<>();
      for (Map.Entry<TopicPartition, ListOffsetsResultInfo> each :
          admin
              .listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
              .all()
              .get(30, TimeUnit.SECONDS)
              .entrySet()) {
        ends.put(each.getKey(), each.getValue().offset());
      }
      return ends;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** True when a topic of one partition was written to, and no transaction is open there. */
  public boolean isTransactionOver(String topic) throws Exception {
    TopicPartition only = new TopicPartition(topic, 0);
    List<ProducerState> producers =
        admin
            .describeProducers(List.of(only))
            .partitionResult(only)
            .get(30, TimeUnit.SECONDS)
            .activeProducers();
    return !producers.isEmpty()
        && producers.stream().allMatch(each -> each.currentTransactionStartOffset().isEmpty());
  }

  /**
   * Everything that readers of committed messages see, once no transaction is open any more.
   *
   * @throws AssertionError when one stays open for half a minute
   */
  public List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
    return committed(admin, cluster.bootstrap(), topic);
  }

  /** The same of another cluster. */
  public static List<ConsumerRecord<byte[], byte[]>> committed(
      Admin admin, String server, String topic) {
    Map<TopicPartition, Long> ends = ends(admin, topic);
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", server);
    properties.put("isolation.level", "read_committed");
    properties.put("enable.auto.commit", "false");
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(ends.keySet());
      consumer.seekToBeginning(ends.keySet());
      long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (ends.entrySet().stream()
          .anyMatch(each -> consumer.position(each.getKey()) < each.getValue())) {
        consumer.poll(Duration.ofMillis(50)).forEach(found::add);
        if (System.nanoTime() > until) {
          throw new AssertionError("a transaction stays open in " + topic);
        }
      }
    }
    return found;
  }
}
