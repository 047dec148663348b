package io.millrace.engine.task;

import io.millrace.api.option.ConfigOption;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every secret value that an attempt knows, so that nothing it writes holds one. Immutable; safe
 * for use by several threads.
 */
public final class Secrets {

  /** What stands in the place of a secret. */
  public static final String MASK = "***";

  /** No secrets. */
  public static final Secrets NONE = new Secrets(Set.of());

  /** Below this length a secret is looked for as a whole word only. */
  private static final int SHORT = 4;

  private final Set<String> values;
  private final List<String> forms;

  private Secrets(Set<String> values) {
    this.values = Set.copyOf(values);
    Set<String> all = new LinkedHashSet<>();
    for (String value : values) {
      addForms(value, all);
    }
    all.removeIf(String::isBlank);
    this.forms = all.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
  }

  /** These secrets; blank ones are ignored. */
  public static Secrets of(String... values) {
    return NONE.plus(List.of(values));
  }

  /** These and more. */
  public Secrets plus(Collection<String> more) {
    Set<String> all = new LinkedHashSet<>(values);
    more.stream().filter(value -> !value.isBlank()).forEach(all::add);
    return all.size() == values.size() ? this : new Secrets(all);
  }

  /** The secrets of both. */
  public Secrets plus(Secrets others) {
    return plus(others.values);
  }

  /**
   * These and those of a connector's raw options: the values of options that are declared secret or
   * whose key says so, at any depth, and passwords inside connection URLs.
   *
   * @param declared what the connector declares; may be empty when it is not known
   */
  public Secrets collect(ConnectorSpec spec, List<ConfigOption<?>> declared) {
    Set<String> found = new LinkedHashSet<>();
    spec.options()
        .forEach(
            (key, value) -> {
              if (isDeclared(key, declared)) {
                addLeaves(value, found);
              }
              walk(key, value, found);
            });
    return plus(found);
  }

  /** True when the option's value must be hidden: declared so, or its key says so. */
  public static boolean isSecret(String key, List<ConfigOption<?>> declared) {
    return SecretNames.isSecret(key) || isDeclared(key, declared);
  }

  /** The text with {@value #MASK} in place of each password in a connection URL. */
  public static String hideInUrls(String text) {
    return UrlSecrets.hide(text);
  }

  private static boolean isDeclared(String key, List<ConfigOption<?>> declared) {
    return declared.stream()
        .filter(ConfigOption::secret)
        .anyMatch(
            option ->
                option.key().equalsIgnoreCase(key)
                    || option.aliases().stream().anyMatch(key::equalsIgnoreCase));
  }

  private static void walk(String key, @Nullable Object value, Set<String> found) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((inner, each) -> walk(String.valueOf(inner), each, found));
    } else if (value instanceof List<?> list) {
      list.forEach(each -> walk(key, each, found));
    } else if (value instanceof String text) {
      found.addAll(UrlSecrets.find(text));
    }
    if (SecretNames.isSecret(key)) {
      addLeaves(value, found);
    }
  }

  private static void addLeaves(@Nullable Object value, Set<String> found) {
    if (value instanceof Map<?, ?> map) {
      map.values().forEach(each -> addLeaves(each, found));
    } else if (value instanceof List<?> list) {
      list.forEach(each -> addLeaves(each, found));
    } else if (value instanceof String || value instanceof Number) {
      found.add(value.toString());
    }
  }

  /** A secret as it may turn up in JSON, in SQL, in a URL, or line by line. */
  private static void addForms(String value, Set<String> forms) {
    forms.add(value);
    forms.add(value.strip());
    forms.add(jsonEscaped(value));
    forms.add(value.replace("'", "''"));
    forms.add(value.replace("\\", "\\\\").replace("'", "\\'"));
    forms.add(value.replace("\\", "\\\\"));
    forms.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
    forms.add(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
    value.lines().map(String::strip).filter(line -> line.length() >= 12).forEach(forms::add);
  }

  private static String jsonEscaped(String value) {
    return value
        .replace("\\", "\\\\")
        .replace("\"", "\\\"")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t");
  }

  /**
   * The text with {@value #MASK} in the place of every secret. A secret of less than four
   * characters is replaced where it stands as a whole word, since it would make everything else
   * unreadable.
   */
  public String redact(String text) {
    if (forms.isEmpty() || text.isEmpty()) {
      return text;
    }
    List<int[]> ranges = new ArrayList<>();
    for (String form : forms) {
      for (int at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
        int end = at + form.length();
        if (form.length() >= SHORT || isWholeWord(text, at, end)) {
          ranges.add(new int[] {at, end});
        }
      }
    }
    return ranges.isEmpty() ? text : mask(text, ranges);
  }

  private static boolean isWholeWord(String text, int start, int end) {
    boolean joinsBefore =
        start > 0
            && Character.isLetterOrDigit(text.charAt(start))
            && Character.isLetterOrDigit(text.charAt(start - 1));
    boolean joinsAfter =
        end < text.length()
            && Character.isLetterOrDigit(text.charAt(end - 1))
            && Character.isLetterOrDigit(text.charAt(end));
    return !joinsBefore && !joinsAfter;
  }

  /** Overlapping ranges become one mask, so that no part of a longer secret is left. */
  private static String mask(String text, List<int[]> ranges) {
    ranges.sort(Comparator.comparingInt(range -> range[0]));
    StringBuilder masked = new StringBuilder(text.length());
    int from = 0;
    int start = -1;
    int end = -1;
    for (int[] range : ranges) {
      if (range[0] >= end) {
        if (start >= 0) {
          masked.append(text, from, start).append(MASK);
          from = end;
        }
        start = range[0];
      }
      end = Math.max(end, range[1]);
    }
    return masked.append(text, from, start).append(MASK).append(text.substring(end)).toString();
  }

  /** How many, never which. */
  @Override
  public String toString() {
    return values.size() + " secrets";
  }

  /** Equal when they hide the same values. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secrets secrets && secrets.values.equals(values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }
}
