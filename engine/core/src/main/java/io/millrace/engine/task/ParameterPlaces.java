package io.millrace.engine.task;

import io.millrace.api.error.MillraceException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where parameters stand in a task's text. Stateless. */
public final class ParameterPlaces {

  /** Options whose text is a statement or a part of one, in lower case. */
  private static final Set<String> STATEMENTS =
      Set.of("where", "querysql", "presql", "postsql", "sql", "query", "filter", "condition");

  /** Options whose text is a value as a whole. */
  private static final Set<String> VALUES = Set.of("value", "values");

  private ParameterPlaces() {}

  /** What a parameter decides, from the least to the most. */
  public enum Place {
    /** Only values: it stands between the quotes of a statement, or in a value, or nowhere. */
    VALUE,

    /** It stands somewhere in a statement outside of quotes, where a word is a name. */
    UNQUOTED,

    /** It stands in the name of something, in a path, in a setting, or the like. */
    OTHER
  }

  /**
   * The most that a parameter decides in a task.
   *
   * @param script the task's text; {@link Place#OTHER} when it cannot be understood
   */
  public static Place of(String name, String script) {
    if (script.isBlank()) {
      return Place.VALUE;
    }
    Pattern use =
        Pattern.compile("\\$(\\{\\s*" + Pattern.quote(name) + "\\s*}|" + Pattern.quote(name) + ")");
    try {
      return of(Documents.read("task", script, "task"), "", use);
    } catch (MillraceException e) {
      return Place.OTHER;
    }
  }

  private static Place of(Node node, String key, Pattern use) {
    Place most = Place.VALUE;
    if (node.value() instanceof Map) {
      for (String each : node.entries().keySet()) {
        most = greater(most, of(node.at(each), each, use));
      }
    } else if (node.value() instanceof List) {
      for (Node item : node.items()) {
        most = greater(most, of(item, key, use));
      }
    } else if (node.value() instanceof String text) {
      Matcher found = use.matcher(text);
      while (found.find()) {
        most = greater(most, place(text, found.start(), key.toLowerCase(Locale.ROOT)));
      }
    }
    return most;
  }

  private static Place place(String text, int at, String key) {
    if (VALUES.contains(key)) {
      return Place.VALUE;
    }
    if (!STATEMENTS.contains(key)) {
      return Place.OTHER;
    }
    return isQuoted(text, at) ? Place.VALUE : Place.UNQUOTED;
  }

  /** True between single quotes; what is between double ones is a name to many servers. */
  private static boolean isQuoted(String text, int at) {
    boolean quoted = false;
    for (int i = 0; i < at; i++) {
      char c = text.charAt(i);
      boolean comment = c == '#' || text.startsWith("--", i) || text.startsWith("/*", i);
      if (comment || c == '\\' || c == '"' || c == '`') {
        // Which quotes count behind these depends on the server.
        return false;
      }
      if (c == '\'') {
        quoted = !quoted;
      }
    }
    return quoted;
  }

  private static Place greater(Place one, Place other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
