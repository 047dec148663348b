package io.millrace.kafka;

import static io.millrace.kafka.TestKafka.message;
import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.kafka.broker.KafkaCluster;
import io.millrace.kafka.read.Reading;
import io.millrace.testkit.context.ConnectionTests;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Accounts, TLS, rights, and what is told when they do not suffice. */
@Timeout(120)
class SecurityIT {

  private final TestKafka kafka = TestKafka.shared();
  private final String sasl = kafka.cluster().saslBootstrap();

  @TempDir private Path directory;

  private Reading as(String topic, Object... more) {
    List<Object> options =
        new ArrayList<>(
            List.of("securityProtocol", "SASL_PLAINTEXT", "column", List.of("__value__")));
    options.addAll(List.of(more));
    return new Reading(sasl, topic, options.toArray());
  }

  private String topic() {
    String topic = kafka.topic(1);
    kafka.send(List.of(message(topic, 0, null, "seen")));
    return topic;
  }

  @ParameterizedTest
  @CsvSource({"admin, PLAIN", "guest, PLAIN", "alice, SCRAM-SHA-256"})
  void anAccountIsProvedByPlainAndByScram(String user, String mechanism) {
    try (Reading reading =
        as(topic(), "username", user, "password", user + "-secret", "saslMechanism", mechanism)) {
      assertThat(reading.all()).containsExactly("seen");
      assertThat(reading.context().log().lines()).noneMatch(line -> line.contains("-secret"));
    }
  }

  @Test
  void aLineOfJaasServesAsWell() {
    String jaas =
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"admin\""
            + " password=\"admin-secret\";";
    try (Reading reading = as(topic(), "saslJaasConfig", jaas)) {
      assertThat(reading.all()).containsExactly("seen");
    }
  }

  @Test
  void aWrongPasswordIsToldWithoutThePassword() {
    try (Reading reading = as(topic(), "username", "admin", "password", "wr0ng-one")) {
      assertThatThrownBy(reading::plan)
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.ACCESS_DENIED))
          .hasMessageContaining("the account was refused")
          .hasMessageContaining(sasl)
          .hasMessageNotContaining("wr0ng");
    }
  }

  @Test
  void aConnectionTestTellsWhoAnswersAndWhatIsWrong() {
    KafkaConnector connector = new KafkaConnector();
    assertThat(ConnectionTests.run(connector, Map.of("server", kafka.cluster().bootstrap())))
        .matches("a Kafka cluster with \\d+ brokers? at \\Q" + kafka.cluster().bootstrap() + "\\E");
    Map<String, Object> source =
        new HashMap<>(
            Map.of(
                "server",
                sasl,
                "securityProtocol",
                "SASL_PLAINTEXT",
                "username",
                "admin",
                "password",
                "admin-secret"));
    assertThat(ConnectionTests.run(connector, source)).endsWith(" at " + sasl + " as admin");
    source.put("password", "wr0ng-one");
    assertThatThrownBy(() -> ConnectionTests.run(connector, source))
        .isInstanceOfSatisfying(
            MillraceException.class,
            e -> assertThat(e.errorCode()).isEqualTo(StandardError.ACCESS_DENIED))
        .hasMessageContaining("cluster at " + sasl + ": the account was refused")
        .hasMessageNotContaining("wr0ng");
    int port = KafkaCluster.freePort();
    assertThatThrownBy(() -> ConnectionTests.run(connector, Map.of("server", "127.0.0.1:" + port)))
        .hasMessageMatching(
            "cluster at 127.0.0.1:" + port + ": no answer for \\d+ s; check 'server' .*");
  }

  @Test
  void aMissingRightIsToldWithItsTopic() throws Exception {
    String topic = topic();
    AclBinding denied =
        new AclBinding(
            new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
            new AccessControlEntry("User:guest", "*", AclOperation.ALL, AclPermissionType.DENY));
    kafka.admin().createAcls(List.of(denied)).all().get(30, TimeUnit.SECONDS);
    try (Reading reading = as(topic, "username", "guest", "password", "guest-secret")) {
      assertThatThrownBy(reading::plan)
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.READ_REFUSED))
          .hasMessageContaining("topic " + topic)
          .hasMessageContaining("the account may not use it")
          .hasMessageContaining("grant it Read");
    }
  }

  @Test
  void aBrokerThatDoesNotAnswerIsToldWithTheTimeThatWasWaited() {
    int port = KafkaCluster.freePort();
    try (Reading reading =
        new Reading(
            "127.0.0.1:" + port,
            "any",
            "kafkaConfig",
            Map.of("default.api.timeout.ms", 2000, "request.timeout.ms", 1000))) {
      assertThatThrownBy(reading::plan)
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> {
                assertThat(e.errorCode()).isEqualTo(StandardError.CONNECT);
                assertThat(e.isRetryable()).isTrue();
              })
          .hasMessageMatching("topic any at 127.0.0.1:" + port + ": no answer for [12] s; .*");
    }
    try (Reading reading = new Reading("no.such.host.invalid:9092", "any")) {
      assertThatThrownBy(reading::plan)
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("no.such.host.invalid:9092");
    }
  }

  @Test
  void anUnknownTopicIsTold() {
    try (Reading reading = new Reading(kafka.cluster().bootstrap(), "no-such-topic")) {
      assertThatThrownBy(reading::plan)
          .hasMessageContaining("topic no-such-topic at")
          .hasMessageContaining("there is no such topic; check 'topic'");
    }
  }

  @Test
  void tlsIsSpokenWhereTheCertificateIsTrustedAndRefusedWhereNot() throws Exception {
    Path keys = directory.resolve("keys.p12");
    String password = "s3cret-of-the-store";
    run(
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
        password);
    Path certificate = directory.resolve("broker.pem");
    run(
        "-exportcert",
        "-rfc",
        "-alias",
        "broker",
        "-keystore",
        keys.toString(),
        "-storepass",
        password,
        "-file",
        certificate.toString());
    int port = KafkaCluster.freePort();
    try (KafkaCluster cluster = KafkaCluster.of(1).secured(port, keys, password).start();
        Admin admin = cluster.admin()) {
      TestKafka.createTopic(admin, "secure", 1, Map.of());
      try (var producer = TestKafka.producer(cluster.bootstrap(), Map.of())) {
        producer.send(message("secure", 0, null, "seen"));
      }
      String server = "127.0.0.1:" + port;
      Object[] trusting = {
        "securityProtocol",
        "SSL",
        "column",
        List.of("__value__"),
        "trustStore",
        certificate.toString()
      };
      try (Reading reading = new Reading(server, "secure", trusting)) {
        assertThat(reading.all()).containsExactly("seen");
      }
      try (Reading reading = new Reading(server, "secure", "securityProtocol", "SSL")) {
        assertThatThrownBy(reading::plan)
            .isInstanceOfSatisfying(
                MillraceException.class,
                e -> assertThat(e.errorCode()).isEqualTo(StandardError.CONNECT))
            .hasMessageContaining("TLS failed")
            .hasMessageContaining("trustStore");
      }
    }
  }

  private void run(String... arguments) throws Exception {
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
}
