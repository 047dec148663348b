package io.millrace.hubs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a value stands in a JSON document: {@code user.address[0].city}, with or without {@code $.}
 * before it.
 */
public final class JsonPath {

  private static final JsonPath ROOT = new JsonPath("$", List.of());

  private final String text;

  /** A String for each key, an Integer for each index. */
  private final List<Object> steps;

  private JsonPath(String text, List<Object> steps) {
    this.text = text;
    this.steps = steps;
  }

  /**
   * Reads a path.
   *
   * @throws IllegalArgumentException that says what is wrong with it
   */
  public static JsonPath of(String path) {
    String rest = path.strip();
    if (rest.equals("$")) {
      return ROOT;
    }
    if (rest.startsWith("$.") || rest.startsWith("$[")) {
      rest = rest.substring(rest.charAt(1) == '.' ? 2 : 1);
    }
    List<Object> steps = new ArrayList<>();
    for (String part : rest.split("\\.", -1)) {
      int bracket = part.indexOf('[');
      String key = bracket < 0 ? part : part.substring(0, bracket);
      if (key.equals("*") || key.equals("$")) {
        throw wrong(path);
      }
      if (!key.isEmpty()) {
        steps.add(key);
      } else if (bracket < 0 || !steps.isEmpty()) {
        throw wrong(path);
      }
      while (bracket >= 0) {
        int close = part.indexOf(']', bracket);
        if (close < 0 || close - bracket < 2 || close - bracket > 8) {
          throw wrong(path);
        }
        String digits = part.substring(bracket + 1, close);
        if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
          throw wrong(path);
        }
        steps.add(Integer.valueOf(digits));
        bracket = close + 1 == part.length() ? -1 : close + 1;
        if (bracket >= 0 && part.charAt(bracket) != '[') {
          throw wrong(path);
        }
      }
    }
    return new JsonPath(path.strip(), List.copyOf(steps));
  }

  private static IllegalArgumentException wrong(String path) {
    return new IllegalArgumentException(
        "path '" + path + "' is not one such as user.address[0].city");
  }

  /**
   * The value at this place: a string's content, the JSON text of anything else; null when it is
   * not there or is null. Where a key stands twice, its first value counts.
   *
   * @throws BadValueException when the document is not JSON, also behind the value
   */
  public @Nullable String find(String document) throws BadValueException {
    JsonText json = new JsonText(document);
    String found = find(json, document, 0);
    json.end();
    return found;
  }

  private @Nullable String find(JsonText json, String document, int step) throws BadValueException {
    char first = json.peek();
    if (step == steps.size()) {
      if (first == '"') {
        return json.string();
      }
      int start = json.position();
      json.skipValue();
      return first == 'n' ? null : document.substring(start, json.position());
    }
    Object wanted = steps.get(step);
    if (first == '{' && wanted instanceof String key) {
      return inObject(json, document, step, key);
    }
    if (first == '[' && wanted instanceof Integer index) {
      return inArray(json, document, step, index);
    }
    json.skipValue();
    return null;
  }

  private @Nullable String inObject(JsonText json, String document, int step, String key)
      throws BadValueException {
    String found = null;
    boolean seen = false;
    json.take('{');
    if (json.takeIf('}')) {
      return null;
    }
    do {
      json.peek();
      boolean here = json.string().equals(key) && !seen;
      json.take(':');
      if (here) {
        seen = true;
        found = find(json, document, step + 1);
      } else {
        json.skipValue();
      }
    } while (json.takeIf(','));
    json.take('}');
    return found;
  }

  private @Nullable String inArray(JsonText json, String document, int step, int index)
      throws BadValueException {
    String found = null;
    int at = 0;
    json.take('[');
    if (json.takeIf(']')) {
      return null;
    }
    do {
      if (at++ == index) {
        found = find(json, document, step + 1);
      } else {
        json.skipValue();
      }
    } while (json.takeIf(','));
    json.take(']');
    return found;
  }

  @Override
  public String toString() {
    return text;
  }
}
