package io.millrace.kafka.write;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.RecordView;
import io.millrace.api.record.Schema;
import io.millrace.kafka.TestKafka;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which messages are too large: those that the brokers refuse, and no others. */
@Timeout(120)
class MessageSizesIT {

  private static final Schema SCHEMA = Schema.of(Field.of("value", ColumnType.BYTES));

  /** The largest value without a key or headers that a topic with Kafka's own settings takes. */
  private static final int MOST = 1_048_516;

  private final TestKafka kafka = TestKafka.shared();
  private final String server = kafka.cluster().bootstrap();

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static byte[] zeros(int size) {
    return new byte[size];
  }

  private static RecordBatch batch(List<byte @Nullable []> values) {
    RecordBatch batch = new RecordBatch(SCHEMA, 64 << 20, 1000);
    for (byte[] value : values) {
      RecordView.append(batch, batch.size(), new Object[] {value});
    }
    return batch;
  }

  /** Writes the values and returns the numbers of those that became dirty. */
  private List<Long> dirty(String topic, List<byte @Nullable []> values, Object... options) {
    Object[] all = Arrays.copyOf(options, options.length + 2);
    all[options.length] = "valueIndex";
    all[options.length + 1] = 0;
    try (Writing writing = new Writing(server, topic, all)) {
      writing.write(batch(values));
      assertThat(writing.context().dirty().entries())
          .allMatch(entry -> entry.reason().code().equals("RECORD_TOO_LARGE"));
      return writing.context().dirty().entries().stream().map(entry -> entry.position()).toList();
    }
  }

  private List<Integer> sizes(String topic) {
    return kafka.committed(topic).stream()
        .map(message -> message.value() == null ? -1 : message.value().length)
        .toList();
  }

  /** Whether the broker takes a value that a producer sends alone, whatever it thinks itself. */
  private boolean isTaken(String topic, String compression, byte[] value) throws Exception {
    try (Producer<byte[], byte[]> producer =
        kafka.producer(
            Map.of(
                "compression.type", compression,
                "max.request.size", 90 << 20,
                "buffer.memory", 200 << 20))) {
      producer.send(new ProducerRecord<>(topic, value)).get(30, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(RecordTooLargeException.class);
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void toTheLastByteWhatABrokerTakesIsWrittenAndOneMoreIsDirty(boolean exactlyOnce)
      throws Exception {
    assertThat(isTaken(kafka.topic(1), "none", zeros(MOST))).isTrue();
    assertThat(isTaken(kafka.topic(1), "none", zeros(MOST + 1))).isFalse();
    String topic = kafka.topic(1);
    // Between them one that is small enough to be put beside a large one in its batch.
    List<byte @Nullable []> values =
        Arrays.asList(
            zeros(1), zeros(MOST - 29), zeros(MOST - 28), null, zeros(MOST + 1), zeros(MOST), null);
    assertThat(dirty(topic, values, "exactlyOnce", exactlyOnce)).containsExactly(4L);
    assertThat(sizes(topic)).containsExactly(1, MOST - 29, MOST - 28, -1, MOST, -1);
  }

  @ParameterizedTest
  @CsvSource({"gzip, false", "snappy, true", "lz4, false", "zstd, true", "gzip, true"})
  void withCompressionTheSizeThatIsSentCounts(String compression, boolean exactlyOnce)
      throws Exception {
    List<byte @Nullable []> values = new ArrayList<>();
    List<Long> refused = new ArrayList<>();
    String tried = kafka.topic(1);
    for (int size = MOST - 1500; size <= MOST + 60; size += 60) {
      values.add(random(size));
    }
    values.add(zeros(9_000_000));
    values.add(random(3));
    for (int i = 0; i < values.size(); i++) {
      if (!isTaken(tried, compression, values.get(i))) {
        refused.add((long) i);
      }
    }
    assertThat(refused).isNotEmpty().hasSizeLessThan(values.size() - 2);
    String topic = kafka.topic(1);
    assertThat(dirty(topic, values, "exactlyOnce", exactlyOnce, "compression", compression))
        .isEqualTo(refused);
    assertThat(sizes(topic))
        .hasSize(values.size() - refused.size())
        .endsWith(9_000_000, 3)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRequestThatTheUserWantsSmallerBoundsTheProducer(boolean exactlyOnce) {
    String topic = kafka.topic(1);
    assertThat(
            dirty(
                topic,
                List.of(zeros(10), zeros(60_000), zeros(20)),
                "exactlyOnce",
                exactlyOnce,
                "compression",
                "gzip",
                "kafkaConfig",
                Map.of("max.request.size", 50_000)))
        .containsExactly(1L);
    assertThat(sizes(topic)).containsExactly(10, 20);
  }

  /** Then the account may not ask what the topic takes. */
  @Test
  void whereTheLimitIsNotToldTheBrokersAnswerCountsAndATransactionFailsInOneLine()
      throws Exception {
    String topic = kafka.topic(1, Map.of("max.message.bytes", "1000"));
    AclBinding denied =
        new AclBinding(
            new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
            new AccessControlEntry(
                "User:guest", "*", AclOperation.DESCRIBE_CONFIGS, AclPermissionType.DENY));
    AclBinding allowed =
        new AclBinding(
            new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
            new AccessControlEntry("User:guest", "*", AclOperation.WRITE, AclPermissionType.ALLOW));
    kafka.admin().createAcls(List.of(denied, allowed)).all().get(30, TimeUnit.SECONDS);
    Object[] account = {
      "securityProtocol",
      "SASL_PLAINTEXT",
      "username",
      "guest",
      "password",
      "guest-secret",
      "valueIndex",
      0
    };
    List<byte @Nullable []> values = List.of(zeros(10), zeros(2000), zeros(20), zeros(3000));
    try (Writing plain = new Writing(kafka.cluster().saslBootstrap(), topic, account)) {
      plain.write(batch(values));
      assertThat(plain.context().dirty().entries())
          .extracting(entry -> entry.position())
          .containsExactly(1L, 3L);
    }
    assertThat(sizes(topic)).containsExactly(10, 20);
    Object[] once = Arrays.copyOf(account, account.length + 2);
    once[account.length] = "exactlyOnce";
    once[account.length + 1] = true;
    try (Writing writing = new Writing(kafka.cluster().saslBootstrap(), topic, once)) {
      assertThatThrownBy(() -> writing.write(batch(values)))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.WRITE_REFUSED))
          .hasMessageContaining("topic " + topic)
          .hasMessageContaining("refused for its size")
          .hasMessageContaining("DescribeConfigs");
      assertThat(writing.context().dirty().entries()).isEmpty();
    }
  }
}
