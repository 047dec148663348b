package io.millrace.dist.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.dist.text.Texts;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes answers: as the server gave them, or for people. What people see holds no control
 * characters but line breaks and tabs, for a terminal would obey them.
 */
final class Output {

  private static final int WIDEST = 60;

  private final PrintStream out;
  private final boolean json;

  Output(PrintStream out, boolean json) {
    this.out = out;
    this.json = json;
  }

  boolean isJson() {
    return json;
  }

  /** An answer as it is when JSON is wanted; otherwise its fields. */
  void answer(ApiClient.Reply reply) {
    if (json) {
      raw(reply.bytes());
    } else {
      fields(reply.json());
    }
  }

  /** Bytes as they are. */
  void raw(byte[] bytes) {
    out.write(bytes, 0, bytes.length);
    if (bytes.length > 0 && bytes[bytes.length - 1] != '\n') {
      out.println();
    }
    out.flush();
  }

  /** All that there is, as it is. */
  void raw(InputStream in) throws IOException {
    in.transferTo(out);
    out.flush();
  }

  void json(JsonNode node) {
    raw(node.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** A line for people; nothing when JSON is wanted. */
  void line(String text) {
    if (!json) {
      out.println(plain(text));
    }
  }

  /** Text that has its own line breaks. */
  void text(String text) {
    out.print(plain(text));
    out.flush();
  }

  /**
   * Rows for people.
   *
   * @param columns names of fields, in their order; parts of a field's path are separated by dots
   */
  void table(Iterable<JsonNode> rows, List<String> columns) {
    List<List<String>> cells = new ArrayList<>();
    rows.forEach(row -> cells.add(columns.stream().map(column -> cell(row, column)).toList()));
    List<String> header =
        columns.stream().map(column -> column.substring(column.lastIndexOf('.') + 1)).toList();
    Texts.table(header, cells, WIDEST).forEach(out::println);
  }

  /** Records for people, with the names of their columns. */
  void records(List<String> header, List<List<String>> records) {
    Texts.table(header, records, WIDEST).forEach(out::println);
  }

  private static String cell(JsonNode row, String column) {
    JsonNode value = row;
    for (String part : column.split("\\.")) {
      value = value.path(part);
    }
    return value(value);
  }

  /** A value in a line. */
  private static String value(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (value.isArray()) {
      List<String> parts = new ArrayList<>();
      value.forEach(one -> parts.add(value(one)));
      return String.join(", ", parts);
    }
    // Nobody reads the fractions of a second of an instant.
    return value.isValueNode()
        ? value
            .asText()
            .replaceFirst("^(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)\\.\\d+Z$", "$1Z")
        : value.toString();
  }

  /** Everything of an object: first what fits into a line each, then texts and tables. */
  void fields(JsonNode object) {
    if (object.isArray()) {
      if (isShort(object)) {
        object.forEach(one -> out.println(plain(value(one))));
      } else {
        table(object, columns(object));
      }
      return;
    }
    Map<String, JsonNode> flat = new LinkedHashMap<>();
    flatten("", object, flat);
    int width = 0;
    for (Map.Entry<String, JsonNode> field : flat.entrySet()) {
      if (isShort(field.getValue())) {
        width = Math.max(width, field.getKey().length());
      }
    }
    for (Map.Entry<String, JsonNode> field : flat.entrySet()) {
      if (isShort(field.getValue())) {
        out.println(
            plain(
                    field.getKey()
                        + " ".repeat(width - field.getKey().length())
                        + "  "
                        + value(field.getValue()))
                .stripTrailing());
      }
    }
    for (Map.Entry<String, JsonNode> field : flat.entrySet()) {
      JsonNode value = field.getValue();
      if (!isShort(value)) {
        out.println();
        out.println(plain(field.getKey()) + ":");
        if (value.isTextual()) {
          value.asText().lines().forEach(line -> out.println("    " + plain(line)));
        } else {
          table(value, columns(value));
        }
      }
    }
    out.flush();
  }

  private static void flatten(String path, JsonNode node, Map<String, JsonNode> flat) {
    if (!node.isObject() || node.isEmpty()) {
      flat.put(path, node);
      return;
    }
    node.properties()
        .forEach(
            field ->
                flatten(
                    path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                    field.getValue(),
                    flat));
  }

  private static boolean isShort(JsonNode value) {
    return value.isArray()
        ? value.isEmpty() || value.get(0).isValueNode()
        : !value.isTextual() || value.asText().indexOf('\n') < 0;
  }

  /** Those that hold a value in any row. */
  private static List<String> columns(JsonNode rows) {
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(
        row -> {
          row.properties()
              .forEach(
                  field -> {
                    if (!field.getValue().isNull()) {
                      columns.add(field.getKey());
                    }
                  });
        });
    return List.copyOf(columns);
  }

  private static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      plain.append(Character.isISOControl(c) && c != '\n' && c != '\t' ? '·' : c);
    }
    return plain.toString();
  }
}
