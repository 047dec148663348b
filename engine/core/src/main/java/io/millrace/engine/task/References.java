package io.millrace.engine.task;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Fetches values that stand elsewhere: {@code {env: NAME}} from the environment, {@code {file:
 * PATH}} from a file, without its last line break. It does so where a secret or a part of a
 * connection is expected; elsewhere such an object is an option's own value. What was fetched is a
 * secret, whatever the option is called: who keeps it apart does not want it in a log.
 */
final class References {

  private static final int MAX_BYTES = 64 << 10;

  private final @Nullable Path directory;
  private final Function<String, @Nullable String> environment;
  private final Set<String> secrets = new LinkedHashSet<>();

  /**
   * @param directory what relative paths start from
   */
  References(Path directory, Function<String, @Nullable String> environment) {
    this.directory = directory;
    this.environment = environment;
  }

  /** Refuses every reference. */
  static References refused() {
    return new References();
  }

  private References() {
    this.directory = null;
    this.environment = name -> null;
  }

  /** The options with every reference replaced by what it refers to. */
  Map<String, Object> resolve(Node options) {
    Map<String, Object> resolved = new LinkedHashMap<>();
    for (String key : options.entries().keySet()) {
      resolved.put(key, resolve(options.at(key), key));
    }
    return resolved;
  }

  private @Nullable Object resolve(Node node, String key) {
    if (node.value() instanceof Map) {
      boolean expected = SecretNames.isSecret(key) || SecretNames.isConnection(key);
      Map<String, @Nullable Object> entries = node.entries();
      if (expected && entries.size() == 1) {
        String kind = entries.keySet().iterator().next();
        if (kind.equals("env") || kind.equals("file")) {
          if (directory == null) {
            throw node.at(kind)
                .wrong(
                    "refers to what is outside of the task, which only a task file may do: put it"
                        + " into a data source and name that");
          }
          String value =
              kind.equals("env") ? fromEnvironment(node.at(kind)) : fromFile(node.at(kind));
          // A port's number would be masked in every count, and tells nothing.
          if (!key.equalsIgnoreCase("port")) {
            secrets.add(value);
          }
          return value;
        }
      }
      return resolve(node);
    }
    if (node.value() instanceof List) {
      List<@Nullable Object> resolved = new ArrayList<>();
      node.items().forEach(item -> resolved.add(resolve(item, key)));
      return resolved;
    }
    return node.value();
  }

  private String fromEnvironment(Node node) {
    String name = node.text().orElseThrow(() -> node.wrong("must name an environment variable"));
    String value = environment.apply(name);
    if (value == null) {
      throw node.wrong("names the environment variable " + name + ", which is not set");
    }
    return value;
  }

  private String fromFile(Node node) {
    String name = node.text().orElseThrow(() -> node.wrong("must name a file"));
    Path file = Objects.requireNonNull(directory).resolve(name);
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          node.file()
              + ": "
              + node.path()
              + " names the file "
              + file
              + ", which cannot be read: "
              + e.getClass().getSimpleName(),
          e);
    }
    if (bytes.length > MAX_BYTES) {
      throw node.wrong("names the file " + file + ", which is larger than 64 KB");
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.endsWith("\n")) {
      text = text.substring(0, text.length() - (text.endsWith("\r\n") ? 2 : 1));
    }
    if (text.isEmpty()) {
      throw node.wrong("names the file " + file + ", which is empty");
    }
    return text;
  }

  /** What was fetched, but for numbers of ports. */
  Set<String> secrets() {
    return secrets;
  }
}
