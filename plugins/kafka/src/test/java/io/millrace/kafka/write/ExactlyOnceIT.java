package io.millrace.kafka.write;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.kafka.TestKafka;
import io.millrace.testkit.sample.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions and the ledger beyond what every writer promises. */
@Timeout(120)
class ExactlyOnceIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Sample SAMPLE = Sample.plain(30);
  private static final Schema SCHEMA = SAMPLE.schema();

  private final TestKafka kafka = TestKafka.shared();
  private final String server = kafka.cluster().bootstrap();

  @AfterEach
  void letFlow() {
    kafka.proxy().pass();
  }

  private static SplitTally tally(RecordBatch batch) {
    return new SplitTally(batch.size(), batch.size(), 0, 1, "");
  }

  private Writing writing(String address, String topic, Object... more) {
    Object[] options = new Object[more.length + 2];
    options[0] = "exactlyOnce";
    options[1] = true;
    System.arraycopy(more, 0, options, 2, more.length);
    return new Writing(address, topic, options);
  }

  @Test
  void nothingIsSeenBeforeTheCommitAndTheLedgerIsGoneInTheEnd() throws Exception {
    String topic = kafka.topic(2);
    try (Writing writing = writing(server, topic)) {
      WriteState state = writing.prepare(SCHEMA);
      String ledger = Prepared.of(state).ledger();
      assertThat(kafka.admin().listTopics().names().get(30, TimeUnit.SECONDS)).contains(ledger);
      try (SplitWriter split = writing.open(state, "a", 0)) {
        split.write(SAMPLE.batch());
        assertThat(kafka.ends(topic).values().stream().mapToLong(end -> end).sum()).isEqualTo(30);
        try (var reading =
            new io.millrace.kafka.read.Reading(server, topic, "column", List.of("__value__"))) {
          assertThat(reading.plan().splits()).isEmpty();
        }
        writing
            .writer()
            .publish(state, List.of(split.commit(tally(SAMPLE.batch()))), writing.context());
      }
      assertThat(kafka.committed(topic)).hasSize(30);
      writing.writer().forget(state, writing.context());
      assertThat(kafka.admin().listTopics().names().get(30, TimeUnit.SECONDS))
          .doesNotContain(ledger);
    }
  }

  @Test
  void aCommitWithoutAnAnswerIsFoundInTheLedgerAndNothingIsDoubled() {
    String topic = kafka.topic(1);
    try (Writing writing =
        writing(
            kafka.proxied(),
            topic,
            "linger",
            0,
            "kafkaConfig",
            Map.of(
                "max.block.ms", 2000, "request.timeout.ms", 1000, "delivery.timeout.ms", 1500))) {
      WriteState state = writing.prepare(SCHEMA);
      SplitWriter split = writing.open(state, "a", 0);
      split.write(SAMPLE.batch());
      kafka.proxy().hang();
      assertThatThrownBy(() -> split.commit(tally(SAMPLE.batch())))
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.isRetryable()).isTrue());
      kafka.proxy().pass();
      split.close();
      // Whether it happened or not, the ledger and the topic agree, and the split ends up once.
      boolean committed = writing.writer().commits(state, writing.context()).containsKey("a");
      assertThat(kafka.committed(topic)).hasSize(committed ? 30 : 0);
      if (!committed) {
        try (SplitWriter again = writing.open(state, "a", 0)) {
          again.write(SAMPLE.batch());
          again.commit(tally(SAMPLE.batch()));
        }
      }
      assertThat(writing.writer().commits(state, writing.context())).containsOnlyKeys("a");
      assertThat(kafka.committed(topic)).hasSize(30);
    }
  }

  private void makeAnew(String topic, int partitions) throws Exception {
    kafka.admin().deleteTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
    TestKafka.createTopic(kafka.admin(), topic, partitions, Map.of());
  }

  @Test
  void aTargetThatIsMadeAnewIsAnotherOneWithAndWithoutTransactions() throws Exception {
    for (boolean exactlyOnce : new boolean[] {true, false}) {
      String topic = kafka.topic(1);
      try (Writing writing = new Writing(server, topic, "exactlyOnce", exactlyOnce)) {
        WriteState state = writing.prepare(SCHEMA);
        Map<String, String> before = writing.writer().identity(state, writing.context());
        assertThat(before).containsOnlyKeys("topic '" + topic + "'");
        try (SplitWriter split = writing.open(state, "a", 0)) {
          split.write(SAMPLE.batch());
          split.commit(tally(SAMPLE.batch()));
        }
        assertThat(writing.writer().identity(state, writing.context())).isEqualTo(before);
        makeAnew(topic, 1);
        assertThat(writing.writer().identity(state, writing.context())).isNotEqualTo(before);
        assertThatThrownBy(() -> writing.open(state, "b", 0))
            .isInstanceOfSatisfying(
                MillraceException.class,
                e -> assertThat(e.errorCode()).isEqualTo(StandardError.WRITE_REFUSED))
            .hasMessageContaining("the topic was made anew since the task began");
        WriteState taken = writing.writer().takeOver(state, 2, writing.context());
        assertThatThrownBy(() -> writing.open(taken, "b", 0)).hasMessageContaining("made anew");
      }
    }
  }

  @Test
  void aLedgerThatIsMadeAnewIsNotBelieved() throws Exception {
    String topic = kafka.topic(1);
    try (Writing writing = writing(server, topic);
        Writing next = writing(server, topic)) {
      WriteState state = writing.prepare(SCHEMA);
      try (SplitWriter split = writing.open(state, "a", 0)) {
        split.write(SAMPLE.batch());
        split.commit(tally(SAMPLE.batch()));
      }
      makeAnew(Prepared.of(state).ledger(), 2);
      assertThatThrownBy(() -> writing.writer().commits(state, writing.context()))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.WRITE_REFUSED))
          .hasMessageContaining("was made anew since the task began");
      assertThatThrownBy(() -> next.writer().takeOver(state, 2, next.context()))
          .hasMessageContaining("was made anew since the task began");
    }
  }

  @Test
  void aCommitThatTheBrokersHaveLostIsNotBelievedNorRepeated() throws Exception {
    String topic = kafka.topic(1);
    try (Writing writing = writing(server, topic)) {
      WriteState state = writing.prepare(SCHEMA);
      for (String id : List.of("a", "b")) {
        try (SplitWriter split = writing.open(state, id, 0)) {
          split.write(SAMPLE.slice(0, 10));
          split.commit(tally(SAMPLE.slice(0, 10)));
        }
      }
      assertThat(writing.writer().commits(state, writing.context())).containsOnlyKeys("a", "b");
      // The entry of the first split and the mark behind it.
      kafka
          .admin()
          .deleteRecords(
              Map.of(
                  new TopicPartition(Prepared.of(state).ledger(), 1),
                  RecordsToDelete.beforeOffset(2)))
          .all()
          .get(30, TimeUnit.SECONDS);
      assertThat(writing.writer().commits(state, writing.context())).containsOnlyKeys("b");
      assertThatThrownBy(() -> writing.open(state, "a", 0))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.WRITE_REFUSED))
          .hasMessageContaining("split a was committed")
          .hasMessageContaining("has lost it");
      assertThatThrownBy(() -> writing.open(state, "b", 0))
          .hasMessageContaining("is committed already");
    }
  }

  @Test
  void aSplitThatTakesLongerThanItsTransactionFailsWithOneClearLine() throws Exception {
    String topic = kafka.topic(1);
    try (Writing writing = writing(server, topic, "transactionTimeout", 1)) {
      WriteState state = writing.prepare(SCHEMA);
      try (SplitWriter split = writing.open(state, "a", 0)) {
        split.write(SAMPLE.batch());
        // The broker looks for transactions that are over once a second.
        await().atMost(SOON).until(() -> kafka.isTransactionOver(topic));
        assertThatThrownBy(
                () -> {
                  split.write(SAMPLE.slice(0, 1));
                  split.commit(tally(SAMPLE.batch()));
                })
            .isInstanceOfSatisfying(
                MillraceException.class,
                e -> assertThat(e.errorCode()).isEqualTo(StandardError.WRITE_REFUSED))
            .hasMessageContaining("longer than the transaction of 1 s")
            .hasMessageContaining("transaction.max.timeout.ms");
      }
      assertThat(kafka.committed(topic)).isEmpty();
    }
  }

  @Test
  void anAttemptOfAnEarlierGenerationIsShutOutAndItsCommitsDoNotCount() {
    String topic = kafka.topic(1);
    String instance = UUID.randomUUID().toString();
    try (Writing before = writing(server, topic);
        Writing anew = writing(server, topic)) {
      WriteState first =
          before.writer().prepare(new WritePlan(instance, 1, 7, SCHEMA), before.context());
      try (SplitWriter split = before.open(first, "a", 0)) {
        split.write(SAMPLE.slice(0, 10));
        split.commit(tally(SAMPLE.slice(0, 10)));
      }
      SplitWriter late = before.open(first, "b", 1);
      late.write(SAMPLE.slice(10, 20));

      WriteState second =
          anew.writer().prepare(new WritePlan(instance, 2, 8, SCHEMA), anew.context());

      assertThatThrownBy(() -> late.commit(tally(SAMPLE.slice(10, 20))))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.FENCED));
      late.close();
      assertThat(anew.writer().commits(second, anew.context())).isEmpty();
      assertThat(kafka.committed(topic)).hasSize(10);
    }
  }

  @Test
  void aWriterThatComesBackAfterTheInstanceWasGivenUpCannotCommit() {
    String topic = kafka.topic(1);
    // Its ledger is gone, which a producer waits for.
    try (Writing paused = writing(server, topic, "kafkaConfig", Map.of("max.block.ms", 2000));
        Writing other = writing(server, topic)) {
      WriteState state = paused.prepare(SCHEMA);
      SplitWriter late = paused.open(state, "a", 0);
      late.write(SAMPLE.batch());
      other.writer().discard(state, other.context());
      assertThatThrownBy(() -> late.commit(tally(SAMPLE.batch())))
          .isInstanceOf(MillraceException.class);
      late.close();
      assertThatThrownBy(() -> paused.open(state, "b", 1))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.FENCED));
      assertThat(kafka.committed(topic)).isEmpty();
    }
  }
}
