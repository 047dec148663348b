package io.millrace.engine.task;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value in a document together with where it stands, so that every error can say so. Quoted
 * numbers count as numbers, a blank text as no number.
 *
 * @param file the document's file, for messages
 * @param path such as {@code job.content[0].reader}; empty at the top
 * @param value a Map, List, String, Number, Boolean, or null when absent
 */
record Node(String file, String path, @Nullable Object value) {

  /** The entry of an object; absent when this is absent. */
  Node at(String key) {
    return new Node(file, child(key), entries().get(key));
  }

  /** Follows several keys. */
  Node at(String first, String... more) {
    Node node = at(first);
    for (String key : more) {
      node = node.at(key);
    }
    return node;
  }

  Node with(@Nullable Object other) {
    return new Node(file, path, other);
  }

  boolean isAbsent() {
    return value == null;
  }

  /** True when absent, a blank text, or an empty list or object. */
  boolean isEmpty() {
    return value == null
        || value instanceof String text && text.isBlank()
        || value instanceof Map<?, ?> map && map.isEmpty()
        || value instanceof List<?> list && list.isEmpty();
  }

  /** The entries of an object; none when absent or a blank text. */
  @SuppressWarnings("unchecked") // Documents makes every key a text
  Map<String, @Nullable Object> entries() {
    if (value instanceof Map) {
      return Collections.unmodifiableMap((Map<String, @Nullable Object>) value);
    }
    if (isEmpty()) {
      return Map.of();
    }
    throw wrong("must be an object, found " + kind());
  }

  /** The items of a list; none when absent. */
  List<Node> items() {
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      throw wrong("must be a list, found " + kind());
    }
    List<Node> items = new ArrayList<>(list.size());
    for (Object item : list) {
      items.add(new Node(file, path + "[" + items.size() + "]", item));
    }
    return items;
  }

  /** A text, or empty when absent or blank. */
  Optional<String> text() {
    if (value instanceof Map || value instanceof List) {
      throw wrong("must be a text, found " + kind());
    }
    return Optional.ofNullable(value)
        .map(each -> each.toString().strip())
        .filter(each -> !each.isEmpty());
  }

  /** A number, or empty when absent or blank. */
  Optional<BigDecimal> number() {
    return text()
        .map(
            text -> {
              try {
                return new BigDecimal(text);
              } catch (NumberFormatException e) {
                throw wrong("must be a number, found '" + shorten(text) + "'");
              }
            });
  }

  /** A whole number, or empty when absent or blank. */
  Optional<Long> whole() {
    return number()
        .map(
            number -> {
              try {
                return number.longValueExact();
              } catch (ArithmeticException e) {
                throw wrong("must be a whole number, found '" + shorten(number.toString()) + "'");
              }
            });
  }

  /** True or false, or empty when absent or blank. */
  Optional<Boolean> bool() {
    return text()
        .map(
            text -> {
              if (text.equalsIgnoreCase("true")) {
                return true;
              }
              if (text.equalsIgnoreCase("false")) {
                return false;
              }
              throw wrong("must be true or false, found '" + shorten(text) + "'");
            });
  }

  /** The error that says where, and what is wrong there. */
  MillraceException wrong(String message) {
    String line = file + ": " + (path.isEmpty() ? "it" : path) + " " + message;
    return new MillraceException(StandardError.CONFIGURATION, line.replaceAll("\\p{Cntrl}", " "));
  }

  String child(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private String kind() {
    if (value instanceof Map) {
      return "an object";
    }
    if (value instanceof List) {
      return "a list";
    }
    return value instanceof String ? "a text" : "'" + shorten(String.valueOf(value)) + "'";
  }

  /** A value of the document in a message: on one line, of a sensible length, marked as data. */
  static String shorten(String text) {
    return Sensitive.mark(shorten(text, 80));
  }

  /** The same of a longer text. */
  static String oneLine(String text) {
    return Sensitive.mark(shorten(text, 200));
  }

  private static String shorten(String text, int most) {
    String line = text.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= most ? line : line.substring(0, most - 3) + "...";
  }
}
