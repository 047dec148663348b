package io.millrace.loghub;

import com.aliyun.openservices.log.common.Logs.Log;
import com.aliyun.openservices.log.common.Logs.LogGroup;
import com.google.protobuf.ByteString;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.record.Texts;
import io.millrace.loghub.fake.FakeLogService;
import io.millrace.loghub.fake.FakeLogstore;
import io.millrace.testkit.contract.SourceFixture;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.contract.WriterContractTest.RefusedRecords;
import io.millrace.testkit.sample.Sample;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Logstores that hold samples: in a log every value is text. */
public final class Samples {

  /** 2023-11-14T22:13:20Z, when the samples arrive. */
  public static final long ARRIVAL = 1_700_000_000;

  private Samples() {}

  /** A logstore that holds a sample in four shards, two records in a log group. */
  public static FakeLogstore fill(FakeLogService service, Sample sample) {
    FakeLogstore store = service.create(4).arriveAt(ARRIVAL).answerAtMost(50);
    RecordBatch batch = sample.batch();
    for (int row = 0; row < batch.size(); row += 2) {
      LogGroup.Builder group = LogGroup.newBuilder().setTopic("topic");
      for (int r = row; r < Math.min(row + 2, batch.size()); r++) {
        group.addLogs(log(batch, r));
      }
      store.put(group.build());
    }
    return store;
  }

  private static Log log(RecordBatch batch, int row) {
    Log.Builder log = Log.newBuilder().setTime((int) ARRIVAL);
    for (int i = 0; i < batch.schema().size(); i++) {
      if (!batch.column(i).isNull(row)) {
        Field field = batch.schema().field(i);
        log.addContents(
            Log.Content.newBuilder()
                .setKey(field.name())
                .setValueBytes(
                    field.type() == ColumnType.BYTES
                        ? ByteString.copyFrom(batch.bytes(i).get(row))
                        : ByteString.copyFromUtf8(
                            String.valueOf(Texts.text(batch.column(i), row)))));
      }
    }
    return log.build();
  }

  /** Options that read the columns of a schema from a logstore. */
  public static Map<String, Object> reading(
      FakeLogService service, FakeLogstore store, Schema schema) {
    Map<String, Object> options = service.options(store);
    options.put("beginDateTime", "20231114000000");
    options.put("endDateTime", "20231116000000");
    List<Object> columns = new ArrayList<>();
    for (Field field : schema.fields()) {
      columns.add(Map.of("name", field.name(), "type", type(field)));
    }
    options.put("column", columns);
    return options;
  }

  private static String type(Field field) {
    // A day that no calendar has, and a number beyond 63 bits, can only be read as text.
    boolean text = field.unsigned() || field.name().endsWith("_zero");
    return switch (field.type()) {
      case BYTES -> "bytes";
      case JSON -> "json";
      case BOOLEAN -> "boolean";
      case INT64 -> text ? "string" : "long";
      case FLOAT64 -> "double";
      case DECIMAL -> "decimal(" + field.precision() + "," + field.scale() + ")";
      case DATETIME -> text ? "string" : "datetime";
      case TIMESTAMP -> text ? "string" : "timestamp";
      default -> "string";
    };
  }

  public static SourceFixture source(FakeLogService service, Sample sample) {
    FakeLogstore store = fill(service, sample);
    return SourceFixture.holding(sample, reading(service, store, sample.schema()));
  }

  /** A new logstore to write to, looked at by the columns' names. */
  public static TargetFixture target(FakeLogService service, Schema schema) {
    FakeLogstore store = service.create(3);
    Map<String, Object> options = new LinkedHashMap<>(service.options(store));
    options.put("column", schema.fields().stream().map(Field::name).toList());
    options.put("batchSize", 40);
    return new TargetFixture(options, () -> look(store, schema));
  }

  /** Of which the service refuses those with a value above 1 MB. */
  public static RefusedRecords refused(FakeLogService service) {
    Schema schema =
        Schema.of(
            Field.of("id", ColumnType.INT64).withNullable(false),
            Field.of("text", ColumnType.STRING));
    String large = "x".repeat((1 << 20) + 1);
    Sample sample =
        Sample.of(
            schema,
            List.of(0L, "a"),
            List.of(1L, large),
            List.of(2L, "b"),
            List.of(3L, "c"),
            List.of(4L, large),
            List.of(5L, "d"));
    return new RefusedRecords(target(service, schema), sample, Set.of(1, 4));
  }

  private static List<List<@Nullable String>> look(FakeLogstore store, Schema schema) {
    List<List<@Nullable String>> records = new ArrayList<>();
    for (Map<String, String> log : store.logs()) {
      List<@Nullable String> record = new ArrayList<>();
      for (Field field : schema.fields()) {
        String value = log.get(field.name());
        record.add(
            value == null || field.type() != ColumnType.BYTES
                ? value
                : "0x" + HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8)));
      }
      records.add(record);
    }
    return records;
  }
}
