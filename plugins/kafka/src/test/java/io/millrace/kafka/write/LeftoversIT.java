package io.millrace.kafka.write;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteState;
import io.millrace.kafka.TestKafka;
import io.millrace.testkit.sample.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ledgers of runs that were killed and whose directories are lost. */
@Timeout(120)
class LeftoversIT {

  private static final Sample SAMPLE = Sample.plain(30);

  private final TestKafka kafka = TestKafka.shared();
  private final String server = kafka.cluster().bootstrap();

  private Writing writing(String topic) {
    return new Writing(server, topic, "exactlyOnce", true);
  }

  /** As it is after a process was killed in stage 3. */
  private WriteState killed(String topic) {
    try (Writing writing = writing(topic)) {
      WriteState state = writing.prepare(SAMPLE.schema());
      try (SplitWriter split = writing.open(state, "a", 0)) {
        split.write(SAMPLE.batch());
        split.commit(new SplitTally(30, 30, 0, 1, ""));
      }
      return state;
    }
  }

  private static Instant later() {
    return Instant.now().plus(Duration.ofHours(1));
  }

  private Set<String> topics() throws Exception {
    return kafka.admin().listTopics().names().get(30, TimeUnit.SECONDS);
  }

  @Test
  void whatNobodyWasToldOfIsShownAndRemovedOnceItIsOldEnough() throws Exception {
    String topic = kafka.topic(1);
    WriteState left = killed(topic);
    String ledger = Prepared.of(left).ledger();
    String ofAnother = Prepared.of(killed(kafka.topic(1))).ledger();
    try (Writing writing = writing(topic);
        Writing plain = new Writing(server, topic)) {
      Instant before = Instant.now().minus(Duration.ofHours(1));
      assertThat(writing.writer().leftBehind(before, writing.context())).isEmpty();
      assertThat(writing.writer().cleanUp(before, writing.context())).isZero();
      assertThat(writing.writer().leftBehind(later(), writing.context()))
          .singleElement()
          .asString()
          .contains(
              "ledger "
                  + ledger
                  + ", written to last at "
                  + Instant.now().toString().substring(0, 10));
      assertThat(topics()).contains(ledger);
      // The task may have had transactions and have none now.
      assertThat(plain.writer().leftBehind(later(), plain.context())).hasSize(1);
      assertThat(plain.writer().cleanUp(later(), plain.context())).isEqualTo(1);
      assertThat(topics()).doesNotContain(ledger).contains(ofAnother);
      assertThat(writing.writer().cleanUp(later(), writing.context())).isZero();
      // What was committed is seen, and stays.
      assertThat(kafka.committed(topic)).hasSize(30);
      assertThatThrownBy(() -> writing.writer().takeOver(left, 2, writing.context()))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.FENCED));
    }
  }

  @Test
  void whatIsAtWorkStaysAndOneThatComesBackFromAPauseCannotCommit() throws Exception {
    String topic = kafka.topic(1);
    try (Writing running = writing(topic);
        Writing other = writing(topic)) {
      WriteState state = running.prepare(SAMPLE.schema());
      String ledger = Prepared.of(state).ledger();
      try (SplitWriter split = running.open(state, "a", 0)) {
        split.write(SAMPLE.batch());
        assertThat(other.writer().leftBehind(later(), other.context())).isEmpty();
        assertThat(other.writer().cleanUp(later(), other.context())).isZero();
        assertThat(other.context().log().lines())
            .anyMatch(line -> line.endsWith("has a transaction that is open, and stays"));
        assertThat(topics()).contains(ledger);
        split.commit(new SplitTally(30, 30, 0, 1, ""));
      }
      // Nothing is open now, and its last message is older than what is asked for.
      assertThat(other.writer().cleanUp(later(), other.context())).isEqualTo(1);
      assertThatThrownBy(() -> running.open(state, "b", 0))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.FENCED));
    }
  }

  @Test
  void aTopicThatIsOnlyCalledLikeALedgerStays() throws Exception {
    String topic = kafka.topic(1);
    String foreign = "millrace-ledger-" + topic;
    TestKafka.createTopic(kafka.admin(), foreign, 2, Map.of());
    kafka.send(List.of(new ProducerRecord<>(foreign, 0, null, new byte[] {1, 2})));
    String empty = "millrace-ledger-empty-" + topic;
    TestKafka.createTopic(kafka.admin(), empty, 2, Map.of());
    try (Writing writing = writing(topic)) {
      assertThat(writing.writer().cleanUp(later(), writing.context())).isZero();
      assertThat(writing.context().log().lines())
          .anyMatch(line -> line.contains(foreign) && line.endsWith("it stays"));
    }
    assertThat(topics()).contains(foreign, empty);
    kafka.admin().deleteTopics(List.of(foreign, empty)).all().get(30, TimeUnit.SECONDS);
  }
}
