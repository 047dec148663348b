package io.millrace.dist.cli;

import io.millrace.api.error.MillraceException;
import io.millrace.dist.client.UserDirectories;
import io.millrace.dist.server.ServerPlan;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code conf/millrace.yaml} says to the server. Apart from {@link Settings} because no
 * other command should have to look at it.
 */
final class ServerSettingsFile {

  private static final int MINUTE_MILLIS = 60_000;
  private static final int FIVE_MINUTES = 300;
  private static final int HOUR = 3600;
  private static final int CENTURY = 36_500;

  private final Path file;
  private final Map<String, String> given;
  private final UnaryOperator<@Nullable String> environment;

  private ServerSettingsFile(Path file, UnaryOperator<@Nullable String> environment) {
    this.file = file;
    this.given = Settings.given(file);
    this.environment = environment;
  }

  /**
   * Reads the file; what it does not say is as it is shipped.
   *
   * @param configuration the directory of {@code millrace.yaml}, which need not be there
   * @param zone the installation's zone
   * @param environment the process's variables, by name; gives null for one that is not set
   * @param wantedData where the data is, whatever the file says; null to go by the file
   * @throws MillraceException when something in it is wrong
   */
  static ServerPlan read(
      Path configuration,
      ZoneId zone,
      UnaryOperator<@Nullable String> environment,
      @Nullable Path wantedData) {
    return new ServerSettingsFile(configuration.resolve("millrace.yaml"), environment)
        .plan(zone, wantedData);
  }

  private ServerPlan plan(ZoneId installationZone, @Nullable Path wantedData) {
    Path data = wantedData == null ? data() : wantedData.toAbsolutePath();
    return new ServerPlan(
        text("server.host", "127.0.0.1"),
        number("server.port", 7575, 0, 65_535),
        hosts(),
        advertise(),
        truth("server.behindTlsProxy"),
        number("server.streamsPerAccount", 16, 1, 64),
        data,
        Duration.ofSeconds(number("server.stopSeconds", 30, 0, HOUR)),
        store(),
        given.containsKey("scheduler.zone") ? zone() : installationZone,
        nightly(),
        Duration.ofSeconds(number("scheduler.leaseSeconds", 30, 5, FIVE_MINUTES)),
        Duration.ofMillis(number("scheduler.clockSkewMillis", 3_000, 100, MINUTE_MILLIS)),
        given.containsKey("scheduler.runs")
            ? Path.of(text("scheduler.runs", "")).toAbsolutePath()
            : data.resolve("runs"),
        Duration.ofDays(number("scheduler.retentionDays", 30, 1, CENTURY)),
        webhook(),
        new ServerPlan.Files(roots(data), own(), file));
  }

  /** Folders that tasks may reach. */
  private List<Path> roots(Path data) {
    List<Path> roots = new ArrayList<>();
    for (String each : text("files.roots", "").split(",")) {
      if (!each.isBlank()) {
        roots.add(root(each.strip()));
      }
    }
    return roots.isEmpty() ? List.of(data.resolve("files")) : roots;
  }

  private Path root(String text) {
    try {
      Path root = Path.of(text);
      if (root.isAbsolute()) {
        return root;
      }
    } catch (InvalidPathException e) {
      throw wrong("files.roots", "'" + text + "' is not a path");
    }
    throw wrong("files.roots", "must name folders from the root on, found '" + text + "'");
  }

  /** Where these settings and their secrets lie. */
  private List<Path> own() {
    List<Path> own = new ArrayList<>(List.of(file.toAbsolutePath().resolveSibling("")));
    given.forEach(
        (key, value) -> {
          if (key.endsWith(".file")) {
            own.add(file.resolveSibling(value));
          }
        });
    return own;
  }

  /** Not where the command happens to be started: there another start would find nothing. */
  private Path data() {
    if (given.containsKey("server.data")) {
      return Path.of(text("server.data", "")).toAbsolutePath();
    }
    return new UserDirectories(environment).data();
  }

  private String text(String key, String otherwise) {
    return given.getOrDefault(key, otherwise);
  }

