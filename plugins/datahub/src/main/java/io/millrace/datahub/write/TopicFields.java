package io.millrace.datahub.write;

import com.aliyun.datahub.client.model.Field;
import com.aliyun.datahub.client.model.RecordSchema;
import io.millrace.api.Counted;
import io.millrace.api.Sensitive;
import io.millrace.api.TaskContext;
import io.millrace.api.option.Nearest;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Schema;
import io.millrace.hubs.HubOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which field of the topic each column goes to.
 *
 * @param schema the topic's fields; null for a topic of BLOB records
 * @param indexes for each column the index of its field
 */
record TopicFields(@Nullable RecordSchema schema, List<Integer> indexes) {

  private static final List<String> ALL = List.of("*");

  /**
   * Matches the columns with the topic.
   *
   * @throws io.millrace.api.error.MillraceException when they do not fit
   */
  static TopicFields of(
      @Nullable RecordSchema schema,
      List<String> column,
      Schema source,
      TaskContext.Rules rules,
      Consumer<String> warnings) {
    List<Integer> indexes =
        schema == null
            ? blob(source)
            : source.star() != null && column.equals(ALL)
                ? sameNames(schema, source, source.star(), rules, warnings)
                : indexes(schema, column);
    if (indexes.size() != source.size()) {
      throw HubOptions.wrong(
          "datahub writer: the reader delivers "
              + Counted.of(source.size(), "column", "columns")
              + ", "
              + Counted.of(indexes.size(), "field is", "fields are")
              + " to be written: name one for each with 'column'");
    }
    if (schema != null) {
      requireNoneMissing(schema, indexes);
    }
    return new TopicFields(schema, List.copyOf(indexes));
  }

  /**
   * All columns to all fields, by their names. Where the names are not the same, a task of DataX or
   * DataWorks means their order, if nothing is left out at either side.
   */
  private static List<Integer> sameNames(
      RecordSchema schema,
      Schema source,
      Schema.Star star,
      TaskContext.Rules rules,
      Consumer<String> warnings) {
    List<String> names = source.fields().stream().map(field -> field.name()).toList();
    List<String> fields = schema.getFields().stream().map(Field::getName).toList();
    if (folded(names).equals(folded(fields)) && names.size() == fields.size()) {
      return indexes(schema, names);
    }
    String both =
        "the source's columns ("
            + Sensitive.names(names)
            + ") and the topic's fields ("
            + String.join(", ", fields)
            + ") do not have the same names";
    if (!rules.isForeign()
        || names.size() != fields.size()
        || !star.generated().isEmpty()
        || !star.hidden().isEmpty()) {
      throw HubOptions.wrong(
          "datahub writer: * to *: " + both + "; name them with 'column' at both ends");
    }
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      pairs.add(Sensitive.name(names.get(i)) + " to " + fields.get(i));
    }
    warnings.accept(both + ", so they are matched by their order: " + String.join(", ", pairs));
    return indexes(schema, ALL);
  }

  private static Set<String> folded(List<String> names) {
    return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  /** The fields of these names. */
  static TopicFields named(RecordSchema schema, List<String> names) {
    return new TopicFields(schema, List.copyOf(indexes(schema, names)));
  }

  private static List<Integer> blob(Schema source) {
    ColumnType type = source.size() == 1 ? source.field(0).type() : null;
    if (type != ColumnType.BYTES && type != ColumnType.STRING && type != ColumnType.JSON) {
      throw HubOptions.wrong(
          "datahub writer: the topic holds BLOB records: deliver one column of bytes, text or JSON");
    }
    return List.of(0);
  }

  private static List<Integer> indexes(RecordSchema schema, List<String> column) {
    List<String> names =
        schema.getFields().stream().map(field -> field.getName().toLowerCase(Locale.ROOT)).toList();
    List<Integer> indexes = new ArrayList<>();
    for (String name : column.equals(ALL) ? names : column) {
      int index = names.indexOf(name.toLowerCase(Locale.ROOT));
      if (index < 0 || indexes.contains(index)) {
        throw HubOptions.wrong(
            "datahub writer: option 'column': "
                + (index < 0
                    ? "the topic has no field '" + name + "'" + Nearest.hint(name, names)
                    : "the field '" + name + "' is there twice"));
      }
      indexes.add(index);
    }
    return indexes;
  }

  private static void requireNoneMissing(RecordSchema schema, List<Integer> indexes) {
    for (int i = 0; i < schema.getFields().size(); i++) {
      Field field = schema.getField(i);
      if (!field.isAllowNull() && !indexes.contains(i)) {
        throw HubOptions.wrong(
            "datahub writer: the topic's field '"
                + field.getName()
                + "' may not be NULL: write it, too");
      }
    }
  }

  /** What the columns become. */
  Schema columns() {
    RecordSchema fields = schema;
    if (fields == null) {
      return Schema.of(io.millrace.api.record.Field.of("data", ColumnType.BYTES));
    }
    return new Schema(
        indexes.stream()
            .map(
                index -> {
                  Field field = fields.getField(index);
                  return io.millrace.api.record.Field.of(field.getName(), type(field))
                      .withNullable(field.isAllowNull())
                      .withNativeType(field.getType().name().toLowerCase(Locale.ROOT));
                })
            .toList());
  }

  private static ColumnType type(Field field) {
    return switch (field.getType()) {
      case BIGINT, INTEGER, SMALLINT, TINYINT -> ColumnType.INT64;
      case DOUBLE, FLOAT -> ColumnType.FLOAT64;
      case BOOLEAN -> ColumnType.BOOLEAN;
      case TIMESTAMP -> ColumnType.TIMESTAMP;
      case DECIMAL -> ColumnType.DECIMAL;
      case STRING -> ColumnType.STRING;
    };
  }
}
