package io.millrace.kafka;

import static io.millrace.kafka.TestKafka.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.read.Split;
import io.millrace.api.read.SplitReader;
import io.millrace.api.record.RecordBatch;
import io.millrace.kafka.broker.KafkaBroker;
import io.millrace.kafka.broker.KafkaCluster;
import io.millrace.kafka.read.Reading;
import io.millrace.testkit.sample.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Brokers that stop and die while a partition is read. */
@Timeout(120)
class FailuresIT {

  private static final int MESSAGES = 60_000;
  private static final List<String> EXPECTED =
      IntStream.range(0, MESSAGES).mapToObj(i -> "value " + i).toList();

  private static KafkaCluster cluster;
  private static Admin admin;

  @BeforeAll
  static void start() {
    cluster = KafkaCluster.of(3).start();
    admin = cluster.admin();
  }

  @AfterAll
  static void stop() {
    admin.close(java.time.Duration.ZERO);
    cluster.close();
  }

  private static void fill(String topic) {
    try (Producer<byte[], byte[]> producer =
        TestKafka.producer(cluster.bootstrap(), Map.of("linger.ms", 20))) {
      for (int i = 0; i < MESSAGES; i++) {
        producer.send(message(topic, 0, null, "value " + i));
      }
    }
  }

  private static KafkaBroker leader(String topic) throws Exception {
    int id =
        admin
            .describeTopics(List.of(topic))
            .allTopicNames()
            .get(30, TimeUnit.SECONDS)
            .get(topic)
            .partitions()
            .get(0)
            .leader()
            .id();
    return cluster.brokers().get(id - 1);
  }

  /** Reads everything, and does something in the middle. */
  private static List<String> read(String topic, Runnable inTheMiddle) {
    List<String> values = new ArrayList<>();
    // Small fetches, so that most of it is read after what happens.
    try (Reading reading =
        new Reading(
            cluster.bootstrap(),
            topic,
            "column",
            List.of("__value__"),
            "kafkaConfig",
            Map.of("max.partition.fetch.bytes", 16_384, "fetch.max.bytes", 16_384))) {
      Split split = reading.plan().splits().get(0);
      try (SplitReader open = reading.reader().open(split, reading.context())) {
        RecordBatch batch =
            new RecordBatch(reading.reader().schema(reading.context()), 1 << 20, 1000);
        boolean done = false;
        boolean more = true;
        while (more) {
          batch.clear();
          more = open.read(batch);
          Records.texts(batch).forEach(record -> values.add(record.get(0)));
          if (!done && values.size() > MESSAGES / 4) {
            done = true;
            inTheMiddle.run();
          }
        }
      }
    }
    return values;
  }

  @Test
  void aBrokerThatIsStoppedAndStartedInTheMiddleCostsNoRecord() throws Exception {
    admin
        .createTopics(
            List.of(new org.apache.kafka.clients.admin.NewTopic("one-copy", 1, (short) 1)))
        .all()
        .get(30, TimeUnit.SECONDS);
    fill("one-copy");
    KafkaBroker leader = leader("one-copy");
    assertThat(
            read(
                "one-copy",
                () -> {
                  leader.stop();
                  leader.start();
                }))
        .isEqualTo(EXPECTED);
    cluster.await();
  }

  @Test
  void theDeathOfAPartitionsLeaderCostsNoRecord() throws Exception {
    TestKafka.createTopic(admin, "three-copies", 1, Map.of());
    fill("three-copies");
    KafkaBroker leader = leader("three-copies");
    assertThat(read("three-copies", leader::kill)).isEqualTo(EXPECTED);
    leader.start();
    cluster.await();
  }
}
