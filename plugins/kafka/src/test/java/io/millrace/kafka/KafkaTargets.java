package io.millrace.kafka;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.contract.WriterContractTest.RefusedRecords;
import io.millrace.testkit.sample.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Topics that contract tests write to, as JSON. */
record KafkaTargets(TestKafka kafka, boolean exactlyOnce) {

  TargetFixture target(Schema schema) {
    return target(schema, kafka.cluster().bootstrap(), Map.of());
  }

  TargetFixture target(Schema schema, String server, Map<String, String> settings) {
    String topic = kafka.topic(3, settings);
    Map<String, Object> options = new HashMap<>();
    options.put("server", server);
    options.put("topic", topic);
    options.put("writeMode", "json");
    options.put("column", schema.fields().stream().map(Field::name).toList());
    options.put("keyIndex", 0);
    options.put("exactlyOnce", exactlyOnce);
    return new TargetFixture(
        options,
        () -> {
          List<List<@Nullable String>> records = new ArrayList<>();
          kafka
              .committed(topic)
              .forEach(message -> records.add(JsonSamples.texts(schema, message.value())));
          return records;
        });
  }

  RefusedRecords refused() {
    Schema schema =
        Schema.of(
            Field.of("id", ColumnType.INT64).withNullable(false),
            Field.of("text", ColumnType.STRING));
    Sample sample =
        Sample.of(
            schema,
            List.of(0L, "x".repeat(3000)),
            List.of(1L, "short"),
            List.of(2L, "y".repeat(5000)),
            List.of(3L, "z".repeat(3001)),
            List.of(4L, "also short"),
            List.of(5L, ""));
    return new RefusedRecords(
        target(schema, kafka.cluster().bootstrap(), Map.of("max.message.bytes", "2000")),
        sample,
        Set.of(0, 2, 3));
  }
}