  private int number(String key, int otherwise, int least, int most) {
    String text = given.get(key);
    if (text == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw wrong(key, "must be a whole number, found '" + text + "'");
    }
    throw wrong(key, "must be from " + least + " to " + most + ", found " + text);
  }

  private boolean truth(String key) {
    String text = text(key, "false");
    if (!List.of("true", "false").contains(text)) {
      throw wrong(key, "must be true or false, found '" + text + "'");
    }
    return text.equals("true");
  }

  private Set<String> hosts() {
    Set<String> hosts = new TreeSet<>();
    for (String host : text("server.hosts", "").split(",")) {
      if (!host.isBlank()) {
        hosts.add(host.strip().toLowerCase(Locale.ROOT));
      }
    }
    return hosts;
  }

  private ZoneId zone() {
    try {
      return ZoneId.of(text("scheduler.zone", ""));
    } catch (DateTimeException e) {
      throw wrong("scheduler.zone", "there is no zone '" + given.get("scheduler.zone") + "'");
    }
  }

  private LocalTime nightly() {
    String text = text("scheduler.nightly", "23:30");
    try {
      return LocalTime.parse(text);
    } catch (DateTimeException e) {
      throw wrong("scheduler.nightly", "must be a time such as 23:30, found '" + text + "'");
    }
  }

  private ServerPlan.@Nullable Store store() {
    String url = given.get("store.url");
    String password = secret("store.password");
    if (url == null) {
      if (given.containsKey("store.user") || !password.isEmpty()) {
        throw wrong("store.url", "is missing, but an account for it is given");
      }
      return null;
    }
    return new ServerPlan.Store(url, text("store.user", ""), password);
  }

  /** Where other nodes reach this one: a host with a port, or an URL of nothing more. */
  private @Nullable String advertise() {
    String text = given.get("server.advertise");
    if (text == null) {
      return null;
    }
    URI uri = uri(text.contains("://") ? text : "http://" + text);
    if (uri == null
        || !uri.toString().matches("https?://[^/?#@]+(:[0-9]+)?/?")
        || uri.getHost() == null) {
      throw wrong(
          "server.advertise",
          "must be as 10.0.0.3:7575 or https://node-a.example.org, found '" + text + "'");
    }
    return uri.toString().replaceFirst("/$", "");
  }

  private ServerPlan.@Nullable Webhook webhook() {
    String url = secret("alerts.webhook");
    String value = secret("alerts.headerValue");
    if (url.isEmpty()) {
      if (!value.isEmpty()) {
        throw wrong("alerts.webhook", "is missing, but the value of a header for it is given");
      }
      return null;
    }
    URI uri = uri(url);
    // Not repeated: it is a secret with many services.
    if (uri == null || uri.getHost() == null || !url.matches("https?://.*")) {
      throw wrong("alerts.webhook", "must be a URL of http or https");
    }
    String header = text("alerts.header", "Authorization");
    if (!header.matches("[A-Za-z0-9-]{1,100}")) {
      throw wrong("alerts.header", "must be the name of a header, such as Authorization");
    }
    if (!value.matches("[\\x20-\\x7e]*")) {
      throw wrong("alerts.headerValue", "must be one line of plain characters");
    }
    return new ServerPlan.Webhook(uri, header, value);
  }

  private static @Nullable URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /** As data sources name theirs: itself, from the environment, or from a file. Empty without. */
  private String secret(String key) {
    long ways =
        given.keySet().stream().filter(Set.of(key, key + ".env", key + ".file")::contains).count();
    if (ways > 1) {
      throw wrong(key, "is given in more than one way");
    }
    String variable = given.get(key + ".env");
    if (variable != null) {
      String value = environment.apply(variable);
      if (value == null) {
        throw wrong(key + ".env", "names the variable " + variable + ", which is not set");
      }
      return value;
    }
    String from = given.get(key + ".file");
    return from == null ? text(key, "") : fromFile(key + ".file", from);
  }

  private String fromFile(String key, String name) {
    Path path = file.resolveSibling(name);
    try {
      return Files.readString(path).replaceFirst("\\R\\z", "");
    } catch (IOException e) {
      throw wrong(key, "names " + path + ", which cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private MillraceException wrong(String key, String what) {
    return TaskInput.wrong(file + ": " + key + " " + what);
  }
}
