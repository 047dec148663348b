package io.millrace.kafka.value;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.millrace.kafka.value.Fields.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds fields of a JSON object by their paths in one pass. For one thread. */
public final class JsonFields implements FieldParser {

  private final JsonFactory json;
  private final Node root = new Node();

  /**
   * @param paths the names that lead to each field, from the outside in
   * @param quoted for each field: whether a text is wanted as JSON, with its quotes
   * @param maxBytes the longest text that is taken
   */
  public JsonFields(List<List<String>> paths, List<Boolean> quoted, int maxBytes) {
    for (int field = 0; field < paths.size(); field++) {
      Node node = root;
      for (String name : paths.get(field)) {
        node = node.children.computeIfAbsent(name, key -> new Node());
      }
      (quoted.get(field) ? node.asJson : node.fields).add(field);
    }
    json =
        new JsonFactoryBuilder()
            // Names of hostile messages must not stay in the Java machine.
            .disable(com.fasterxml.jackson.core.json.JsonReadFeature.ALLOW_TRAILING_COMMA)
            .disable(com.fasterxml.jackson.core.JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Math.max(1000, Math.min(maxBytes, 100_000)))
                    .build())
            .build();
  }

  /** A name on the way to fields. */
  private static final class Node {
    final Map<String, Node> children = new HashMap<>();
    final List<Integer> fields = new ArrayList<>(1);
    final List<Integer> asJson = new ArrayList<>(1);

    boolean isWanted() {
      return !fields.isEmpty() || !asJson.isEmpty();
    }
  }

  @Override
  public void parse(byte[] message, int offset, int length, Fields fields)
      throws BadValueException {
    fields.begin(message);
    try (JsonParser parser = json.createParser(message, offset, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new BadValueException("NOT_JSON", "the value is not a JSON object");
      }
      object(parser, root, offset, fields);
      if (parser.nextToken() != null) {
        throw new BadValueException("NOT_JSON", "something follows the JSON object");
      }
    } catch (JsonProcessingException e) {
      throw new BadValueException("NOT_JSON", "the value is not JSON: " + inOneLine(e));
    } catch (IOException e) {
      throw new BadValueException("NOT_JSON", "the value is not JSON: " + e.getMessage());
    }
  }

  private static String inOneLine(JsonProcessingException e) {
    long at = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
    String message = e.getOriginalMessage().replaceAll("\\s*\\R\\s*", " ");
    return at < 0 ? message : message + " (byte " + at + ")";
  }

  private void object(JsonParser parser, Node node, int offset, Fields fields)
      throws IOException, BadValueException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      Node child = node.children.get(parser.currentName());
      JsonToken token = parser.nextToken();
      if (child == null) {
        parser.skipChildren();
      } else {
        value(parser, token, child, offset, fields);
      }
    }
  }

  private void value(JsonParser parser, JsonToken token, Node node, int offset, Fields fields)
      throws IOException, BadValueException {
    switch (token) {
      case VALUE_STRING -> text(parser, node, offset, fields);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        int start = fields.scratch().size();
        fields.scratch().utf8(parser.getTextCharacters(), parser.getTextOffset(), length(parser));
        decoded(node, Kind.NUMBER, start, fields);
      }
      case VALUE_TRUE -> all(node, Kind.TRUE, 0, 0, fields);
      case VALUE_FALSE -> all(node, Kind.FALSE, 0, 0, fields);
      case VALUE_NULL -> {
        all(node, Kind.NULL, 0, 0, fields);
        missing(node, fields);
      }
      case START_OBJECT, START_ARRAY -> nested(parser, token, node, offset, fields);
      default -> throw new BadValueException("NOT_JSON", "unexpected " + token);
    }
  }

  /** A name that comes again: what was below its earlier value does not count. */
  private static void missing(Node node, Fields fields) {
    for (Node child : node.children.values()) {
      all(child, Kind.NULL, 0, 0, fields);
      missing(child, fields);
    }
  }

  private static int length(JsonParser parser) throws IOException {
    return parser.getTextLength();
  }

  private static void text(JsonParser parser, Node node, int offset, Fields fields)
      throws IOException, BadValueException {
    if (!node.fields.isEmpty()) {
      int start = fields.scratch().size();
      fields.scratch().utf8(parser.getTextCharacters(), parser.getTextOffset(), length(parser));
      for (int field : node.fields) {
        fields.setDecoded(field, Kind.TEXT, start);
      }
    }
    if (!node.asJson.isEmpty()) {
      parser.finishToken();
      int start = (int) parser.currentTokenLocation().getByteOffset();
      int end = (int) parser.currentLocation().getByteOffset();
      for (int field : node.asJson) {
        fields.set(field, Kind.NESTED, offset + start, end - start);
      }
    }
    missing(node, fields);
  }

  private void nested(JsonParser parser, JsonToken token, Node node, int offset, Fields fields)
      throws IOException, BadValueException {
    missing(node, fields);
    int start = node.isWanted() ? (int) parser.currentTokenLocation().getByteOffset() : 0;
    if (token == JsonToken.START_OBJECT && !node.children.isEmpty()) {
      object(parser, node, offset, fields);
    } else {
      parser.skipChildren();
    }
    if (node.isWanted()) {
      int end = (int) parser.currentLocation().getByteOffset();
      all(node, Kind.NESTED, offset + start, end - start, fields);
    }
  }

  private static void all(Node node, Kind kind, int start, int length, Fields fields) {
    for (int field : node.fields) {
      fields.set(field, kind, start, length);
    }
    for (int field : node.asJson) {
      fields.set(field, kind, start, length);
    }
  }

  private static void decoded(Node node, Kind kind, int start, Fields fields) {
    for (int field : node.fields) {
      fields.setDecoded(field, kind, start);
    }
    for (int field : node.asJson) {
      fields.setDecoded(field, kind, start);
    }
    missing(node, fields);
  }
}
