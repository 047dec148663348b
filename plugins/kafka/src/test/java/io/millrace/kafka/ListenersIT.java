package io.millrace.kafka;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.kafka.broker.KafkaCluster;
import io.millrace.kafka.read.Reading;
import io.millrace.kafka.write.Writing;
import io.millrace.testkit.context.ConnectionTests;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Listeners that speak something else than the options say: told at once, with what to change. */
@Timeout(120)
class ListenersIT {

  private static final Duration SOON = Duration.ofSeconds(12);
  private static final String PASSWORD = "changeit-1";

  private static final List<Object> ACCOUNT =
      List.of("username", "admin", "password", "admin-secret");

  @TempDir private static Path directory;
  private static KafkaCluster cluster;
  private static String open;
  private static String sasl;
  private static String tls;
  private static String certificate;

  @BeforeAll
  static void start() throws Exception {
    Path keys = directory.resolve("broker.p12");
    keytool(
        "-genkeypair",
        "-alias",
        "broker",
        "-keyalg",
        "EC",
        "-dname",
        "CN=localhost",
        "-ext",
        "SAN=IP:127.0.0.1,DNS:localhost",
        "-validity",
        "2",
        "-storetype",
        "PKCS12",
        "-keystore",
        keys.toString(),
        "-storepass",
        PASSWORD);
    certificate = directory.resolve("broker.pem").toString();
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "broker",
        "-keystore",
        keys.toString(),
        "-storepass",
        PASSWORD,
        "-file",
        certificate);
    int port = KafkaCluster.freePort();
    cluster =
        KafkaCluster.of(1)
            .secured(port, keys, PASSWORD)
            .with("listener.name.ssl.ssl.client.auth", "required")
            .start();
    open = cluster.bootstrap();
    sasl = cluster.saslBootstrap();
    tls = "127.0.0.1:" + port;
    try (Admin admin = cluster.admin()) {
      TestKafka.createTopic(admin, "t", 1, Map.of());
    }
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }

  /** A reader, a writer and a connection test each say the same, within seconds. */
  private static void refused(String server, String message, List<Object> options) {
    Schema schema = Schema.of(Field.of("value", ColumnType.STRING));
    Map<String, Object> source = new HashMap<>(Map.of("server", server));
    for (int i = 0; i < options.size(); i += 2) {
      source.put((String) options.get(i), options.get(i + 1));
    }
    try (Reading reading = new Reading(server, "t", options.toArray());
        Writing writing = new Writing(server, "t", options.toArray())) {
      refused(reading::plan, message);
      refused(() -> writing.writer().check(schema, writing.context()), message);
      refused(() -> ConnectionTests.run(new KafkaConnector(), source), message);
    }
  }

  private static void refused(ThrowingCallable call, String message) {
    long begin = System.nanoTime();
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MillraceException.class,
            e -> assertThat(e.errorCode()).isEqualTo(StandardError.CONFIGURATION))
        .hasMessageContaining(message);
    assertThat(System.nanoTime() - begin).isLessThan(SOON.toNanos());
  }

  private static List<Object> options(Object... options) {
    return List.of(options);
  }

  private static List<Object> account(Object... more) {
    List<Object> all = new ArrayList<>(ACCOUNT);
    all.addAll(List.of(more));
    return all;
  }

  @Test
  void aClientWithoutTlsIsToldThatTheListenerSpeaksIt() {
    refused(
        tls,
        "the listener at "
            + tls
            + " speaks TLS, and 'securityProtocol' is PLAINTEXT; set it to SSL, or SASL_SSL with an"
            + " account, or give",
        options());
    refused(
        tls,
        "speaks TLS, and 'securityProtocol' is SASL_PLAINTEXT; set it to SASL_SSL, or give",
        account("securityProtocol", "SASL_PLAINTEXT"));
  }

  @Test
  void aClientWithTlsIsToldThatTheListenerDoesNotSpeakIt() {
    refused(
        open,
        "the listener at "
            + open
            + " speaks no TLS, and 'securityProtocol' is SSL; set it to PLAINTEXT, or give",
        options("securityProtocol", "SSL"));
    refused(
        open,
        "speaks no TLS, and 'securityProtocol' is SASL_SSL; set it to SASL_PLAINTEXT, or give",
        account());
    refused(sasl, "speaks no TLS, and 'securityProtocol' is SASL_SSL", account());
  }

  @Test
  void aClientWithoutAnAccountIsToldThatTheListenerWantsOneAndByWhichMechanisms() {
    refused(
        sasl,
        "the listener at "
            + sasl
            + " wants an account; give 'username' and 'password', 'securityProtocol' SASL_PLAINTEXT"
            + " and as 'saslMechanism' one of ",
        options());
    refused(sasl, "SCRAM-SHA-256", options());
  }

  @Test
  void aClientWithAnAccountIsToldThatTheListenerAsksForNone() {
    refused(
        open,
        "the listener at " + open + " asks for no account; set 'securityProtocol' to PLAINTEXT",
        account("securityProtocol", "SASL_PLAINTEXT"));
  }

  @Test
  void aMechanismThatTheListenerDoesNotHaveIsToldWithThoseThatItHas() {
    String other =
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"a\""
            + " password=\"b\";";
    for (List<Object> options :
        List.of(
            account("saslMechanism", "SCRAM-SHA-512"),
            options("saslMechanism", "NOSUCH", "saslJaasConfig", other))) {
      List<Object> all = new ArrayList<>(options);
      all.addAll(List.of("securityProtocol", "SASL_PLAINTEXT"));
      refused(sasl, "the listener at " + sasl + " does not have the 'saslMechanism' ", all);
      refused(sasl, "SCRAM-SHA-256", all);
    }
  }

  @Test
  void aClientWithTlsAndWithoutAnAccountIsToldThatTheListenerWantsOne() {
    int port = KafkaCluster.freePort();
    try (KafkaCluster both =
        KafkaCluster.of(1)
            .secured(port, directory.resolve("broker.p12"), PASSWORD)
            .with(
                "listener.security.protocol.map",
                "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT,SSL:SASL_SSL")
            .with("listener.name.ssl.sasl.enabled.mechanisms", "PLAIN")
            .with(
                "listener.name.ssl.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required"
                    + " username=\"admin\" password=\"admin-secret\""
                    + " user_admin=\"admin-secret\";")
            .start()) {
      String server = "127.0.0.1:" + port;
      refused(
          server,
          "wants an account; give 'username' and 'password', 'securityProtocol' SASL_SSL and as"
              + " 'saslMechanism' one of PLAIN",
          options("securityProtocol", "SSL", "trustStore", certificate));
      refused(
          server,
          "does not have the 'saslMechanism' SCRAM-SHA-256; it has PLAIN",
          account("trustStore", certificate, "saslMechanism", "SCRAM-SHA-256"));
    }
  }

  @Test
  void aClientWithoutAKeyIsToldWhereTheListenerAsksForOne() {
    try (Reading reading =
        new Reading(
            tls, "t", options("securityProtocol", "SSL", "trustStore", certificate).toArray())) {
      long begin = System.nanoTime();
      assertThatThrownBy(reading::plan).hasMessageContaining("'keyStore'");
      assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(20));
    }
  }
}
