package io.millrace.kafka;

import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.testkit.sample.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records as JSON objects, made and read with another library than the connector's. */
final class JsonSamples {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .build();

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
    ObjectNode object = JSON.createObjectNode();
    List<@Nullable String> texts = sample.texts().get(row);
    for (int i = 0; i < texts.size(); i++) {
      object.set(sample.schema().field(i).name(), node(sample.schema().field(i), texts.get(i)));
    }
    try {
      return JSON.writeValueAsBytes(object);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode node(Field field, @Nullable String text) {
    if (text == null) {
      return JSON.nullNode();
    }
    try {
      return switch (field.type()) {
        case BOOLEAN, INT64, DECIMAL, JSON -> JSON.readTree(text);
        case FLOAT64 ->
            text.matches("NaN|-?Infinity") ? JSON.valueToTree(text) : JSON.readTree(text);
        case BYTES -> JSON.valueToTree(HexFormat.of().parseHex(text.substring(2)));
        default -> JSON.valueToTree(text);
      };
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A record of this schema as canonical texts. */
  static List<@Nullable String> texts(Schema schema, byte[] object) {
    try {
      JsonNode node = JSON.readTree(object);
      List<@Nullable String> texts = new ArrayList<>();
      for (Field field : schema.fields()) {
        texts.add(text(field, node.get(field.name())));
      }
      return texts;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static @Nullable String text(Field field, JsonNode value) throws IOException {
    if (value.isNull()) {
      return null;
    }
    if (field.type() == ColumnType.JSON) {
      return value.toString();
    }
    if (field.type() == ColumnType.BYTES) {
      return "0x" + HexFormat.of().formatHex(value.binaryValue());
    }
    if (field.type() == ColumnType.FLOAT64) {
      return Double.toString(Double.parseDouble(value.asText()));
    }
    return field.type() == ColumnType.DECIMAL
        ? value.decimalValue().toPlainString()
        : value.asText();
  }
}
