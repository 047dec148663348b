package io.millrace.kafka.read;

import static io.millrace.kafka.TestKafka.bytes;
import static io.millrace.kafka.TestKafka.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kafka.TestKafka;
import io.millrace.testkit.context.CollectingDirtyRecords.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How messages become records. */
@Timeout(120)
class MessagesIT {

  private final TestKafka kafka = TestKafka.shared();
  private final String server = kafka.cluster().bootstrap();

  private static List<?> first(Reading reading) {
    return reading.read(reading.plan().splits().get(0)).get(0);
  }

  @Test
  void thePartsOfAMessageStandUnderTheirDocumentedNames() {
    String topic = kafka.topic(3);
    ProducerRecord<byte[], byte[]> message =
        new ProducerRecord<>(
            topic, 2, 1_764_000_000_123L, bytes("key"), bytes("{\"tag\":{\"desc\":\"d\"}}"));
    message.headers().add("trace", bytes("t-1"));
    message.headers().add(new RecordHeader("trace", bytes("t\"2")));
    message.headers().add("raw", new byte[] {(byte) 0xff, 0});
    message.headers().add(new RecordHeader("none", null));
    kafka.send(List.of(message));
    try (Reading reading = new Reading(server, topic)) {
      assertThat(reading.reader().schema(reading.context()).fields())
          .extracting(field -> field.name() + " " + field.type())
          .containsExactly(
              "__key__ STRING",
              "__value__ STRING",
              "__partition__ INT64",
              "__headers__ JSON",
              "__offset__ INT64",
              "__timestamp__ INT64");
      assertThat(first(reading))
          .isEqualTo(
              List.of(
                  "key",
                  "{\"tag\":{\"desc\":\"d\"}}",
                  "2",
                  "[{\"key\":\"trace\",\"value\":\"t-1\"},{\"key\":\"trace\",\"value\":\"t\\\"2\"},"
                      + "{\"key\":\"raw\",\"base64\":\"/wA=\"},{\"key\":\"none\",\"value\":null}]",
                  "0",
                  "1764000000123"));
    }
    try (Reading reading =
        new Reading(
            server,
            topic,
            "column",
            List.of(
                "'abc'",
                7,
                "tag.desc",
                "__headers__.trace",
                Map.of("name", "at", "path", "__timestamp__", "type", "timestamp"),
                Map.of("name", "whole", "path", "__value__", "type", "json")))) {
      assertThat(first(reading))
          .isEqualTo(
              List.of(
                  "abc",
                  "7",
                  "d",
                  "t\"2",
                  "2025-11-24 16:00:00.123000Z",
                  "{\"tag\":{\"desc\":\"d\"}}"));
    }
  }

  @Test
  void aMessageThatCannotBeParsedIsDirtyWithPartitionAndOffset() {
    String topic = kafka.topic(2);
    kafka.send(
        List.of(
            message(topic, 1, null, "{\"id\": 1, \"at\": \"2026-11-24 01:02:03\"}"),
            message(topic, 1, "k", "not json"),
            message(topic, 1, null, "{\"id\": \"x\", \"at\": null}"),
            message(topic, 1, null, "{\"id\": 2, \"at\": \"2026-13-01 00:00:00\"}"),
            message(topic, 1, null, "{\"id\": 3}"),
            message(topic, 1, null, null)));
    try (Reading reading =
        new Reading(
            server,
            topic,
            "column",
            List.of(
                "__key__",
                Map.of("name", "id", "type", "long"),
                Map.of("name", "at", "type", "datetime")))) {
      assertThat(reading.read(reading.plan().splits().get(0)))
          .extracting(record -> record.get(1))
          .containsExactly("1", "3", null);
      List<Entry> dirty = reading.context().dirty().entries();
      assertThat(dirty).extracting(Entry::position).containsExactly(1L, 2L, 3L);
      assertThat(dirty)
          .extracting(entry -> entry.reason().message())
          .satisfiesExactly(
              m -> assertThat(m).startsWith("partition 1, offset 1: the value is not JSON"),
              m -> assertThat(m).contains("partition 1, offset 2: 'x' is not a whole number"),
              m -> assertThat(m).contains("'2026-13-01 00:00:00' is not a date"));
      assertThat(dirty)
          .extracting(entry -> entry.reason().column())
          .containsExactly(null, "id", "at");
      assertThat(dirty.get(0).values()).containsExactly("k", "not json", null);
    }
  }

  @Test
  void textAndCsvAreCutByTheirDelimiter() {
    String topic = kafka.topic(1);
    kafka.send(List.of(message(topic, 0, null, "1;\"a;b\";NULL;x")));
    List<Object> columns =
        List.of(
            Map.of("name", "id", "type", "long"),
            "name",
            "none",
            Map.of("name", "first", "index", 0));
    try (Reading reading =
        new Reading(
            server,
            topic,
            "column",
            columns,
            "dataFormat",
            "csv",
            "fieldDelimiter",
            ";",
            "nullFormat",
            "NULL")) {
      assertThat(first(reading).toString()).isEqualTo("[1, a;b, null, 1]");
    }
    try (Reading reading =
        new Reading(
            server, topic, "column", columns, "dataFormat", "text", "fieldDelimiter", ";")) {
      assertThat(first(reading).toString()).isEqualTo("[1, \"a, b\", 1]");
    }
  }

  @Test
  void keysAndValuesMayBeBinaryOrOfAnotherCharacterSet() {
    String topic = kafka.topic(1);
    kafka.send(
        List.of(
            new ProducerRecord<>(
                topic,
                0,
                ByteBuffer.allocate(8).putLong(-5).array(),
                ByteBuffer.allocate(8).putDouble(1.5).array()),
            new ProducerRecord<>(topic, 0, bytes("short"), bytes("12345678"))));
    try (Reading reading =
        new Reading(
            server,
            topic,
            "column",
            List.of("__key__", "__value__"),
            "keyType",
            "LONG",
            "valueType",
            "DOUBLE")) {
      assertThat(first(reading)).isEqualTo(List.of("-5", "1.5"));
      assertThat(reading.context().dirty().entries())
          .singleElement()
          .satisfies(entry -> assertThat(entry.reason().message()).contains("5 bytes are no LONG"));
    }
    String chinese = kafka.topic(1);
    kafka.send(
        List.of(
            new ProducerRecord<>(
                chinese, 0, null, "{\"a\":\"中文\"}".getBytes(Charset.forName("GBK")))));
    try (Reading reading =
        new Reading(server, chinese, "column", List.of("a", "__value__"), "encoding", "GBK")) {
      assertThat(first(reading)).isEqualTo(List.of("中文", "{\"a\":\"中文\"}"));
    }
    try (Reading reading = new Reading(server, chinese, "column", List.of("__value__"))) {
      assertThat(reading.read(reading.plan().splits().get(0))).isEmpty();
      assertThat(reading.context().dirty().entries())
          .singleElement()
          .satisfies(entry -> assertThat(entry.reason().message()).contains("is not UTF-8"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void everyCompressionIsRead(String compression) {
    String topic = kafka.topic(1);
    try (var producer = kafka.producer(Map.of("compression.type", compression, "linger.ms", 50))) {
      for (int i = 0; i < 500; i++) {
        producer.send(message(topic, 0, null, "value " + i));
      }
    }
    try (Reading reading = new Reading(server, topic, "column", List.of("__value__"))) {
      assertThat(reading.all()).hasSize(500).endsWith("value 499");
    }
  }
}
