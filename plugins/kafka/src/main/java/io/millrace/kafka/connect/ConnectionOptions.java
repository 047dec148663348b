package io.millrace.kafka.connect;

import io.millrace.api.option.ConfigOption;
import java.util.List;

/** The options of a connection, the same for reader and writer. */
public final class ConnectionOptions {

  static final ConfigOption<String> SERVER =
      ConfigOption.string(
              "server", "Brokers to begin with: host:port, several separated by commas.")
          .withAliases("bootstrapServers", "bootstrap.servers", "brokerList")
          .directsSecrets()
          .mandatory();

  static final ConfigOption<SecurityProtocol> SECURITY_PROTOCOL =
      ConfigOption.choice(
              "securityProtocol",
              SecurityProtocol.class,
              "How to connect: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL. Without it SASL_SSL where"
                  + " an account is given, else PLAINTEXT.")
          .withAliases("security.protocol")
          .directsSecrets();

  static final ConfigOption<String> SASL_MECHANISM =
      ConfigOption.string(
              "saslMechanism", "How the account is proved: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 …")
          .withAliases("sasl.mechanism")
          .directsSecrets()
          .withDefault("PLAIN");

  static final ConfigOption<String> USERNAME =
      ConfigOption.string("username", "The account, for PLAIN and SCRAM.")
          .withAliases("user", "saslUsername");

  static final ConfigOption<String> PASSWORD =
      ConfigOption.string("password", "The account's password.")
          .withAliases("saslPassword")
          .asSecret();

  static final ConfigOption<String> SASL_JAAS_CONFIG =
      ConfigOption.string(
              "saslJaasConfig",
              "A line of JAAS configuration instead of username and password, for other"
                  + " mechanisms.")
          .withAliases("sasl.jaas.config")
          .asSecret()
          .directsSecrets();

  static final ConfigOption<String> TRUST_STORE =
      ConfigOption.string(
              "trustStore",
              "The file of certificates to trust: *.pem, *.p12 or else JKS. Without it those of the"
                  + " Java installation.")
          .withAliases("ssl.truststore.location")
          .asLocalPath()
          .directsSecrets();

  static final ConfigOption<String> TRUST_STORE_PASSWORD =
      ConfigOption.string("trustStorePassword", "Its password.")
          .withAliases("ssl.truststore.password")
          .asSecret();

  static final ConfigOption<String> KEY_STORE =
      ConfigOption.string("keyStore", "The file of the client's own key: *.pem, *.p12 or else JKS.")
          .withAliases("ssl.keystore.location")
          .asLocalPath()
          .directsSecrets();

  static final ConfigOption<String> KEY_STORE_PASSWORD =
      ConfigOption.string("keyStorePassword", "Its password, and the key's.")
          .withAliases("ssl.keystore.password")
          .asSecret();

  static final ConfigOption<Object> KAFKA_CONFIG =
      ConfigOption.json(
              "kafkaConfig",
              "Further properties of Kafka's own clients, by their names, such as"
                  + " {\"request.timeout.ms\": 60000}.")
          .withContent(ClientProperties.declared());

  /** How to connect. */
  enum SecurityProtocol {
    PLAINTEXT,
    SSL,
    SASL_PLAINTEXT,
    SASL_SSL
  }

  private ConnectionOptions() {}

  /** Every option, in the order documentation shows them; {@link #kafkaConfig()} comes last. */
  public static List<ConfigOption<?>> declared() {
    return List.of(
        SERVER,
        SECURITY_PROTOCOL,
        SASL_MECHANISM,
        USERNAME,
        PASSWORD,
        SASL_JAAS_CONFIG,
        TRUST_STORE,
        TRUST_STORE_PASSWORD,
        KEY_STORE,
        KEY_STORE_PASSWORD,
        KAFKA_CONFIG);
  }

  /** The option with properties of Kafka's own clients. */
  public static ConfigOption<Object> kafkaConfig() {
    return KAFKA_CONFIG;
  }
}
