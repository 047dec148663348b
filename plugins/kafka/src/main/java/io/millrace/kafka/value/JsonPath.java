package io.millrace.kafka.value;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a value stands in a JSON document, from the outside in: a String for each name, an Integer
 * for each place in a list.
 */
public final class JsonPath {

  private JsonPath() {}

  /**
   * Reads a path such as {@code user.address[0].city}, with or without {@code $.} before it.
   *
   * @throws IllegalArgumentException that says what is wrong with it
   */
  public static List<Object> parse(String path) {
    String rest = path;
    if (rest.startsWith("$.") || rest.startsWith("$[")) {
      rest = rest.substring(rest.charAt(1) == '.' ? 2 : 1);
    }
    List<Object> steps = new ArrayList<>();
    for (String part : rest.split("\\.", -1)) {
      int bracket = part.indexOf('[');
      String name = bracket < 0 ? part : part.substring(0, bracket);
      // A list stands at the beginning of the path or behind a name.
      if (name.isEmpty() && (bracket < 0 || !steps.isEmpty())
          || name.equals("*")
          || name.equals("$")
          || name.indexOf(']') >= 0) {
        throw wrong(path);
      }
      if (!name.isEmpty()) {
        steps.add(name);
      }
      while (bracket >= 0) {
        int close = part.indexOf(']', bracket);
        String index = close < 0 ? "" : part.substring(bracket + 1, close);
        boolean last = close + 1 == part.length();
        if (!index.matches("\\d{1,6}") || !last && part.charAt(close + 1) != '[') {
          throw wrong(path);
        }
        steps.add(Integer.valueOf(index));
        bracket = last ? -1 : close + 1;
      }
    }
    return List.copyOf(steps);
  }

  private static IllegalArgumentException wrong(String path) {
    return new IllegalArgumentException(
        "path '"
            + path
            + "' is not one such as user.address[0].city; names with other signs in them are"
            + " written as a list, such as [\"a.b\", \"c[x]\"], and the whole value is __value__");
  }
}
