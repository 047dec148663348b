package io.millrace.kafka.connect;

import io.millrace.api.LocalFiles;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Nearest;
import io.millrace.api.option.Options;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.jspecify.annotations.Nullable;

/**
 * The properties of clients: those of the connection, and what the user wants of Kafka's own.
 * Immutable. Holds secrets: never print it.
 */
public final class ClientConfig {

  /** What this connector decides itself. A task of DataWorks may name them; that has no effect. */
  private static final Set<String> OURS =
      Set.of(
          "bootstrap.servers",
          "key.deserializer",
          "value.deserializer",
          "key.serializer",
          "value.serializer",
          "enable.auto.commit",
          "auto.commit.interval.ms",
          "enable.idempotence",
          "transactional.id",
          "acks",
          "max.poll.interval.ms",
          "session.timeout.ms",
          "heartbeat.interval.ms",
          "allow.auto.create.topics");

  /** They have options of their own, which win over {@code kafkaConfig}. */
  private static final Set<String> WITH_AN_OPTION = Set.of("group.id", "auto.offset.reset");

  /** Those that Kafka has. */
  private static final Set<String> SCRAM = Set.of("SCRAM-SHA-256", "SCRAM-SHA-512");

  private static final Map<String, String> OPTIONS =
      Map.of(
          "ssl.truststore.location", ConnectionOptions.TRUST_STORE.key(),
          "ssl.truststore.password", ConnectionOptions.TRUST_STORE_PASSWORD.key(),
          "ssl.keystore.location", ConnectionOptions.KEY_STORE.key(),
          "ssl.keystore.password", ConnectionOptions.KEY_STORE_PASSWORD.key());

  /** Options of login modules that name files. */
  private static final Set<String> FILES_OF_JAAS =
      Set.of("keytab", "ticketcache", "keystoreurl", "file");

  private final String server;
  private final Map<String, Object> connection;
  private final Map<String, String> wanted;

  private ClientConfig(String server, Map<String, Object> connection, Map<String, String> wanted) {
    this.server = server;
    this.connection = connection;
    this.wanted = wanted;
  }

  /**
   * Reads them from a task's options.
   *
   * @param end {@code kafka reader} or {@code kafka writer}, for messages
   * @param files which files of this machine are in reach
   * @throws MillraceException when they do not fit together, or name a file that is out of reach
   */
  public static ClientConfig of(Options options, String end, LocalFiles files) {
    String server = options.get(ConnectionOptions.SERVER).strip();
    for (String each : server.split(",", -1)) {
      if (!each.strip().matches("[^\\s:/]+:\\d{1,5}|\\[[0-9A-Fa-f:.]+]:\\d{1,5}")) {
        throw wrong(end, "option 'server': '" + each.strip() + "' is not a broker's host:port");
      }
    }
    Map<String, Object> connection = new LinkedHashMap<>();
    security(options, end, files, connection);
    ClientConfig config = new ClientConfig(server, connection, wanted(options, end, files));
    // One of the whole process would do as well.
    if (config.mechanism() != null
        && !config.admin().containsKey(SaslConfigs.SASL_JAAS_CONFIG)
        && System.getProperty("java.security.auth.login.config") == null) {
      throw wrong(
          end,
          "option 'securityProtocol' is "
              + config.protocol()
              + ", which needs an account; give 'username' and 'password', or 'saslJaasConfig'");
    }
    return config;
  }

  private static void security(
      Options options, String end, LocalFiles files, Map<String, Object> connection) {
    Optional<String> user = options.find(ConnectionOptions.USERNAME).filter(t -> !t.isBlank());
    Optional<String> password = options.find(ConnectionOptions.PASSWORD).filter(t -> !t.isEmpty());
    Optional<String> jaas =
        options.find(ConnectionOptions.SASL_JAAS_CONFIG).filter(t -> !t.isBlank());
    jaas.ifPresent(line -> refuseModules(end, "option 'saslJaasConfig'", line));
    if (user.isPresent() != password.isPresent()) {
      throw wrong(end, "options 'username' and 'password' need each other");
    }
    jaas.ifPresent(text -> requireInReach(end, text, files));
    boolean account = user.isPresent() || jaas.isPresent();
    String protocol =
        options
            .find(ConnectionOptions.SECURITY_PROTOCOL)
            .map(Enum::name)
            .orElse(account ? "SASL_SSL" : "");
    if (account && !protocol.startsWith("SASL")) {
      throw wrong(
          end,
          "an account is given, but option 'securityProtocol' is "
              + protocol
              + ", which has none; use SASL_SSL or SASL_PLAINTEXT");
    }
    if (!protocol.isEmpty()) {
      connection.put("security.protocol", protocol);
    }
    if (account) {
      String mechanism = options.get(ConnectionOptions.SASL_MECHANISM).strip();
      connection.put("sasl.mechanism", mechanism);
      connection.put(
          "sasl.jaas.config",
          jaas.orElseGet(() -> jaas(end, mechanism, user.orElseThrow(), password.orElseThrow())));
    }
    store(options, ConnectionOptions.TRUST_STORE, "ssl.truststore", files, connection);
    options
        .find(ConnectionOptions.TRUST_STORE_PASSWORD)
        .ifPresent(value -> connection.put("ssl.truststore.password", value));
    store(options, ConnectionOptions.KEY_STORE, "ssl.keystore", files, connection);
    options
        .find(ConnectionOptions.KEY_STORE_PASSWORD)
        .ifPresent(
            value -> {
              boolean pem = "PEM".equals(connection.get("ssl.keystore.type"));
              connection.put(pem ? "ssl.key.password" : "ssl.keystore.password", value);
            });
  }

