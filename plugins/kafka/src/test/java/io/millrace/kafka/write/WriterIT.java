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
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How records become messages. */
@Timeout(120)
class WriterIT {

  private static final Schema SCHEMA =
      Schema.of(
          Field.of("id", ColumnType.INT64),
          Field.of("name", ColumnType.STRING),
          Field.decimal("amount", 10, 2),
          Field.of("at", ColumnType.DATETIME).withScale(0),
          Field.of("moment", ColumnType.TIMESTAMP).withScale(0),
          Field.of("json", ColumnType.JSON),
          Field.of("raw", ColumnType.BYTES));

  private final TestKafka kafka = TestKafka.shared();
  private final String server = kafka.cluster().bootstrap();

  @SafeVarargs
  private static RecordBatch batch(Schema schema, List<? extends @Nullable Object>... records) {
    RecordBatch batch = new RecordBatch(schema, 1 << 20, 1000);
    for (List<? extends @Nullable Object> record : records) {
      RecordView.append(batch, batch.size(), record.toArray());
    }
    return batch;
  }

  private static RecordBatch sample() {
    return batch(
        SCHEMA,
        List.of(
            1L,
            "a \"quoted\", ü",
            new BigDecimal("-12.50"),
            LocalDateTime.parse("2026-11-24T01:02:03"),
            Instant.parse("2026-11-24T01:02:03Z"),
            "{\"x\": [1]}",
            new byte[] {1, 2}),
        Arrays.asList(2L, null, null, null, null, null, null));
  }

