package io.millrace.kafka.value;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.millrace.api.Sensitive;
import io.millrace.kafka.value.Fields.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds fields of a JSON object by their paths in one pass. For one thread. */
public final class JsonFields implements FieldParser {

  private final JsonFactory json;
  private final Node root = new Node();

  /**
   * @param paths what leads to each field from the outside in, as {@link JsonPath} has it
   * @param quoted for each field: whether a text is wanted as JSON, with its quotes
   * @param maxBytes the longest text that is taken
   */
  public JsonFields(List<? extends List<?>> paths, List<Boolean> quoted, int maxBytes) {
    for (int field = 0; field < paths.size(); field++) {
      Node node = root;
      for (Object step : paths.get(field)) {
        node =
            step instanceof Integer index
                ? node.elements.computeIfAbsent(index, key -> new Node())
                : node.children.computeIfAbsent((String) step, key -> new Node());
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

  /** A name, or a place in a list, on the way to fields. */
  private static final class Node {
    final Map<String, Node> children = new HashMap<>();
    final Map<Integer, Node> elements = new HashMap<>();
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
    int mark = markLength(message, offset, length);
    int start = offset + mark;
    boolean list = root.children.isEmpty() && !root.elements.isEmpty();
    try (JsonParser parser = json.createParser(message, start, length - mark)) {
      if (parser.nextToken() != (list ? JsonToken.START_ARRAY : JsonToken.START_OBJECT)) {
        throw new BadValueException(
            "NOT_JSON", "the value is not a JSON " + (list ? "list" : "object"));
      }
      if (list) {
        array(parser, root, start, fields);
      } else {
        object(parser, root, start, fields);
      }
      if (parser.nextToken() != null) {
        throw new BadValueException(
            "NOT_JSON", "something follows the JSON " + (list ? "list" : "object"));
      }
    } catch (JsonProcessingException e) {
      throw new BadValueException(
          "NOT_JSON", "the value is not JSON: " + Sensitive.mark(inOneLine(e)));
    } catch (IOException e) {
      throw new BadValueException("NOT_JSON", "the value is not JSON: " + Sensitive.message(e));
    }
  }

  /**
   * The length of UTF-8's own mark at the beginning. Other encodings of Unicode are not guessed,
   * since nested values are taken as they stand.
   */
  private static int markLength(byte[] message, int offset, int length) throws BadValueException {
    boolean other = length > 1 && (message[offset] & 0xFE) == 0xFE;
    for (int i = 0; i < Math.min(4, length); i++) {
      other |= message[offset + i] == 0;
    }
    if (other) {
      throw new BadValueException(
          "NOT_JSON",
          "the value is not JSON in UTF-8: where it is UTF-16 or UTF-32, set 'encoding'");
    }
    boolean marked =
        length >= 3
            && message[offset] == (byte) 0xEF
            && message[offset + 1] == (byte) 0xBB
            && message[offset + 2] == (byte) 0xBF;
    return marked ? 3 : 0;
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

  private void array(JsonParser parser, Node node, int offset, Fields fields)
      throws IOException, BadValueException {
    int index = 0;
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (token == null) {
        throw new BadValueException("NOT_JSON", "the value is not JSON: a list does not end");
      }
      Node child = node.elements.get(index++);
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
    missing(node.children.values(), fields);
    missing(node.elements.values(), fields);
  }

  private static void missing(Collection<Node> nodes, Fields fields) {
    for (Node child : nodes) {
      child.fields.forEach(fields::setAbsent);
      child.asJson.forEach(fields::setAbsent);
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
    } else if (token == JsonToken.START_ARRAY && !node.elements.isEmpty()) {
      array(parser, node, offset, fields);
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
