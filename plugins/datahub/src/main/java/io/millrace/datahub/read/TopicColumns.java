package io.millrace.datahub.read;

import com.aliyun.datahub.client.model.Field;
import com.aliyun.datahub.client.model.FieldType;
import com.aliyun.datahub.client.model.RecordSchema;
import com.aliyun.datahub.client.model.protobuf.DatahubProtos.FieldData;
import com.aliyun.datahub.client.model.protobuf.DatahubProtos.RecordEntry;
import com.aliyun.datahub.client.model.protobuf.DatahubProtos.StringPair;
import io.millrace.api.option.Nearest;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Schema;
import io.millrace.datahub.connect.DataHubSettings;
import io.millrace.datahub.connect.Topic;
import io.millrace.hubs.HubColumn;
import io.millrace.hubs.HubOptions;
import io.millrace.hubs.ValueType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The columns a task reads of a topic, and where each one's bytes stand in a record. Immutable. */
final class TopicColumns {

  private static final String SHARD = "__shard_id__";
  private static final String SEQUENCE = "__sequence__";
  private static final String TIME = "__system_time__";
  private static final String ATTRIBUTE = "__attribute__:";
  private static final String BLOB = "data";
  private static final List<String> META = List.of(SHARD, SEQUENCE, TIME);

  private final List<HubColumn> columns;
  private final List<io.millrace.api.record.Field> fields;

  /** For each column the index of its field; -1 for what is not one. */
  private final int[] indexes;

  /** Whether they are all that a topic of named fields has. */
  private final boolean star;

  private TopicColumns(
      List<HubColumn> columns,
      List<io.millrace.api.record.Field> fields,
      int[] indexes,
      boolean star) {
    this.star = star;
    this.columns = columns;
    this.fields = fields;
    this.indexes = indexes;
  }

  /**
   * Matches the task's columns with the topic.
   *
   * @throws io.millrace.api.error.MillraceException when one is not there
   */
  static TopicColumns of(ReadPlan plan, Topic topic, DataHubSettings settings) {
    List<HubColumn> columns = new ArrayList<>();
    List<io.millrace.api.record.Field> fields = new ArrayList<>();
    List<Integer> indexes = new ArrayList<>();
    List<String> names = names(topic.schema());
    for (HubColumn asked : plan.columns()) {
      for (HubColumn column : asked.key().equals("*") ? all(names) : List.of(asked)) {
        int index = names.indexOf(column.key().toLowerCase(Locale.ROOT));
        if (index < 0 && !isMeta(column)) {
          throw HubOptions.wrong(
              "datahub reader: the topic "
                  + settings
                  + " has no field '"
                  + column.key()
                  + "'"
                  + Nearest.hint(column.key(), names));
        }
        add(columns, fields, column, plan, index < 0 ? null : field(topic.schema(), index));
        indexes.add(index);
      }
    }
    return new TopicColumns(
        List.copyOf(columns),
        List.copyOf(fields),
        indexes.stream().mapToInt(Integer::intValue).toArray(),
        topic.schema() != null
            && plan.columns().size() == 1
            && plan.columns().get(0).key().equals("*"));
  }

  private static List<HubColumn> all(List<String> names) {
    return names.stream().map(name -> new HubColumn(name, name, null, 0, 0, null, null)).toList();
  }

  private static List<String> names(@Nullable RecordSchema schema) {
    return schema == null
        ? List.of(BLOB)
        : schema.getFields().stream()
            .map(field -> field.getName().toLowerCase(Locale.ROOT))
            .toList();
  }

  private static @Nullable Field field(@Nullable RecordSchema schema, int index) {
    return schema == null ? null : schema.getField(index);
  }

  private static boolean isMeta(HubColumn column) {
    return column.constant() != null
        || META.contains(column.key())
        || column.key().startsWith(ATTRIBUTE);
  }

  private static void add(
      List<HubColumn> columns,
      List<io.millrace.api.record.Field> fields,
      HubColumn column,
      ReadPlan plan,
      @Nullable Field field) {
    // Its own time counts milliseconds, whatever is in the fields.
    HubColumn typed =
        field == null
                && column.key().equals(TIME)
                && column.type() != null
                && column.type().columnType() == ColumnType.TIMESTAMP
            ? column.withType(ValueType.MILLIS)
            : column;
    io.millrace.api.record.Field result = null;
    if (column.type() == null && column.path() == null) {
      typed = column.withType(natural(column, field, plan.timestamps()));
      result = typed.field();
      if (field != null) {
        result = ofField(typed, field).withNullable(field.isAllowNull());
      }
    }
    columns.add(typed);
    fields.add(result == null ? typed.field() : result);
  }

  private static ValueType natural(HubColumn column, @Nullable Field field, ValueType timestamps) {
    if (field == null) {
      return switch (column.key()) {
        case SEQUENCE -> ValueType.LONG;
        case TIME -> ValueType.MILLIS;
        case BLOB -> ValueType.BYTES;
        default -> ValueType.STRING;
      };
    }
    return switch (field.getType()) {
      case BIGINT, INTEGER, SMALLINT, TINYINT -> ValueType.LONG;
      case DOUBLE, FLOAT -> ValueType.DOUBLE;
      case BOOLEAN -> ValueType.BOOLEAN;
      case TIMESTAMP -> timestamps;
      case DECIMAL -> ValueType.DECIMAL;
      case STRING -> ValueType.STRING;
    };
  }

  private static io.millrace.api.record.Field ofField(HubColumn column, Field field) {
    io.millrace.api.record.Field base =
        column.field().withNativeType(field.getType().name().toLowerCase(Locale.ROOT));
    FieldType type = field.getType();
    return switch (type) {
      case INTEGER -> base.withBits(32, false);
      case SMALLINT -> base.withBits(16, false);
      case TINYINT -> base.withBits(8, false);
      case FLOAT -> base.withBits(32, false);
      default -> base;
    };
  }

  List<HubColumn> columns() {
    return columns;
  }

  Schema schema() {
    return new Schema(fields, star ? new Schema.Star(List.of(), List.of()) : null);
  }

  /** The bytes of each column, null for NULL. */
  byte @Nullable [][] values(String shard, RecordEntry record, long sequence) {
    byte @Nullable [][] values = new byte[columns.size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          indexes[i] >= 0
              ? field(record, indexes[i])
              : meta(columns.get(i).key(), shard, record, sequence);
    }
    return values;
  }

  /** A record that is older than a field does not have it. */
  private static byte @Nullable [] field(RecordEntry record, int index) {
    if (index >= record.getData().getDataCount()) {
      return null;
    }
    FieldData data = record.getData().getData(index);
    return data.hasValue() ? data.getValue().toByteArray() : null;
  }

  private static byte @Nullable [] meta(
      String key, String shard, RecordEntry record, long sequence) {
    String text =
        switch (key) {
          case SHARD -> shard;
          case SEQUENCE -> Long.toString(sequence);
          case TIME -> Long.toString(record.getSystemTime());
          default -> attribute(key, record);
        };
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable String attribute(String key, RecordEntry record) {
    if (!key.startsWith(ATTRIBUTE) || !record.hasAttributes()) {
      return null;
    }
    String name = key.substring(ATTRIBUTE.length());
    for (StringPair pair : record.getAttributes().getAttributesList()) {
      if (pair.getKey().equals(name)) {
        return pair.getValue();
      }
    }
    return null;
  }
}
