package io.millrace.dist.cli;

import io.millrace.api.error.MillraceException;
import io.millrace.api.option.Nearest;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * What {@code conf/millrace.yaml} says to every command; what it says to the server, {@link
 * ServerSettingsFile} reads.
 *
 * @param plugins where plugin zips lie
 * @param runs where run directories are made
 * @param dataSources the file of named connections
 * @param zone the zone of tasks that name none
 */
record Settings(Path plugins, Path runs, Path dataSources, ZoneId zone) {

  /** Such as CST-8: without a summer time, Java makes the right offset of it. */
  private static final Pattern FIXED_OFFSET =
      Pattern.compile("([A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)[+-]?\\d{1,2}(:\\d\\d){0,2}");

  private static final List<String> KEYS =
      List.of(
          "plugins",
          "runs",
          "datasources",
          "zone",
          "server.host",
          "server.port",
          "server.hosts",
          "server.advertise",
          "server.behindTlsProxy",
          "server.streamsPerAccount",
          "server.data",
          "server.stopSeconds",
          "files.roots",
          "store.url",
          "store.user",
          "store.password",
          "store.password.env",
          "store.password.file",
          "scheduler.zone",
          "scheduler.nightly",
          "scheduler.leaseSeconds",
          "scheduler.clockSkewMillis",
          "scheduler.runs",
          "scheduler.retentionDays",
          "alerts.webhook",
          "alerts.webhook.env",
          "alerts.webhook.file",
          "alerts.header",
          "alerts.headerValue",
          "alerts.headerValue.env",
          "alerts.headerValue.file");

  /**
   * Reads the settings of an installation.
   *
   * @param configuration the directory of {@code millrace.yaml}, which need not be there
   * @throws MillraceException when the file has something unknown or wrong
   */
  static Settings read(Path home, Path configuration) {
    Map<String, String> given = given(configuration.resolve("millrace.yaml"));
    return new Settings(
        home.resolve(given.getOrDefault("plugins", "plugins")),
        Path.of(given.getOrDefault("runs", "runs")),
        given.containsKey("datasources")
            ? home.resolve(given.get("datasources"))
            : configuration.resolve("datasources.yaml"),
        zone(given.get("zone"), configuration));
  }

  private static ZoneId zone(@Nullable String name, Path configuration) {
    try {
      return name == null
          ? systemZone(System.getenv("TZ"), TimeZone.getDefault())
          : ZoneId.of(name);
    } catch (DateTimeException e) {
      throw TaskInput.wrong(
          configuration.resolve("millrace.yaml") + ": zone: there is no zone '" + name + "'");
    }
  }

  /**
   * The zone of this machine. Of a TZ that it does not know Java makes the machine's present
   * offset, which is GMT when the machine does not know it either: business dates would move
   * silently.
   *
   * @param variable what TZ says; null when it is not set
   * @param found what Java made of it
   */
  static ZoneId systemZone(@Nullable String variable, TimeZone found) {
    String name = variable == null ? "" : variable.replaceFirst("^:?(posix/)?", "");
    boolean isOffset = FIXED_OFFSET.matcher(name).matches();
    boolean unknown =
        !name.isEmpty()
            && !isOffset
            && found.getID().startsWith("GMT")
            && !found.getID().equals(name)
            && TimeZone.getTimeZone(name).getID().equals("GMT");
    if (unknown) {
      throw TaskInput.wrong(
          "TZ is '"
              + variable
              + "', which is no name of a zone to Java: business dates would be those of "
              + found.getID()
              + "; set it to a name such as Europe/Berlin, or set zone in conf/millrace.yaml");
    }
    return found.toZoneId();
  }

  /** Every key with its value as text; sections are parts of keys, with dots between. */
  static Map<String, String> given(Path file) {
    Map<String, String> given = new TreeMap<>();
    if (!hasContent(file)) {
      return given;
    }
    Object root;
    try (Reader reader = Files.newBufferedReader(file)) {
      root = yaml().load(reader);
    } catch (IOException | YAMLException e) {
      throw TaskInput.wrong(
          file + " is not YAML: " + Terminal.oneLine(String.valueOf(e.getMessage())));
    }
    if (!(root instanceof Map<?, ?> entries)) {
      throw TaskInput.wrong(file + " must hold lines of the form 'key: value'");
    }
    put(given, file, "", entries);
    return given;
  }

  /** Every value is a text: to YAML, 23:30 is the number 1410. */
  private static Yaml yaml() {
    Resolver texts =
        new Resolver() {
          @Override
          protected void addImplicitResolvers() {}
        };
    DumperOptions dumping = new DumperOptions();
    LoaderOptions loading = new LoaderOptions();
    return new Yaml(
        new SafeConstructor(loading), new Representer(dumping), dumping, loading, texts);
  }

  private static void put(Map<String, String> given, Path file, String section, Map<?, ?> entries) {
    entries.forEach(
        (name, value) -> {
          String key = section + name;
          if (value instanceof Map<?, ?> inner && !inner.isEmpty()) {
            put(given, file, key + ".", inner);
            return;
          }
          if (!KEYS.contains(key)) {
            String hint = Nearest.hint(key, KEYS);
            throw TaskInput.wrong(
                file
                    + ": unknown key '"
                    + key
                    + "'"
                    + (hint.isEmpty() ? "; known are " + String.join(", ", KEYS) : hint));
          }
          if (!(value instanceof String text) || text.isBlank()) {
            throw TaskInput.wrong(file + ": " + key + " must be a text");
          }
          given.put(key, text);
        });
  }

  /** The file as it is shipped has comments only: then the YAML reader need not be loaded. */
  private static boolean hasContent(Path file) {
    if (!Files.exists(file)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines.map(String::strip).anyMatch(line -> !line.isEmpty() && !line.startsWith("#"));
    } catch (IOException | java.io.UncheckedIOException e) {
      throw TaskInput.wrong(file + " cannot be read");
    }
  }
}
