package io.millrace.api.option;

import io.millrace.api.Sensitive;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns raw values of task files, which often quote numbers, into typed ones. */
final class Conversions {

  private Conversions() {}

  static String text(Object raw) {
    if (raw instanceof Map || raw instanceof List) {
      throw new IllegalArgumentException("expected a text, found " + describe(raw));
    }
    return raw.toString();
  }

  static Long integer(Object raw, long min, long max) {
    long value;
    try {
      value = new BigDecimal(text(raw).strip()).longValueExact();
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "expected a whole number, found '" + Sensitive.mark(raw) + "'", e);
    }
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "must be between " + min + " and " + max + ", found " + Sensitive.mark(value));
    }
    return value;
  }

  static Boolean bool(Object raw) {
    if (raw instanceof Boolean value) {
      return value;
    }
    String word = text(raw).strip();
    if (word.equalsIgnoreCase("true")) {
      return true;
    }
    if (word.equalsIgnoreCase("false")) {
      return false;
    }
    throw new IllegalArgumentException(
        "expected true or false, found '" + Sensitive.mark(raw) + "'");
  }

  static List<String> strings(Object raw) {
    if (!(raw instanceof List<?> items)) {
      return List.of(text(raw));
    }
    List<String> texts = new ArrayList<>(items.size());
    for (Object item : items) {
      if (item == null) {
        throw new IllegalArgumentException("the list holds a null at position " + texts.size());
      }
      texts.add(text(item));
    }
    return List.copyOf(texts);
  }

  private static String describe(Object raw) {
    return raw instanceof Map ? "an object" : "a list";
  }
}
