package io.millrace.scheduler.datasource;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.engine.task.Secrets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes the secrets out of options and puts them back: the values below keys that are secret by
 * their name, at any depth, and texts with a password inside a URL. Paths are JSON pointers.
 */
final class SecretOptions {

  private static final int MAX_PATH = 500;

  private final Map<String, Object> secrets = new LinkedHashMap<>();
  private final Map<String, Object> known;
  private final String dataSource;

  private SecretOptions(String dataSource, Map<String, Object> known) {
    this.dataSource = dataSource;
    this.known = known;
  }

  /**
   * Options without secrets, and the secrets.
   *
   * @param view with {@code ***} in place of secrets
   * @param secrets by path
   */
  record Separated(Map<String, Object> view, Map<String, Object> secrets) {}

  /**
   * Separates options.
   *
   * @param known the secrets that are there, which {@code ***} keeps
   */
  static Separated separate(
      String dataSource, Map<String, Object> options, Map<String, Object> known) {
    SecretOptions separation = new SecretOptions(dataSource, known);
    Map<String, Object> view = separation.map(options, "", false);
    return new Separated(view, separation.secrets);
  }

  private Map<String, Object> map(Map<?, ?> options, String path, boolean secret) {
    Map<String, Object> view = new LinkedHashMap<>();
    options.forEach(
        (key, value) -> {
          String name = String.valueOf(key);
          String below = path + "/" + name.replace("~", "~0").replace("/", "~1");
          view.put(name, value(value, below, secret || Secrets.isSecret(name, List.of())));
        });
    return view;
  }

  private @Nullable Object value(@Nullable Object value, String path, boolean secret) {
    if (value instanceof Map<?, ?> map) {
      if (map.size() == 1 && (map.containsKey("env") || map.containsKey("file"))) {
        throw wrong(
            path, "refers to what is outside of the store: give the value, it is encrypted");
      }
      return map(map, path, secret);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> view = new ArrayList<>();
      list.forEach(each -> view.add(value(each, path + "/" + view.size(), secret)));
      return view;
    }
    if (value instanceof String text) {
      String shown = secret ? (text.isEmpty() ? "" : Secrets.MASK) : Secrets.hideInUrls(text);
      Object before = known.get(path);
      if (text.contains(Secrets.MASK)
          && before != null
          && text.equals(secret ? Secrets.MASK : Secrets.hideInUrls(before.toString()))) {
        keep(path, before);
        return text;
      }
      if (secret ? text.equals(Secrets.MASK) : text.contains(Secrets.MASK) && isUrl(text)) {
        throw wrong(
            path,
            secret
                ? "is ***, but there is no secret to keep: give its value"
                : "was changed and holds ***: give the secret in it again");
      }
      if (!shown.equals(text)) {
        keep(path, text);
      }
      return shown;
    }
    if (secret && value instanceof Number) {
      keep(path, value);
      return Secrets.MASK;
    }
    return value;
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
