package io.millrace.scheduler.schedule;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.Nearest;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The entries of a JSON object and where it stands, so that every refusal can say so. */
record Fields(String path, Map<?, ? extends @Nullable Object> entries) {

  static final String SCHEDULE = "schedule";
  static final String CYCLE = "schedule.cycle";

  private static final int SHORT = 60;

  static MillraceException refusal(String message) {
    return new MillraceException(StandardError.CONFIGURATION, message);
  }

  static String shorten(@Nullable Object value) {
    String text = String.valueOf(value).replaceAll("\\s+", " ");
    return text.length() > SHORT ? text.substring(0, SHORT) + "…" : text;
  }

  /** Itself, when it has no other entries than these. */
  Fields only(String... keys) {
    List<String> known = List.of(keys);
    for (Object key : entries.keySet()) {
      if (!known.contains(key)) {
        throw refusal(
            path
                + " has no '"
                + shorten(key)
                + "', only "
                + String.join(", ", known)
                + Nearest.hint(shorten(key), known));
      }
    }
    return this;
  }

  boolean has(String key) {
    return entries.get(key) != null;
  }

  String text(String key, String example) {
    Object value = entries.get(key);
    if (value == null) {
      throw refusal(path + "." + key + " is missing: state it, such as " + example);
    }
    if (!(value instanceof String || value instanceof Number) || value.toString().isBlank()) {
      throw wrong(key, example, value);
    }
    return value.toString().strip();
  }

  /** What {@code parse} makes of a text. */
  <T> T parsed(String key, String example, Function<String, T> parse) {
    String text = text(key, example);
    try {
      return parse.apply(text);
    } catch (DateTimeException | NumberFormatException e) {
      throw wrong(key, example, text);
    }
  }

  <T> @Nullable T optional(String key, String example, Function<String, T> parse) {
    return has(key) ? parsed(key, example, parse) : null;
  }

  int whole(String key, int fallback) {
    return has(key) ? parsed(key, "a whole number", Integer::valueOf) : fallback;
  }

  LocalTime time(String key) {
    return parsed(key, "02:30", LocalTime::parse);
  }

  LocalTime time(String key, LocalTime fallback) {
    return has(key) ? time(key) : fallback;
  }

  /** The texts of a list; a single value counts as a list of one. */
  List<String> list(String key, String example) {
    Object value = entries.get(key);
    if (!(value instanceof Collection<?> many)) {
      return List.of(text(key, example));
    }
    return many.stream().map(each -> shorten(each).strip()).toList();
  }

  List<Integer> wholes(String key, String example) {
    try {
      return list(key, example).stream().map(Integer::valueOf).toList();
    } catch (NumberFormatException e) {
      throw wrong(key, example, entries.get(key));
    }
  }

  <E extends Enum<E>> E word(String key, Class<E> type, E fallback) {
    return has(key) ? word(path + "." + key, text(key, fallback.name()), type) : fallback;
  }

  /** The constant of a name, whatever its case. */
  static <E extends Enum<E>> E word(String where, String text, Class<E> type) {
    List<String> known = Arrays.stream(type.getEnumConstants()).map(Enum::name).toList();
    String word = text.toUpperCase(Locale.ROOT);
    if (!known.contains(word)) {
      throw refusal(
          where
              + " must be one of "
              + String.join(", ", known)
              + ", found '"
              + shorten(text)
              + "'"
              + Nearest.hint(shorten(word), known));
    }
    return Enum.valueOf(type, word);
  }

  private MillraceException wrong(String key, String example, @Nullable Object found) {
    return refusal(
        path + "." + key + " must be such as " + example + ", found '" + shorten(found) + "'");
  }
}