  private static void store(
      Options options,
      ConfigOption<String> option,
      String key,
      LocalFiles files,
      Map<String, Object> connection) {
    options
        .find(option)
        .filter(text -> !text.isBlank())
        .ifPresent(
            text -> {
              String name = text.strip().toLowerCase(Locale.ROOT);
              connection.put(key + ".location", files.allowed(path(option, text)).toString());
              connection.put(
                  key + ".type",
                  name.endsWith(".pem")
                      ? "PEM"
                      : name.endsWith(".p12") || name.endsWith(".pfx") ? "PKCS12" : "JKS");
            });
  }

  /** A key of Kerberos is a file, too. Read as Kafka will read it. */
  private static void requireInReach(String end, String jaas, LocalFiles files) {
    if (!files.isBound()) {
      return;
    }
    List<AppConfigurationEntry> modules;
    try {
      modules =
          JaasContext.loadClientContext(Map.of(SaslConfigs.SASL_JAAS_CONFIG, new Password(jaas)))
              .configurationEntries();
    } catch (IllegalArgumentException e) {
      // Without its message, which may hold a part of a password.
      throw wrong(end, "option 'saslJaasConfig' is not understood by Kafka");
    }
    for (AppConfigurationEntry module : modules) {
      module
          .getOptions()
          .forEach(
              (key, value) -> {
                if (FILES_OF_JAAS.contains(key.toLowerCase(Locale.ROOT))) {
                  String name = String.valueOf(value).replaceFirst("^(?i)file:", "");
                  files.allowed(path(ConnectionOptions.SASL_JAAS_CONFIG, name));
                }
              });
    }
  }

