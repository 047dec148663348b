package io.millrace.kafka.read;

import static io.millrace.kafka.TestKafka.bytes;
import static io.millrace.kafka.TestKafka.message;
import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Overlap;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.record.RecordBatch;
import io.millrace.kafka.TestKafka;
import io.millrace.kafka.write.Writing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which messages a window holds, whatever happens to the topic meanwhile. */
@Timeout(120)
class WindowIT {

  /** 2026-11-24 00:00:00 in Berlin, the zone of the test's task. */
  private static final long MIDNIGHT = 1_795_474_800_000L;

  private static final List<String> VALUE = List.of("__value__");

  private final TestKafka kafka = TestKafka.shared();
  private final String server = kafka.cluster().bootstrap();

  private static ProducerRecord<byte[], byte[]> at(
      String topic, int partition, long millis, String value) {
    return new ProducerRecord<>(topic, partition, millis, null, bytes(value));
  }

  private Reading reading(String topic, Object... more) {
    List<Object> all = new ArrayList<>(List.of(more));
    all.add("column");
    all.add(VALUE);
    return new Reading(server, topic, all.toArray());
  }

  @Test
  void aWindowOfTimeIsLeftClosedAndRightOpenInTheTasksZone() {
    String topic = kafka.topic(1);
    kafka.send(
        List.of(
            at(topic, 0, MIDNIGHT - 1, "before"),
            at(topic, 0, MIDNIGHT, "first"),
            at(topic, 0, MIDNIGHT + 86_399_999, "last"),
            at(topic, 0, MIDNIGHT + 86_400_000, "behind")));
    try (Reading reading =
        reading(topic, "beginDateTime", "20261124000000", "endDateTime", "20261125000000")) {
      assertThat(reading.all()).containsExactly("first", "last");
    }
    try (Reading reading =
        reading(
            topic,
            "beginDateTime",
            "20261123230000",
            "endDateTime",
            "20261124230000",
            "timeZone",
            "UTC")) {
      assertThat(reading.all()).containsExactly("first", "last");
    }
  }

  @Test
  void theHourThatIsLeftOutIsAnEmptyWindowAndIsToldSo() {
    String topic = kafka.topic(1);
    long change = 1_774_746_000_000L;
    kafka.send(List.of(at(topic, 0, change - 1, "before"), at(topic, 0, change, "behind")));
    try (Reading reading =
        reading(topic, "beginDateTime", "20260329020000", "endDateTime", "20260329030000")) {
      assertThat(reading.all()).isEmpty();
      assertThat(reading.context().log().lines())
          .anyMatch(
              line -> line.contains("the window is empty: 20260329020000 and 20260329030000"));
    }
  }

  @Test
  void timesOutOfOrderAreTakenByOffsetAndLeftOutWhereThatIsWanted() {
    String topic = kafka.topic(1);
    kafka.send(
        List.of(
            at(topic, 0, MIDNIGHT + 5, "a"),
            at(topic, 0, MIDNIGHT - 10, "late"),
            at(topic, 0, MIDNIGHT + 99, "b"),
            at(topic, 0, MIDNIGHT + 100, "end"),
            at(topic, 0, MIDNIGHT + 50, "too late")));
    Object[] window = {"beginTimestampMillis", MIDNIGHT, "endTimestampMillis", MIDNIGHT + 100};
    try (Reading reading = reading(topic, window)) {
      assertThat(reading.all()).containsExactly("a", "late", "b");
    }
    List<Object> skipping = new ArrayList<>(List.of(window));
    skipping.addAll(List.of("skipExceedRecord", true));
    try (Reading reading = reading(topic, skipping.toArray())) {
      assertThat(reading.all()).containsExactly("a", "b");
      assertThat(reading.context().log().lines())
          .anyMatch(line -> line.contains("2 records read, 1 message left out, whose time"));
    }
  }

