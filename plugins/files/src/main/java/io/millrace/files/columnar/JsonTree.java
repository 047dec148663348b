package io.millrace.files.columnar;

import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Column;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.DoubleColumn;
import io.millrace.api.record.Texts;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Nested values on their way into JSON text. A node is null, a {@link String} that is JSON already,
 * a {@link List}, a {@link Struct} or {@link Entries}. Stateless.
 */
public final class JsonTree {

  private static final String HEX = "0123456789abcdef";

  private JsonTree() {}

  /** A value with named parts. */
  public record Struct(List<String> names, @Nullable Object[] values) {}

  /** A map: keys that are JSON already, and a value for each. */
  public record Entries(List<String> keys, List<@Nullable Object> values) {}

  /** The JSON text of a value in a column. */
  public static String literal(Column column, int row) {
    if (column.isNull(row)) {
      return "null";
    }
    ColumnType type = column.field().type();
    if (type == ColumnType.FLOAT64) {
      double value = ((DoubleColumn) column).get(row);
      String text =
          column.field().bits() == 32 ? Float.toString((float) value) : Double.toString(value);
      return Double.isFinite(value) ? text : quoted(text);
    }
    if (type == ColumnType.BYTES) {
      return quoted(Base64.getEncoder().encodeToString(((BytesColumn) column).get(row)));
    }
    String text = String.valueOf(Texts.text(column, row));
    return switch (type) {
      case BOOLEAN, INT64, DECIMAL -> text;
      default -> quoted(text);
    };
  }

  /** A text as a JSON string. */
  public static String quoted(String text) {
    StringBuilder json = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < 0x20) {
            json.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
          } else {
            json.append(c);
          }
        }
      }
    }
    return json.append('"').toString();
  }

  /** A key as JSON wants it, a string always. */
  public static String key(@Nullable Object node) {
    String text = text(node);
    return text.startsWith("\"") ? text : quoted(text);
  }

  /** The JSON text of a node. */
  public static String text(@Nullable Object node) {
    StringBuilder json = new StringBuilder();
    write(node, json);
    return json.toString();
  }

  private static void write(@Nullable Object node, StringBuilder json) {
    if (node instanceof List<?> list) {
      json.append('[');
      for (int i = 0; i < list.size(); i++) {
        json.append(i == 0 ? "" : ",");
        write(list.get(i), json);
      }
      json.append(']');
    } else if (node instanceof Struct struct) {
      json.append('{');
      for (int i = 0; i < struct.values().length; i++) {
        json.append(i == 0 ? "" : ",").append(quoted(struct.names().get(i))).append(':');
        write(struct.values()[i], json);
      }
      json.append('}');
    } else if (node instanceof Entries entries) {
      json.append('{');
      for (int i = 0; i < entries.keys().size(); i++) {
        json.append(i == 0 ? "" : ",").append(entries.keys().get(i)).append(':');
        write(entries.values().get(i), json);
      }
      json.append('}');
    } else {
      json.append(node == null ? "null" : node.toString());
    }
  }
}
