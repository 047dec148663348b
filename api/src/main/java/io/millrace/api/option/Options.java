package io.millrace.api.option;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The checked values of declared options. Immutable. */
public final class Options {

  private final Map<String, Object> values;

  private Options(Map<String, Object> values) {
    this.values = values;
  }

  /**
   * Checks raw values against declarations. Nothing is thrown for what is wrong: every problem is
   * returned, so that a user sees all of them at once.
   *
   * @param declared what the connector declares
   * @param raw the keys and values as given; a null or (for anything but a text) blank value counts
   *     as not given. Of a choice that has the word null, a null is that word: YAML and JSON read
   *     it so where it stands without quotes
   */
  public static Checked check(List<ConfigOption<?>> declared, Map<String, ?> raw) {
    Map<String, Object> values = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    Set<String> used = new HashSet<>();
    for (ConfigOption<?> option : declared) {
      Object given = find(option, raw, used, problems);
      if (given == null) {
        Object fallback = option.defaultValue();
        if (fallback != null) {
          values.put(option.key(), fallback);
        } else if (option.required()) {
          problems.add("option '" + option.key() + "' is missing: " + option.description());
        }
        continue;
      }
      try {
        values.put(option.key(), option.convert(given));
      } catch (IllegalArgumentException e) {
        problems.add(
            "option '" + option.key() + "': " + (option.secret() ? "bad value" : e.getMessage()));
      }
    }
    List<UnknownKey> unknown = new ArrayList<>();
    for (String key : raw.keySet()) {
      if (!used.contains(key)) {
        unknown.add(new UnknownKey(key, nearest(key, declared)));
      }
    }
    return new Checked(new Options(values), problems, unknown);
  }

  private static @Nullable Object find(
      ConfigOption<?> option, Map<String, ?> raw, Set<String> used, List<String> problems) {
    Object found = null;
    String foundKey = null;
    List<String> spellings = new ArrayList<>();
    spellings.add(option.key());
    spellings.addAll(option.aliases());
    for (String spelling : spellings) {
      for (Map.Entry<String, ?> entry : raw.entrySet()) {
        if (!entry.getKey().equalsIgnoreCase(spelling)) {
          continue;
        }
        used.add(entry.getKey());
        Object value = entry.getValue();
        if (value == null && option.choices().contains("null")) {
          value = "null";
        }
        boolean blank =
            value instanceof String text && text.isBlank() && option.type() != OptionType.STRING;
        if (value == null || blank) {
          continue;
        }
        if (found != null && !entry.getKey().equals(foundKey) && !found.equals(value)) {
          problems.add(
              "options '" + foundKey + "' and '" + entry.getKey() + "' contradict each other");
        } else if (found == null) {
          found = value;
          foundKey = entry.getKey();
        }
      }
    }
    return found;
  }

  /** The known key that is nearest to {@code key}, or null when none is near. */
  private static @Nullable String nearest(String key, List<ConfigOption<?>> declared) {
    Map<String, String> keyBySpelling = new LinkedHashMap<>();
    for (ConfigOption<?> option : declared) {
      keyBySpelling.put(option.key(), option.key());
      option.aliases().forEach(alias -> keyBySpelling.putIfAbsent(alias, option.key()));
    }
    String spelling = Nearest.of(key, keyBySpelling.keySet());
    return spelling == null ? null : keyBySpelling.get(spelling);
  }

  /**
   * The value of an option that is required or has a default.
   *
   * @throws NoSuchElementException when there is none, which is an error of the connector
   */
  public <T> T get(ConfigOption<T> option) {
    return find(option).orElseThrow(() -> new NoSuchElementException("option " + option.key()));
  }

  /** The value of an option, or empty when neither a value nor a default is there. */
  @SuppressWarnings("unchecked") // put under this key by the option's own convert
  public <T> Optional<T> find(ConfigOption<T> option) {
    return Optional.ofNullable((T) values.get(option.key()));
  }

  /**
   * What checking found.
   *
   * @param options the values that were right
   * @param problems one line for each wrong or missing value; empty when all is well
   * @param unknown keys that no option declares
   */
  public record Checked(Options options, List<String> problems, List<UnknownKey> unknown) {
    public Checked {
      problems = List.copyOf(problems);
      unknown = List.copyOf(unknown);
    }
  }

  /**
   * A key that no option declares.
   *
   * @param key as given
   * @param nearest the nearest declared key, or null when none is near
   */
  public record UnknownKey(String key, @Nullable String nearest) {}
}
