package io.millrace.datahub;

import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.LongColumn;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.record.Texts;
import io.millrace.datahub.fake.FakeDataHub;
import io.millrace.datahub.fake.FakeTopic;
import io.millrace.testkit.contract.SourceFixture;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.contract.WriterContractTest.RefusedRecords;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.sample.TypeCase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Topics that hold samples, with the field type that suits each column. */
public final class Samples {

  /** 2023-11-14T22:13:20Z, when the samples arrive. */
  public static final long ARRIVAL = 1_700_000_000_000L;

  private Samples() {}

  /** What a topic can hold: it has neither bytes nor unsigned numbers. */
  public static Set<TypeCase> types() {
    return EnumSet.complementOf(
        EnumSet.of(TypeCase.BYTES, TypeCase.UINT64, TypeCase.TIMESTAMP_ZERO));
  }

  private static String type(Field field) {
    String type =
        switch (field.type()) {
          case INT64 ->
              field.unsigned() || field.bits() == 24 || field.bits() == 64
                  ? "bigint"
                  : Map.of(8, "tinyint", 16, "smallint", 32, "integer").get(field.bits());
          case FLOAT64 -> field.bits() == 32 ? "float" : "double";
          case BOOLEAN -> "boolean";
          case DECIMAL -> "decimal";
          case TIMESTAMP -> "timestamp";
          default -> "string";
        };
    return type + (field.nullable() ? "" : "!");
  }

  private static FakeTopic topic(FakeDataHub service, Schema schema, int shards) {
    Map<String, String> fields = new LinkedHashMap<>();
    schema.fields().forEach(field -> fields.put(field.name(), type(field)));
    return service.create(fields, shards);
  }

  /** A topic that holds a sample in four shards. */
  public static FakeTopic fill(FakeDataHub service, Sample sample) {
    FakeTopic topic = topic(service, sample.schema(), 4).arriveAt(ARRIVAL).answerAtMost(50);
    RecordBatch batch = sample.batch();
    for (int row = 0; row < batch.size(); row++) {
      byte @Nullable [][] values = new byte[batch.schema().size()][];
      for (int i = 0; i < values.length; i++) {
        values[i] = bytes(batch.column(i), row);
      }
      topic.put(values);
    }
    return topic;
  }

  private static byte @Nullable [] bytes(Column column, int row) {
    if (column.isNull(row)) {
      return null;
    }
    if (column instanceof BytesColumn bytes) {
      return bytes.get(row);
    }
    String text =
        column.field().type() == ColumnType.TIMESTAMP
            ? Long.toString(((LongColumn) column).get(row))
            : String.valueOf(Texts.text(column, row));
    boolean isFloat = column.field().bits() == 32 && column.field().type() == ColumnType.FLOAT64;
    return (isFloat ? Float.toString(Float.parseFloat(text)) : text)
        .getBytes(StandardCharsets.UTF_8);
  }

  public static Map<String, Object> reading(FakeDataHub service, FakeTopic topic) {
    Map<String, Object> options = service.options(topic);
    options.put("beginDateTime", "20231114000000");
    options.put("endDateTime", "20231116000000");
    options.put("retryIntervalSeconds", 0);
    return options;
  }

  public static SourceFixture source(FakeDataHub service, Sample sample) {
    return SourceFixture.holding(sample, reading(service, fill(service, sample)));
  }

  /** A new topic to write to. */
  public static TargetFixture target(FakeDataHub service, Schema schema) {
    FakeTopic topic = topic(service, schema, 3);
    Map<String, Object> options = service.options(topic);
    options.put("retryInterval", 0);
    options.put("maxCommitSize", 4000);
    return new TargetFixture(options, () -> look(topic, schema));
  }

  /** Of which those are refused that do not fit the topic's TINYINT. */
  public static RefusedRecords refused(FakeDataHub service) {
    Field id = Field.of("id", ColumnType.INT64).withNullable(false);
    Field wide = Field.of("small", ColumnType.INT64);
    Sample sample =
        Sample.of(
            Schema.of(id, wide),
            List.of(0L, 1L),
            List.of(1L, 128L),
            List.of(2L, -128L),
            List.of(3L, 127L),
            List.of(4L, Long.MIN_VALUE));
    return new RefusedRecords(
        target(service, Schema.of(id, wide.withBits(8, false))), sample, Set.of(1, 4));
  }

  private static List<List<@Nullable String>> look(FakeTopic topic, Schema schema) {
    List<List<@Nullable String>> records = new ArrayList<>();
    for (List<@Nullable String> values : topic.texts()) {
      List<@Nullable String> record = new ArrayList<>();
      for (int i = 0; i < values.size(); i++) {
        record.add(canonical(schema.field(i), values.get(i)));
      }
      records.add(record);
    }
    return records;
  }

  private static @Nullable String canonical(Field field, @Nullable String value) {
    if (value == null) {
      return null;
    }
    RecordBatch one = new RecordBatch(Schema.of(field), 100, 1);
    switch (field.type()) {
      case TIMESTAMP -> one.longs(0).append(Long.parseLong(value));
      case FLOAT64 ->
          one.doubles(0)
              .append(field.bits() == 32 ? Float.parseFloat(value) : Double.parseDouble(value));
      default -> {
        return value;
      }
    }
    return Texts.text(one.column(0), 0);
  }
}