  private List<ConsumerRecord<byte[], byte[]>> written(
      RecordBatch batch, String topic, Object... options) {
    try (Writing writing = new Writing(server, topic, options)) {
      writing.write(batch);
      assertThat(writing.context().dirty().entries()).isEmpty();
    }
    return kafka.committed(topic);
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void jsonHasTheNamesAndTypesOfTheColumns() {
    String topic = kafka.topic(1);
    assertThat(
            written(
                sample(),
                topic,
                "writeMode",
                "json",
                "column",
                List.of("a", "b", "c", "d", "e", "f", "g")))
        .extracting(message -> text(message.value()))
        .containsExactly(
            "{\"a\":1,\"b\":\"a \\\"quoted\\\", ü\",\"c\":-12.50,\"d\":\"2026-11-24 01:02:03\","
                + "\"e\":\"2026-11-24 01:02:03Z\",\"f\":{\"x\": [1]},\"g\":\"AQI=\"}",
            "{\"a\":2,\"b\":null,\"c\":null,\"d\":null,\"e\":null,\"f\":null,\"g\":null}");
  }

  @Test
  void textAndCsvHaveTheirDelimiterAndNulls() {
    assertThat(written(sample(), kafka.topic(1), "writeMode", "csv", "nullValueFormat", "\\N"))
        .extracting(message -> text(message.value()))
        .containsExactly(
            "1,\"a \"\"quoted\"\", ü\",-12.50,2026-11-24 01:02:03,2026-11-24 01:02:03Z,"
                + "{\"x\": [1]},AQI=".replace("{\"x\": [1]}", "\"{\"\"x\"\": [1]}\""),
            "2,\\N,\\N,\\N,\\N,\\N,\\N");
    assertThat(written(sample(), kafka.topic(1), "fieldDelimiter", "\\t"))
        .extracting(message -> text(message.value()))
        .containsExactly(
            "1\ta \"quoted\", ü\t-12.50\t2026-11-24 01:02:03\t2026-11-24 01:02:03Z\t{\"x\": [1]}\tAQI=",
            "2\t\t\t\t\t\t");
  }

  @Test
  void keysAndOneColumnAsValueMayBeBinary() {
    List<ConsumerRecord<byte[], byte[]>> messages =
        written(
            sample(),
            kafka.topic(3),
            "keyIndex",
            0,
            "keyType",
            "long",
            "valueIndex",
            6,
            "valueType",
            "ByteArray");
    assertThat(messages).hasSize(2);
    for (ConsumerRecord<byte[], byte[]> message : messages) {
      long id = ByteBuffer.wrap(message.key()).getLong();
      assertThat(message.value()).isEqualTo(id == 1 ? new byte[] {1, 2} : null);
    }
    assertThat(
            written(
                sample(), kafka.topic(1), "keyIndexes", List.of("0", "1"), "nullKeyFormat", "none"))
        .extracting(message -> text(message.key()))
        .containsExactly("1,a \"quoted\", ü", "2,none");
  }

  @Test
  void partitionsAndHeadersComeFromColumnsAndOptions() {
    Schema schema =
        Schema.of(
            Field.of("value", ColumnType.STRING),
            Field.of("to", ColumnType.INT64),
            Field.of("headers", ColumnType.JSON));
    RecordBatch batch =
        batch(
            schema,
            List.of("a", 2L, "{\"x\": \"1\"}"),
            List.of(
                "b", 0L, "[{\"key\":\"y\",\"base64\":\"/w==\"},{\"key\":\"y\",\"value\":null}]"),
            List.of("c", 3L, "{}"),
            List.of("d", 1L, "17"));
    String topic = kafka.topic(3);
    try (Writing writing =
        new Writing(
            server,
            topic,
            "partitionIndex",
            1,
            "headersIndex",
            2,
            "headers",
            Map.of("fixed", "f"))) {
      writing.write(batch);
      assertThat(writing.context().dirty().entries())
          .extracting(entry -> entry.position() + " " + entry.reason().code())
          .containsExactly("2 NO_PARTITION", "3 BAD_HEADERS");
    }
    assertThat(kafka.committed(topic))
        .extracting(
            message ->
                message.partition()
                    + " "
                    + text(message.value())
                    + " "
                    + Arrays.stream(message.headers().toArray())
                        .map(h -> h.key() + "=" + Arrays.toString(h.value()))
                        .toList())
        .containsExactlyInAnyOrder(
            "2 a [fixed=[102], x=[49]]", "0 b [fixed=[102], y=[-1], y=null]");
  }

  /** The test's task is in Berlin. */
  @Test
  void aMessageHasTheTimeOfTheColumnThatTellsItToTheMillisecond() {
    Schema schema =
        Schema.of(
            Field.of("value", ColumnType.STRING),
            Field.of("moment", ColumnType.TIMESTAMP).withScale(6),
            Field.of("wall", ColumnType.DATETIME).withScale(6),
            Field.of("day", ColumnType.DATE),
            Field.of("millis", ColumnType.INT64));
    RecordBatch batch =
        batch(
            schema,
            List.of(
                "a",
                Instant.parse("2026-11-24T01:02:03.004Z"),
                LocalDateTime.parse("2026-11-24T02:02:03.004"),
                LocalDate.parse("2026-11-24"),
                1_795_482_123_004L),
            Arrays.asList(
                "b",
                Instant.parse("2026-11-24T01:02:03.004005Z"),
                LocalDateTime.parse("2026-03-29T02:30:00"),
                null,
                -1L),
            Arrays.asList(
                "c", Instant.parse("1969-12-31T23:59:59Z"), null, null, 4_000_000_000_000L),
            Arrays.asList("d", null, LocalDateTime.parse("2026-11-24T02:02:03.004"), null, 0L));
    long moment = Instant.parse("2026-11-24T01:02:03.004Z").toEpochMilli();
    long day = Instant.parse("2026-11-23T23:00:00Z").toEpochMilli();
    Map<Integer, List<String>> expected =
        Map.of(
            1, List.of("a " + moment, "d now"),
            2, List.of("a " + moment, "c now", "d " + moment),
            3, List.of("a " + day, "b now", "c now", "d now"),
            4, List.of("a " + moment, "c 4000000000000", "d 0"));
    expected.forEach(
        (index, messages) -> {
          String topic = kafka.topic(1);
          long begin = System.currentTimeMillis() - 60_000;
          try (Writing writing =
              new Writing(server, topic, "timestampIndex", index, "valueIndex", 0)) {
            writing.write(batch);
            assertThat(writing.context().dirty().entries())
                .hasSize(4 - messages.size())
                .allMatch(entry -> entry.reason().code().equals("BAD_TIMESTAMP"));
          }
          assertThat(kafka.committed(topic))
              .extracting(
                  message ->
                      text(message.value())
                          + " "
                          + (message.timestamp() >= begin
                                  && message.timestamp() <= System.currentTimeMillis()
                              ? "now"
                              : String.valueOf(message.timestamp())))
              .as("column " + index)
              .containsExactlyElementsOf(messages);
        });
    // It is no part of the value.
    assertThat(
            written(
                batch(
                    Schema.of(schema.field(0), schema.field(4), schema.field(0)),
                    List.of("a", 5L, "b")),
                kafka.topic(1),
                "timestampIndex",
                1))
        .extracting(message -> text(message.value()))
        .containsExactly("a,b");
  }

  @Test
  void aTimeThatTheTopicDoesNotTakeIsDirtyAndATopicThatStampsItselfIsRefused() {
    Schema schema =
        Schema.of(Field.of("value", ColumnType.STRING), Field.of("at", ColumnType.INT64));
    String bounded =
        kafka.topic(
            1,
            Map.of(
                "message.timestamp.before.max.ms", "86400000",
                "message.timestamp.after.max.ms", "3600000"));
    long now = System.currentTimeMillis();
    try (Writing writing = new Writing(server, bounded, "timestampIndex", 1)) {
      writing.write(
          batch(
              schema,
              List.of("old", now - 2 * 86_400_000L),
              List.of("good", now),
              List.of("ahead", now + 2 * 3_600_000L)));
      assertThat(writing.context().dirty().entries())
          .extracting(entry -> entry.position() + " " + entry.reason().code())
          .containsExactly("0 BAD_TIMESTAMP", "2 BAD_TIMESTAMP");
    }
    assertThat(kafka.committed(bounded))
        .extracting(message -> text(message.value()) + " " + (message.timestamp() - now))
        .containsExactly("good 0");
    String stamping = kafka.topic(1, Map.of("message.timestamp.type", "LogAppendTime"));
    for (Object[] each : new Object[][] {{stamping, 1}, {kafka.topic(1), 0}}) {
      try (Writing writing = new Writing(server, (String) each[0], "timestampIndex", each[1])) {
        assertThatThrownBy(() -> writing.prepare(schema))
            .isInstanceOf(MillraceException.class)
            .hasMessageContaining("option 'timestampIndex'");
      }
    }
  }

  @Test
  void aMessageWithoutAKeyIsDirtyWhereTheTopicIsCompacted() {
    String topic = kafka.topic(1, Map.of("cleanup.policy", "compact"));
    try (Writing writing = new Writing(server, topic, "keyIndex", 1)) {
      writing.write(sample());
      assertThat(writing.context().dirty().entries())
          .extracting(entry -> entry.position() + " " + entry.reason().code())
          .containsExactly("1 NO_KEY");
    }
    assertThat(kafka.committed(topic)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void everyCompressionIsWritten(String compression) {
    assertThat(written(sample(), kafka.topic(1), "compression", compression)).hasSize(2);
  }

  @Test
  void whatDoesNotFitIsToldBeforeAnythingIsWritten() {
    String topic = kafka.topic(2);
    for (Object[] options :
        new Object[][] {
          {"partition", 2}, {"valueIndex", 7}, {"keyIndex", 9}, {"column", List.of("a")}
        }) {
      try (Writing writing = new Writing(server, topic, options)) {
        assertThatThrownBy(() -> writing.prepare(SCHEMA)).isInstanceOf(MillraceException.class);
      }
    }
    try (Writing writing = new Writing(server, "no-such-topic")) {
      assertThatThrownBy(() -> writing.prepare(SCHEMA))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.WRITE_REFUSED))
          .hasMessageContaining("topic no-such-topic")
          .hasMessageContaining("there is no such topic; check 'topic'");
    }
    assertThat(kafka.committed(topic)).isEmpty();
  }
}
