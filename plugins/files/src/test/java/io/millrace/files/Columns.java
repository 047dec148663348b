package io.millrace.files;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code column} option that reads files of a schema, and the values they hold. */
final class Columns {

  private Columns() {}

  /** By index; bytes as hex digits, as canonical texts have them. */
  static List<Map<String, Object>> byIndex(Schema schema) {
    List<Map<String, Object>> columns = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      Map<String, Object> column = new LinkedHashMap<>();
      column.put("index", i);
      column.put("name", schema.field(i).name());
      column.put("type", type(schema.field(i)));
      if (schema.field(i).type() == ColumnType.BYTES) {
        column.put("format", "hex");
      }
      columns.add(column);
    }
    return columns;
  }

  /** The same for files that the connector wrote itself. */
  static List<Map<String, Object>> written(Schema schema, boolean byName) {
    List<Map<String, Object>> columns = byIndex(schema);
    for (Map<String, Object> column : columns) {
      column.remove("format");
      if (byName) {
        column.remove("index");
      }
    }
    return columns;
  }

  static String type(Field field) {
    return switch (field.type()) {
      case INT64 -> (field.unsigned() ? "uint" : "int") + field.bits();
      case FLOAT64 -> "float" + field.bits();
      case DECIMAL -> "decimal(" + field.precision() + "," + field.scale() + ")";
      default -> field.type().name().toLowerCase(Locale.ROOT);
    };
  }

  /** What a writer's text of a value is in canonical form. */
  static @Nullable String canonical(@Nullable String text, Field field) {
    if (text == null) {
      return null;
    }
    return switch (field.type()) {
      case BYTES -> "0x" + HexFormat.of().formatHex(Base64.getDecoder().decode(text));
      case FLOAT64 -> field.bits() == 32 ? Double.toString(Float.parseFloat(text)) : text;
      default -> text;
    };
  }

  static List<List<@Nullable String>> canonical(
      List<List<@Nullable String>> records, Schema schema) {
    List<List<@Nullable String>> canonical = new ArrayList<>();
    for (List<@Nullable String> record : records) {
      List<@Nullable String> values = new ArrayList<>();
      for (int i = 0; i < record.size(); i++) {
        values.add(canonical(record.get(i), schema.field(i)));
      }
      canonical.add(values);
    }
    return canonical;
  }
}
