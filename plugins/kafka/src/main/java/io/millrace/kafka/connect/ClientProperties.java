package io.millrace.kafka.connect;

import io.millrace.api.option.ConfigOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/**
 * What {@code kafkaConfig} may hold: the properties that Kafka's own clients define, which of them
 * are secrets or decide where secrets go, and which values are accepted where a value names code.
 * Stateless.
 */
final class ClientProperties {

  private static final String KAFKA = "org.apache.kafka.";

  /** Lists of classes. */
  private static final Set<String> CLASS_LISTS =
      Set.of("interceptor.classes", "metric.reporters", "partition.assignment.strategy");

  /** Texts that name code as well: classes that a provider is made of, a program that is run. */
  private static final Set<String> CODE_IN_TEXT =
      Set.of("security.providers", "sasl.kerberos.kinit.cmd");

  /** Files that Kafka's clients read. */
  private static final Set<String> PATHS =
      Set.of(
          "ssl.keystore.location",
          "ssl.truststore.location",
          "sasl.oauthbearer.assertion.file",
          "sasl.oauthbearer.assertion.private.key.file",
          "sasl.oauthbearer.assertion.template.file",
          // URLs, which may name files.
          "sasl.oauthbearer.token.endpoint.url",
          "sasl.oauthbearer.jwks.endpoint.url");

  /** Whatever begins like this is about whom the client trusts, and what it proves to whom. */
  private static final List<String> DIRECTING =
      List.of("bootstrap.", "client.dns.", "config.", "sasl.", "security.", "ssl.");

  /** What Kafka itself brings, for which properties, and what does nothing but what it is for. */
  private static final Map<String, Set<String>> CODE =
      Map.of(
          "metric.reporters",
          Set.of(KAFKA + "common.metrics.JmxReporter"),
          "partition.assignment.strategy",
          Set.of(
              KAFKA + "clients.consumer.CooperativeStickyAssignor",
              KAFKA + "clients.consumer.RangeAssignor",
              KAFKA + "clients.consumer.RoundRobinAssignor",
              KAFKA + "clients.consumer.StickyAssignor"),
          "partitioner.class",
          Set.of(KAFKA + "clients.producer.RoundRobinPartitioner"),
          "sasl.kerberos.kinit.cmd",
          Set.of("/usr/bin/kinit"),
          "sasl.login.callback.handler.class",
          Set.of(KAFKA + "common.security.oauthbearer.OAuthBearerLoginCallbackHandler"),
          "sasl.oauthbearer.jwt.retriever.class",
          Set.of(
              KAFKA + "common.security.oauthbearer.ClientCredentialsJwtRetriever",
              KAFKA + "common.security.oauthbearer.DefaultJwtRetriever"),
          "sasl.oauthbearer.jwt.validator.class",
          Set.of(
              KAFKA + "common.security.oauthbearer.ClientJwtValidator",
              KAFKA + "common.security.oauthbearer.DefaultJwtValidator"),
          "ssl.engine.factory.class",
          Set.of(KAFKA + "common.security.ssl.DefaultSslEngineFactory"));

  /** Tasks of DataWorks name (de)serializers; this connector takes its own. */
  private static final String SERIALIZATION =
      "org\\.apache\\.kafka\\.common\\.serialization\\.[A-Za-z]+(?:S|Des)erializer";

  private static final Map<String, ConfigKey> KEYS = keys();

  private ClientProperties() {}

  private static Map<String, ConfigKey> keys() {
    Map<String, ConfigKey> keys = new TreeMap<>(ConsumerConfig.configDef().configKeys());
    keys.putAll(ProducerConfig.configDef().configKeys());
    keys.putAll(AdminClientConfig.configDef().configKeys());
    // Reads files and environment variables into other properties.
    keys.remove("config.providers");
    return keys;
  }

  /** The names that Kafka's clients know and that may be given. */
  static Set<String> names() {
    return KEYS.keySet();
  }

  /** Each property as an option. */
  static List<ConfigOption<?>> declared() {
    List<ConfigOption<?>> options = new ArrayList<>();
    for (ConfigKey key : KEYS.values()) {
      ConfigOption<String> option =
          ConfigOption.string(key.name, Optional.ofNullable(key.documentation).orElse(key.name))
              .withOpenContent();
      if (key.type == Type.PASSWORD) {
        option = option.asSecret();
      }
      if (directs(key)) {
        option = option.directsSecrets();
      }
      if (PATHS.contains(key.name)) {
        option = option.asLocalPath();
      }
      options.add(option);
    }
    return options;
  }

  /** True when the value names a file of this machine, or a URL that may. */
  static boolean isLocalPath(String name) {
    return PATHS.contains(name);
  }

  private static boolean directs(ConfigKey key) {
    return namesCode(key) || DIRECTING.stream().anyMatch(key.name::startsWith);
  }

  private static boolean namesCode(ConfigKey key) {
    return key.type == Type.CLASS
        || CLASS_LISTS.contains(key.name)
        || CODE_IN_TEXT.contains(key.name);
  }

  /**
   * The class or program in a property's value that this connector does not take: a task must not
   * choose what code runs.
   */
  static Optional<String> foreignCode(String name, String value) {
    ConfigKey key = KEYS.get(name);
    if (key == null || !namesCode(key)) {
      return Optional.empty();
    }
    return Arrays.stream(value.split(",", -1))
        .map(String::strip)
        .filter(each -> !each.isEmpty() && !isAccepted(name, each))
        .findFirst();
  }

  private static boolean isAccepted(String name, String code) {
    return name.endsWith("serializer")
        ? code.matches(SERIALIZATION)
        : CODE.getOrDefault(name, Set.of()).contains(code);
  }

  /** True when another property may name it. */
  static boolean isKnownCode(String code) {
    return code.matches(SERIALIZATION)
        || CODE.values().stream().anyMatch(each -> each.contains(code));
  }

  /** What is wrong with a property's value, as Kafka says it; empty where nothing is. */
  static Optional<String> problem(String name, String value) {
    ConfigKey key = KEYS.get(name);
    if (key == null || namesCode(key)) {
      return Optional.empty();
    }
    try {
      Object parsed = ConfigDef.parseType(name, value, key.type);
      if (key.validator != null) {
        key.validator.ensureValid(name, parsed);
      }
      return Optional.empty();
    } catch (ConfigException e) {
      // What Kafka calls a password is not in its message.
      return Optional.of(KafkaErrors.message(e));
    }
  }
}
