package io.millrace.kafka;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.testkit.sample.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Records as JSON objects, made and read with another library than the connector's. */
final class JsonSamples {

  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonSamples() {}

  /** The option {@code column} of a reader that delivers this schema. */
  static List<Map<String, Object>> columns(Schema schema) {
    List<Map<String, Object>> columns = new ArrayList<>();
    for (Field field : schema.fields()) {
      String type =
          switch (field.type()) {
            case STRING -> "string";
            case INT64 -> "long";
            case FLOAT64 -> "double";
            case DECIMAL -> "decimal(" + field.precision() + "," + field.scale() + ")";
            case BOOLEAN -> "bool";
            case JSON -> "json";
            case BYTES -> "bytes";
            case TIME -> "time";
            case DATE -> "date";
            case DATETIME -> "datetime";
            case TIMESTAMP -> "timestamp";
          };
      columns.add(Map.of("name", field.name(), "type", type));
    }
    return columns;
  }

  /** One record of a sample. */
  static byte[] object(Sample sample, int row) {
    StringJoiner object = new StringJoiner(", ", "{", "}");
    List<@Nullable String> texts = sample.texts().get(row);
    for (int i = 0; i < texts.size(); i++) {
      Field field = sample.schema().field(i);
      object.add(quoted(field.name()) + ": " + value(field, texts.get(i)));
    }
    return object.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String value(Field field, @Nullable String text) {
    if (text == null) {
      return "null";
    }
    return switch (field.type()) {
      case BOOLEAN, INT64, DECIMAL, JSON -> text;
      case FLOAT64 -> text.matches("NaN|-?Infinity") ? quoted(text) : text;
      case BYTES ->
          quoted(Base64.getEncoder().encodeToString(HexFormat.of().parseHex(text.substring(2))));
      default -> quoted(text);
    };
  }

  private static String quoted(String text) {
    try {
      return JSON.writeValueAsString(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A flat object of this schema as canonical texts; numbers as they are written. */
  static List<@Nullable String> texts(Schema schema, byte[] object) {
    Map<String, String> values = new HashMap<>();
    try (JsonParser parser = JSON.createParser(object)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (parser.nextToken() != JsonToken.VALUE_NULL) {
          values.put(name, parser.getText());
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    List<@Nullable String> texts = new ArrayList<>();
    for (Field field : schema.fields()) {
      String text = values.get(field.name());
      texts.add(
          text != null && field.type() == ColumnType.BYTES
              ? "0x" + HexFormat.of().formatHex(Base64.getDecoder().decode(text))
              : text);
    }
    return texts;
  }
}