  private static Path path(ConfigOption<String> option, String text) {
    try {
      return Path.of(text.strip());
    } catch (InvalidPathException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION, "option '" + option.key() + "' is not a path", e);
    }
  }

  private static String jaas(String end, String mechanism, String user, String password) {
    String module;
    if (mechanism.equals("PLAIN")) {
      module = "org.apache.kafka.common.security.plain.PlainLoginModule";
    } else if (SCRAM.contains(mechanism)) {
      module = "org.apache.kafka.common.security.scram.ScramLoginModule";
    } else {
      throw wrong(
          end,
          "username and password serve PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512 only; for "
              + mechanism
              + " give 'saslJaasConfig'");
    }
    return module + " required username=" + quoted(user) + " password=" + quoted(password) + ";";
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static Map<String, String> wanted(Options options, String end, LocalFiles files) {
    Map<String, String> wanted = new LinkedHashMap<>();
    Object raw = options.find(ConnectionOptions.KAFKA_CONFIG).orElse(Map.of());
    if (!(raw instanceof Map<?, ?> map)) {
      throw wrong(end, "option 'kafkaConfig' must be an object of names and values");
    }
    Set<String> known = ClientProperties.names();
    map.forEach(
        (key, value) -> {
          String name = String.valueOf(key).strip();
          if (name.equals("java.security.auth.login.config")) {
            throw wrong(
                end,
                "option 'kafkaConfig': "
                    + name
                    + " is a file for a whole process; give 'username' and 'password', or"
                    + " 'saslJaasConfig'");
          }
          if (!known.contains(name)) {
            throw wrong(
                end,
                "option 'kafkaConfig': Kafka's clients know no '"
                    + name
                    + "'"
                    + Nearest.hint(name, known));
          }
          if (value instanceof Map || value instanceof List) {
            throw wrong(end, "option 'kafkaConfig': " + name + " must be a single value");
          }
          if (value != null) {
            refuseCode(end, name, value.toString());
            if (!OURS.contains(name)) {
              ClientProperties.problem(name, value.toString())
                  .ifPresent(
                      problem -> {
                        throw wrong(end, "option 'kafkaConfig': " + problem);
                      });
            }
            wanted.put(name, inReach(end, name, value.toString(), files));
          }
        });
    return wanted;
  }

  /** The value; where it names a file, with the path that was checked. */
  private static String inReach(String end, String name, String value, LocalFiles files) {
    if (name.equals("sasl.jaas.config")) {
      requireInReach(end, value, files);
    }
    if (!files.isBound() || !ClientProperties.isLocalPath(name)) {
      return value;
    }
    String text = value.strip();
    try {
      if (!name.endsWith(".url")) {
        return files.allowed(Path.of(text)).toString();
      }
      URI uri = URI.create(text);
      // Whatever is no web address is taken for a file, as URLs without a host are.
      return "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme())
          ? value
          : files
              .allowed(Path.of(Optional.ofNullable(uri.getPath()).orElse("")))
              .toUri()
              .toString();
    } catch (IllegalArgumentException e) {
      throw wrong(end, "option 'kafkaConfig': " + name + " is neither a path nor a URL");
    }
  }

  private static void refuseCode(String end, String name, String value) {
    ClientProperties.foreignCode(name, value)
        .ifPresent(
            code -> {
              throw wrong(
                  end,
                  "option 'kafkaConfig': "
                      + name
                      + (ClientProperties.isKnownCode(code)
                          ? " names code that is for something else: "
                          : " names code that is not Kafka's own: ")
                      + code.replaceAll("[^A-Za-z0-9_.$/-]", "?"));
            });
    if (name.equals("sasl.jaas.config")) {
      refuseModules(end, "option 'kafkaConfig': " + name, value);
    }
  }

  private static void refuseModules(String end, String where, String line) {
    LoginModules.problem(line)
        .ifPresent(
            problem -> {
              throw wrong(end, where + " " + problem);
            });
  }

  private static MillraceException wrong(String end, String message) {
    return new MillraceException(StandardError.CONFIGURATION, end + ": " + message);
  }

  /** The brokers to begin with, for messages. */
  public String server() {
    return server;
  }

  /** A property that the user wants of Kafka's own clients. */
  public Optional<String> wanted(String name) {
    return Optional.ofNullable(wanted.get(name));
  }

  /**
   * The option that a property of a store comes from, for messages.
   *
   * @param store such as {@code ssl.truststore}
   * @param part {@code location} or {@code password}
   */
  String optionOf(String store, String part) {
    String property = store + "." + part;
    return connection.containsKey(store + ".location")
        ? "option '" + OPTIONS.get(property) + "'"
        : "option 'kafkaConfig', " + property;
  }

  /** Whether the clients are to use TLS. */
  boolean isSecured() {
    return protocol().endsWith("SSL");
  }

  /** How the clients are to prove an account; null where they have none. */
  @Nullable String mechanism() {
    return protocol().startsWith("SASL")
        ? String.valueOf(admin().getOrDefault("sasl.mechanism", "GSSAPI"))
        : null;
  }

  private String protocol() {
    return String.valueOf(admin().getOrDefault("security.protocol", "PLAINTEXT"))
        .toUpperCase(Locale.ROOT);
  }

  /** What the user wants and does not get, since this connector decides it. */
  public List<String> withoutEffect() {
    return wanted.keySet().stream().filter(OURS::contains).sorted().toList();
  }

  /** Properties of a consumer, without deserializers. */
  public Map<String, Object> consumer() {
    Map<String, Object> all = base(ConsumerConfig.configNames());
    all.put("enable.auto.commit", "false");
    all.put("allow.auto.create.topics", "false");
    // What a batch read has not asked for must not be skipped; the reader decides what to do.
    all.put("auto.offset.reset", "none");
    all.putIfAbsent("isolation.level", "read_committed");
    return all;
  }

  /** Properties of a producer, without serializers. */
  public Map<String, Object> producer() {
    Map<String, Object> all = base(ProducerConfig.configNames());
    all.put("enable.idempotence", "true");
    all.put("acks", "all");
    return all;
  }

  /** Properties of a client for administration. */
  public Map<String, Object> admin() {
    Map<String, Object> all = base(AdminClientConfig.configNames());
    all.putIfAbsent("request.timeout.ms", "10000");
    all.putIfAbsent("default.api.timeout.ms", "30000");
    return all;
  }

  private Map<String, Object> base(Set<String> known) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("bootstrap.servers", server);
    // JMX beans would keep the plugin's class loader alive, and nobody reads them here.
    all.put("metric.reporters", "");
    all.put("enable.metrics.push", "false");
    wanted.forEach(
        (name, value) -> {
          if (known.contains(name) && !OURS.contains(name) && !WITH_AN_OPTION.contains(name)) {
            all.put(name, value);
          }
        });
    all.putAll(connection);
    return all;
  }

  /** Without the properties, which hold secrets. */
  @Override
  public String toString() {
    return server;
  }
}