  @Test
  void aWindowOfOffsetsCountsForEachPartitionAndEmptyRangesAreSkipped() {
    String topic = kafka.topic(4);
    List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      messages.add(message(topic, 0, null, "p0-" + i));
    }
    for (int i = 0; i < 4; i++) {
      messages.add(message(topic, 1, null, "p1-" + i));
    }
    messages.add(message(topic, 2, null, "p2-0"));
    kafka.send(messages);
    try (Reading reading = reading(topic, "beginOffset", "3", "endOffset", "5")) {
      SplitPlan plan = reading.plan();
      assertThat(plan.splits()).extracting(Split::id).containsExactly("00000", "00001");
      assertThat(plan.maxConcurrency()).isEqualTo(2);
      assertThat(plan.rule()).contains("2 of 4").contains("no more are read at once");
      assertThat(reading.all()).containsExactly("p0-3", "p0-4", "p1-3");
    }
    try (Reading reading = reading(topic, "partition", List.of("1", "2"))) {
      assertThat(reading.all()).containsExactly("p1-0", "p1-1", "p1-2", "p1-3", "p2-0");
    }
    try (Reading reading = reading(topic, "partition", "7")) {
      assertThatThrownBy(reading::plan).hasMessageContaining("no partition 7, it has 4");
    }
  }

  @Test
  void whatArrivesAfterThePlanIsNotReadNorIsAPartitionThatIsAdded() throws Exception {
    String topic = kafka.topic(2);
    kafka.send(List.of(message(topic, 0, null, "a"), message(topic, 1, null, "b")));
    try (Reading reading = reading(topic)) {
      List<Split> splits = reading.plan().splits();
      kafka
          .admin()
          .createPartitions(Map.of(topic, NewPartitions.increaseTo(3)))
          .all()
          .get(30, TimeUnit.SECONDS);
      kafka.send(List.of(message(topic, 0, null, "later"), message(topic, 1, null, "later")));
      List<String> values = new ArrayList<>();
      splits.forEach(split -> reading.read(split).forEach(record -> values.add(record.get(0))));
      assertThat(values).containsExactlyInAnyOrder("a", "b");
    }
  }

  @Test
  void abortedTransactionsAndMarksAreGapsAndTombstonesAreNull() throws Exception {
    String topic = kafka.topic(1);
    try (Producer<byte[], byte[]> producer =
        kafka.producer(Map.of("transactional.id", UUID.randomUUID().toString()))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(message(topic, 0, "k", "kept"));
      producer.send(message(topic, 0, "k", null));
      producer.commitTransaction();
      producer.beginTransaction();
      producer.send(message(topic, 0, "k", "aborted"));
      producer.send(message(topic, 0, "k", "aborted"));
      producer.flush();
      producer.abortTransaction();
    }
    try (Reading reading = reading(topic)) {
      assertThat(reading.all()).containsExactly("kept", null);
      assertThat(reading.context().log().lines())
          .anyMatch(
              line ->
                  line.contains(
                      "2 records read, 1 message without a value, 4 offsets without a message"));
    }
    try (Reading reading = reading(topic, "tombstones", "skip")) {
      assertThat(reading.all()).containsExactly("kept");
    }
    try (Reading reading =
        reading(topic, "kafkaConfig", Map.of("isolation.level", "read_uncommitted"))) {
      assertThat(reading.all()).containsExactly("kept", null, "aborted", "aborted");
    }
  }

  @Test
  void latestEndsBeforeAnOpenTransactionAndAWindowOfTimeWaitsForIt() throws Exception {
    String topic = kafka.topic(1);
    kafka.send(List.of(at(topic, 0, MIDNIGHT, "first")));
    try (Producer<byte[], byte[]> producer =
            kafka.producer(Map.of("transactional.id", UUID.randomUUID().toString()));
        Reading latest = reading(topic);
        Reading window =
            reading(
                topic,
                "beginTimestampMillis",
                MIDNIGHT,
                "endTimestampMillis",
                MIDNIGHT + 10,
                "waitTime",
                1)) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(at(topic, 0, MIDNIGHT + 1, "open"));
      producer.flush();
      kafka.send(List.of(at(topic, 0, MIDNIGHT + 10, "behind")));

      assertThat(latest.plan().rule())
          .endsWith("; 2 offsets behind it are held back by open transactions");
      assertThat(latest.all()).containsExactly("first");
      assertThat(latest.context().log().warnings())
          .contains(
              "topic "
                  + topic
                  + ", partition 0: an open transaction holds back 2 offsets: the window ends at"
                  + " offset 1, the log at offset 3; a task that begins at offset 1 reads them once"
                  + " the transaction is over");
      assertThat(window.context().log().warnings()).isEmpty();
      List<Split> splits = window.plan().splits();
      Thread commits =
          new Thread(
              () -> {
                await()
                    .atMost(Duration.ofSeconds(30))
                    .until(
                        () ->
                            window.context().log().warnings().stream()
                                .anyMatch(line -> line.contains("open transaction")));
                producer.commitTransaction();
              });
      commits.start();
      assertThat(window.read(splits.get(0))).containsExactly(List.of("first"), List.of("open"));
      commits.join();
    }
  }

  @Test
  void stopWhenPollEmptyGivesUpBehindAnOpenTransactionAndSaysHowMuch() {
    String topic = kafka.topic(1);
    kafka.send(List.of(message(topic, 0, null, "first")));
    try (Producer<byte[], byte[]> producer =
            kafka.producer(Map.of("transactional.id", UUID.randomUUID().toString()));
        Reading reading =
            reading(topic, "endOffset", "2", "waitTime", 1, "stopWhenPollEmpty", true)) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(message(topic, 0, null, "open"));
      producer.flush();
      assertThat(reading.all()).containsExactly("first");
      assertThat(reading.context().log().warnings())
          .anyMatch(line -> line.contains("1 offset before the window's end; stopWhenPollEmpty"));
      producer.abortTransaction();
    }
  }

  @Test
  void whatRetentionRemovedAfterThePlanFailsWithTheCountOrIsLeftOutWhereWanted() throws Exception {
    String topic = kafka.topic(1);
    List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      messages.add(message(topic, 0, null, "m" + i));
    }
    kafka.send(messages);
    try (Reading strict = reading(topic);
        Reading lenient = reading(topic, "autoOffsetReset", "earliest")) {
      Split split = strict.plan().splits().get(0);
      kafka
          .admin()
          .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(40)))
          .all()
          .get(30, TimeUnit.SECONDS);
      assertThatThrownBy(() -> strict.read(split))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.READ_REFUSED))
          .hasMessageContaining("40 offsets of the window, 0 to 40, were removed by retention");
      assertThat(lenient.read(split)).hasSize(60).startsWith(List.of("m40"));
      assertThat(lenient.context().log().warnings()).anyMatch(l -> l.contains("40 offsets"));
    }
    try (Reading reading = reading(topic, "beginOffset", "10")) {
      assertThatThrownBy(reading::plan)
          .hasMessageContaining("offset 10, the beginning, is not there (there are 40 to 100)");
    }
    try (Reading reading = reading(topic, "beginOffset", "10", "autoOffsetReset", "earliest")) {
      assertThat(reading.all()).hasSize(60);
    }
  }

  private void remove(String topic, long before) throws Exception {
    kafka
        .admin()
        .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(before)))
        .all()
        .get(30, TimeUnit.SECONDS);
  }

  @Test
  void aWindowOfWhichRetentionHasLeftNothingIsWarnedOfWithTheOffset() throws Exception {
    String topic = kafka.topic(1);
    kafka.send(List.of(at(topic, 0, MIDNIGHT, "a"), at(topic, 0, MIDNIGHT + 5, "b")));
    remove(topic, 2);
    Object[][] windows = {
      {"beginTimestampMillis", MIDNIGHT, "endTimestampMillis", MIDNIGHT + 10},
      {"beginTimestampMillis", MIDNIGHT},
      {"endTimestampMillis", MIDNIGHT + 10},
      {"endOffset", "2"},
      {"endOffset", "1"}
    };
    for (Object[] window : windows) {
      try (Reading reading = reading(topic, window)) {
        assertThat(reading.all()).isEmpty();
        assertThat(reading.context().log().warnings())
            .as(Arrays.toString(window))
            .anyMatch(line -> line.contains("before offset 2") && line.contains("retention"));
      }
    }
    kafka.send(List.of(at(topic, 0, MIDNIGHT + 20, "c")));
    try (Reading reading = reading(topic, "endTimestampMillis", MIDNIGHT + 10)) {
      assertThat(reading.all()).isEmpty();
      assertThat(reading.context().log().warnings())
          .anyMatch(line -> line.contains("none of the window is left"));
    }
  }

  @Test
  void aBeginThatNoPartitionHasReachedIsRefusedAndOneThatSomeHaveNotIsWarnedOf() {
    String topic = kafka.topic(2);
    kafka.send(
        List.of(
            message(topic, 0, null, "a"),
            message(topic, 0, null, "b"),
            message(topic, 0, null, "c"),
            message(topic, 1, null, "d")));
    try (Reading reading = reading(topic, "beginOffset", "4")) {
      assertThatThrownBy(reading::plan)
          .hasMessageContaining("offset 4, the beginning, is not there (there are 0 to 3)");
    }
    try (Reading reading = reading(topic, "beginOffset", "2")) {
      assertThat(reading.all()).containsExactly("c");
      assertThat(reading.context().log().warnings())
          .anyMatch(line -> line.contains("partition 1: the window begins at offset 2, 1 behind"));
    }
    try (Reading reading = reading(topic, "beginOffset", "3")) {
      assertThat(reading.all()).isEmpty();
    }
  }

  @Test
  void aGroupThatStandsBehindTheWindowIsNotMovedBack() {
    String topic = kafka.topic(1);
    String group = "g-" + UUID.randomUUID();
    kafka.send(List.of(message(topic, 0, null, "a"), message(topic, 0, null, "b")));
    try (Reading first = reading(topic, "groupId", group)) {
      first.reader().finish(first.plan().splits(), first.context());
    }
    try (Reading behind =
            reading(topic, "groupId", group, "beginType", "current", "endOffset", "1");
        Reading next = reading(topic, "groupId", group, "beginType", "current")) {
      behind.reader().finish(behind.plan().splits(), behind.context());
      assertThat(behind.context().log().warnings())
          .anyMatch(line -> line.contains("begins at offset 2, 1 behind its end at offset 1"));
      assertThat(next.all()).isEmpty();
    }
  }

  @Test
  void anEarlierWindowDoesNotMoveTheGroupBack() throws Exception {
    String topic = kafka.topic(2);
    String group = "g-" + UUID.randomUUID();
    long day = 86_400_000;
    kafka.send(
        List.of(
            at(topic, 0, MIDNIGHT, "first"),
            at(topic, 0, MIDNIGHT + day, "second"),
            at(topic, 0, MIDNIGHT + 2 * day, "third"),
            at(topic, 1, MIDNIGHT, "first")));
    for (long begin : List.of(MIDNIGHT + day, MIDNIGHT)) {
      try (Reading reading =
          reading(
              topic,
              "groupId",
              group,
              "beginTimestampMillis",
              begin,
              "endTimestampMillis",
              begin + day)) {
        reading.reader().finish(reading.plan().splits(), reading.context());
        if (begin == MIDNIGHT) {
          assertThat(reading.context().log().lines())
              .anyMatch(
                  line ->
                      line.contains(
                          "consumer group " + group + " stands at offset 2 already, and"));
        }
      }
    }
    try (Reading next = reading(topic, "groupId", group, "beginType", "current")) {
      assertThat(next.all()).containsExactly("third");
    }
    // A position behind the end is of another log: there the group has done nothing.
    makeAnew(topic);
    kafka.send(List.of(at(topic, 0, MIDNIGHT, "new")));
    try (Reading reading = reading(topic, "groupId", group)) {
      reading.reader().finish(reading.plan().splits(), reading.context());
    }
    try (Reading next = reading(topic, "groupId", group, "beginType", "current")) {
      assertThat(next.plan().splits()).isEmpty();
    }
  }

  @Test
  void aGroupThatOthersConsumeWithIsRefusedBeforeAnythingIsDone() {
    String topic = kafka.topic(1);
    String group = "g-" + UUID.randomUUID();
    Map<String, Object> properties =
        Map.of("bootstrap.servers", server, "group.id", group, "auto.offset.reset", "earliest");
    try (Reading reading = reading(topic, "groupId", group)) {
      try (KafkaConsumer<byte[], byte[]> other =
          new KafkaConsumer<>(
              properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        other.subscribe(List.of(topic));
        await()
            .atMost(Duration.ofSeconds(30))
            .until(
                () -> {
                  other.poll(Duration.ofMillis(100));
                  return !other.assignment().isEmpty();
                });
        assertThatThrownBy(() -> reading.reader().prepare(reading.context()))
            .isInstanceOfSatisfying(
                MillraceException.class,
                e -> assertThat(e.errorCode()).isEqualTo(StandardError.READ_REFUSED))
            .hasMessageContaining("consumer group " + group + " has 1 member at the moment")
            .hasMessageContaining("use a 'groupId' of the task's own");
      }
      reading.reader().prepare(reading.context());
    }
  }

  private void makeAnew(String topic) throws Exception {
    kafka.admin().deleteTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
    TestKafka.createTopic(kafka.admin(), topic, 1, Map.of("retention.ms", "-1"));
  }

  @Test
  void aTopicThatIsMadeAnewWhileItIsReadIsNoticedAtEachOpenAndAtTheEndOfASplit() throws Exception {
    String topic = kafka.topic(1);
    kafka.send(List.of(message(topic, 0, null, "old"), message(topic, 0, null, "old")));
    try (Reading reading = reading(topic)) {
      Map<String, String> before = reading.reader().identity(reading.context());
      Split split = reading.plan().splits().get(0);
      assertThat(reading.read(split)).hasSize(2);
      try (SplitReader open = reading.reader().open(split, reading.context())) {
        makeAnew(topic);
        kafka.send(List.of(message(topic, 0, null, "new"), message(topic, 0, null, "new")));
        RecordBatch batch =
            new RecordBatch(reading.reader().schema(reading.context()), 1 << 20, 1000);
        assertThatThrownBy(
                () -> {
                  while (open.read(batch)) {
                    batch.clear();
                  }
                })
            .hasMessageContaining("the topic was made anew");
      }
      assertThatThrownBy(() -> reading.read(split)).hasMessageContaining("the topic was made anew");
      assertThat(before).containsOnlyKeys("topic '" + topic + "'");
      assertThat(reading.reader().identity(reading.context()))
          .containsOnlyKeys("topic '" + topic + "'")
          .isNotEqualTo(before);
      kafka.admin().deleteTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
      assertThat(reading.reader().identity(reading.context())).isEmpty();
    }
  }

  @Test
  void aLogThatEndsBeforeTheWindowIsNotWaitedForWithoutEnd() {
    String topic = kafka.topic(1);
    kafka.send(List.of(message(topic, 0, null, "a")));
    try (Reading reading = reading(topic, "waitTime", 1)) {
      Split split = reading.plan().splits().get(0);
      Map<String, String> longer = new HashMap<>(split.properties());
      // As after a leader was lost that had more than its successor.
      longer.put("end", "5");
      Split lost = new Split(split.id(), split.version(), longer, "", -1);
      assertThatThrownBy(() -> reading.read(lost))
          .hasMessageContaining(
              "the log ends at offset 1 now, before the window's end at offset 5");
    }
  }

  @Test
  void whatIsWrittenToTheTopicThatIsReadIsRefusedUnlessTheWindowIsOver() {
    String topic = kafka.topic(2);
    kafka.send(List.of(message(topic, 0, null, "a"), message(topic, 1, null, "b")));
    assertThat(overlap(topic, topic)).isEqualTo(Overlap.Kind.CERTAIN);
    assertThat(overlap(topic, topic, "endOffset", "2")).isEqualTo(Overlap.Kind.CERTAIN);
    assertThat(overlap(topic, topic, "endDateTime", "29991231000000"))
        .isEqualTo(Overlap.Kind.CERTAIN);
    assertThat(overlap(topic, topic, "endOffset", "1")).isEqualTo(Overlap.Kind.NONE);
    assertThat(overlap(topic, topic, "endDateTime", "20200101000000")).isEqualTo(Overlap.Kind.NONE);
    assertThat(overlap(topic, kafka.topic(1))).isEqualTo(Overlap.Kind.NONE);
    try (Reading reading = reading(topic)) {
      assertThat(reading.reader().overlap("mysql:x", reading.context())).isEqualTo(Overlap.NONE);
    }
  }

  /** The target by another name of the same broker. */
  private Overlap.Kind overlap(String source, String target, Object... window) {
    AtomicReference<Overlap> found = new AtomicReference<>();
    try (Reading reading = reading(source, window);
        Writing writing = new Writing(server.replace("127.0.0.1", "localhost"), target)) {
      writing
          .writer()
          .marked(
              writing.context(),
              mark -> found.set(reading.reader().overlap(mark, reading.context())));
    }
    return found.get().kind();
  }

  @Test
  void aCompactedTopicIsReadToItsEndWhateverIsMissing() {
    String topic =
        kafka.topic(
            1,
            Map.of(
                "cleanup.policy", "compact",
                "segment.ms", "100",
                "min.cleanable.dirty.ratio", "0.01",
                "min.compaction.lag.ms", "0",
                "delete.retention.ms", "100"));
    for (int round = 0; round < 3; round++) {
      List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>();
      for (int key = 0; key < 50; key++) {
        messages.add(message(topic, 0, "k" + key, "r" + round + "-" + key));
      }
      kafka.send(messages);
    }
    try (Reading reading = reading(topic, "endOffset", "150")) {
      SplitPlan plan = reading.plan();
      // Each look rolls the segment, which is what compaction waits for.
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(300))
          .until(
              () -> {
                kafka.send(List.of(message(topic, 0, "roll", "roll")));
                return reading.read(plan.splits().get(0)).size() < 100;
              });
      assertThat(reading.read(plan.splits().get(0)))
          .extracting(record -> String.valueOf(record.get(0)))
          .contains("r2-49")
          .allMatch(value -> value.startsWith("r"));
      assertThat(reading.context().log().lines())
          .anyMatch(line -> line.contains("offsets without a message"));
    }
  }

  @Test
  void aTopicThatWasMadeAnewIsNotTakenForTheOldOne() throws Exception {
    String topic = kafka.topic(1);
    kafka.send(List.of(message(topic, 0, null, "old")));
    try (Reading planner = reading(topic);
        Reading later = reading(topic)) {
      Split split = planner.plan().splits().get(0);
      kafka.admin().deleteTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
      TestKafka.createTopic(kafka.admin(), topic, 1, Map.of());
      kafka.send(List.of(message(topic, 0, null, "new")));
      assertThatThrownBy(() -> later.read(split)).hasMessageContaining("the topic was made anew");
    }
  }

  @Test
  void aGroupIsMovedOnlyAtTheEndAndTheNextTaskBeginsThere() {
    String topic = kafka.topic(2);
    String group = "g-" + UUID.randomUUID();
    kafka.send(List.of(message(topic, 0, null, "a"), message(topic, 0, null, "b")));
    try (Reading reading = reading(topic, "groupId", group, "beginType", "current")) {
      assertThatThrownBy(reading::plan).hasMessageContaining("a position of consumer group");
    }
    try (Reading failed =
        reading(topic, "groupId", group, "beginType", "current", "autoOffsetReset", "earliest")) {
      // Read, but never finished, as when the writer fails.
      assertThat(failed.all()).containsExactly("a", "b");
    }
    try (Reading first =
            reading(
                topic, "groupId", group, "beginType", "current", "autoOffsetReset", "earliest");
        Reading resumed = reading(topic, "groupId", group)) {
      List<Split> splits = first.plan().splits();
      assertThat(first.read(splits.get(0))).hasSize(2);
      kafka.send(List.of(message(topic, 0, null, "c"), message(topic, 1, null, "d")));
      // Another process that has made no plan itself.
      resumed.reader().finish(splits, resumed.context());
    }
    try (Reading next = reading(topic, "groupId", group, "beginType", "current")) {
      List<Split> splits = next.plan().splits();
      assertThat(next.all()).containsExactly("c", "d");
      next.reader().finish(splits, next.context());
      assertThat(next.plan().splits()).isEmpty();
    }
  }
}
