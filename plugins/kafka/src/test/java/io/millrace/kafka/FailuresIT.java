package io.millrace.kafka;

import static io.millrace.kafka.TestKafka.message;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitReader;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteState;
import io.millrace.kafka.broker.KafkaBroker;
import io.millrace.kafka.broker.KafkaCluster;
import io.millrace.kafka.read.Reading;
import io.millrace.kafka.write.Writing;
import io.millrace.testkit.sample.Records;
import io.millrace.testkit.sample.Sample;
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
  void theDeathOfALeaderInTheMiddleOfATransactionDoublesAndLosesNothing() throws Exception {
    TestKafka.createTopic(admin, "written", 3, Map.of());
    KafkaBroker leader = leader("written");
    Sample sample = Sample.plain(2000);
    try (Writing writing =
        new Writing(
            cluster.bootstrap(), "written", "exactlyOnce", true, "valueIndex", 0, "keyIndex", 0)) {
      WriteState state = writing.prepare(sample.schema());
      List<SplitCommit> commits = new ArrayList<>();
      for (int split = 0; split < 10; split++) {
        commits.add(split(writing, state, sample, split, split == 4 ? leader::kill : () -> {}));
      }
      assertThat(writing.writer().commits(state, writing.context())).hasSize(10);
      writing.writer().publish(state, commits, writing.context());
    }
    assertThat(TestKafka.committed(admin, cluster.bootstrap(), "written"))
        .extracting(message -> Integer.parseInt(new String(message.value(), US_ASCII)))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 2000).boxed().toList());
    leader.start();
    cluster.await();
  }

  /** Writes a split as the engine does: again after a failure, unless the ledger has it. */
  private static SplitCommit split(
      Writing writing, WriteState state, Sample sample, int number, Runnable inTheMiddle) {
    String id = "s" + number;
    SplitTally tally = new SplitTally(200, 200, 0, 1, "");
    for (int tries = 1; ; tries++) {
      try (SplitWriter split = writing.open(state, id, number % 2)) {
        split.write(sample.slice(number * 200, number * 200 + 100));
        inTheMiddle.run();
        split.write(sample.slice(number * 200 + 100, number * 200 + 200));
        return split.commit(tally);
      } catch (MillraceException e) {
        assertThat(e.isRetryable() && tries < 5).as(e.getMessage()).isTrue();
      }
      SplitCommit found = writing.writer().commits(state, writing.context()).get(id);
      if (found != null) {
        return found;
      }
    }
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
