package io.millrace.scheduler.datasource;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.engine.task.OptionRules;
import io.millrace.engine.task.OptionRules.Disclosure;
import io.millrace.engine.task.OptionRules.Rule;
import io.millrace.engine.task.Secrets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the secrets out of options and puts them back: at any depth every value that the connector
 * does not declare open, and texts with a password inside a URL. Paths are JSON pointers.
 */
final class SecretOptions {

  private static final int MAX_PATH = 500;

  private final Map<String, Object> secrets = new LinkedHashMap<>();
  private final Set<String> kept = new LinkedHashSet<>();
  private final Map<String, Object> known;
  private final String dataSource;
  private final boolean stored;

  private SecretOptions(String dataSource, Map<String, Object> known, boolean stored) {
    this.dataSource = dataSource;
    this.known = known;
    this.stored = stored;
  }

  /**
   * Options without secrets, and the secrets.
   *
   * @param view with {@code ***} in place of secrets
   * @param secrets by path
   * @param kept the paths of those that {@code ***} has kept
   */
  record Separated(Map<String, Object> view, Map<String, Object> secrets, Set<String> kept) {}

  /**
   * Separates options.
   *
   * @param rules of the connector
   * @param known the secrets that are there, which {@code ***} keeps
   */
  static Separated separate(
      String dataSource,
      OptionRules rules,
      Map<String, Object> options,
      Map<String, Object> known) {
    return separate(new SecretOptions(dataSource, known, false), rules, options);
  }

  /**
   * The same of options that are stored already: nothing in them is refused, since nobody is there
   * to be told.
   */
  static Separated sealed(
      String dataSource,
      OptionRules rules,
      Map<String, Object> options,
      Map<String, Object> known) {
    return separate(new SecretOptions(dataSource, known, true), rules, options);
  }

  private static Separated separate(
      SecretOptions separation, OptionRules rules, Map<String, Object> options) {
    Map<String, Object> view = separation.map(options, "", rules);
    return new Separated(view, separation.secrets, separation.kept);
  }

  private Map<String, Object> map(Map<?, ?> options, String path, OptionRules rules) {
    Map<String, Object> view = new LinkedHashMap<>();
    options.forEach(
        (key, value) -> {
          String name = String.valueOf(key);
          String below = path + "/" + name.replace("~", "~0").replace("/", "~1");
          view.put(name, value(value, below, rules.of(name)));
        });
    return view;
  }

  private @Nullable Object value(@Nullable Object value, String path, Rule rule) {
    if (value instanceof Map<?, ?> map) {
      if (!stored && map.size() == 1 && (map.containsKey("env") || map.containsKey("file"))) {
        throw wrong(
            path, "refers to what is outside of the store: give the value, it is encrypted");
      }
      return map(map, path, rule.inside());
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> view = new ArrayList<>();
      list.forEach(each -> view.add(value(each, path + "/" + view.size(), rule)));
      return view;
    }
    boolean hidden = rule.disclosure() != Disclosure.OPEN;
    if (value instanceof String text) {
      Object before = known.get(path);
      if (before != null && isMaskOf(text, before, rule)) {
        kept.add(path);
        keep(path, before);
        return text;
      }
      // Also with something around it: nobody's secret is that, but what is left of a view is.
      boolean masked = text.contains(Secrets.MASK) && (hidden || isUrl(text));
      if (masked && stored) {
        return text;
      }
      if (masked) {
        throw wrong(
            path,
            !hidden
                ? "was changed and holds ***: give the secret in it again"
                : text.equals(Secrets.MASK)
                    ? "is ***, but there is no secret to keep: give its value"
                    : "holds ***, which stands for a secret that is not shown: give the whole secret,"
                        + " without ***");
      }
      String shown = rule.shown(text);
      if (!shown.equals(text)) {
        keep(path, text);
      }
      return shown;
    }
    if (hidden && value instanceof Number) {
      keep(path, value);
      return Secrets.MASK;
    }
    return value;
  }

  /** Whole, also where its option has been declared open meanwhile; or within a URL. */
  private static boolean isMaskOf(String text, Object secret, Rule rule) {
    return text.equals(Secrets.MASK)
        || text.contains(Secrets.MASK) && text.equals(rule.shown(secret.toString()));
  }

  private static boolean isUrl(String text) {
    return text.contains("://") || text.startsWith("jdbc:");
  }

  private void keep(String path, Object secret) {
    if (path.length() > MAX_PATH) {
      throw wrong(path.substring(0, 80) + "...", "is nested too deep");
    }
    secrets.put(path, secret);
  }

  private MillraceException wrong(String path, String what) {
    return new MillraceException(
        StandardError.CONFIGURATION,
        ("data source '" + dataSource + "': " + path.substring(1).replace("/", ".") + " " + what)
            .replaceAll("\\p{Cntrl}", " "));
  }

  /** The options with their secrets. */
  static Map<String, Object> join(Map<String, Object> view, Map<String, Object> secrets) {
    return joinMap(view, "", secrets);
  }

  private static Map<String, Object> joinMap(
      Map<?, ?> view, String path, Map<String, Object> secrets) {
    Map<String, Object> joined = new LinkedHashMap<>();
    view.forEach(
        (key, value) ->
            joined.put(
                String.valueOf(key),
                joinValue(
                    value,
                    path + "/" + String.valueOf(key).replace("~", "~0").replace("/", "~1"),
                    secrets)));
    return joined;
  }

  private static @Nullable Object joinValue(
      @Nullable Object value, String path, Map<String, Object> secrets) {
    Object secret = secrets.get(path);
    if (secret != null) {
      return secret;
    }
    if (value instanceof Map<?, ?> map) {
      return joinMap(map, path, secrets);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> joined = new ArrayList<>();
      list.forEach(each -> joined.add(joinValue(each, path + "/" + joined.size(), secrets)));
      return joined;
    }
    return value;
  }
}
