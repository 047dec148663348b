package io.millrace.kafka.connect;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.LocalFiles;
import io.millrace.api.error.MillraceException;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.engine.task.OptionRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientConfigTest {

  private static ClientConfig config(Object... more) {
    Map<String, Object> raw = new HashMap<>(Map.of("server", "a:9092,b:9092"));
    for (int i = 0; i < more.length; i += 2) {
      raw.put((String) more[i], more[i + 1]);
    }
    Options.Checked checked = Options.check(ConnectionOptions.declared(), raw);
    assertThat(checked.problems()).isEmpty();
    return ClientConfig.of(checked.options(), "kafka reader", LocalFiles.ANYWHERE);
  }

  @Test
  void anAccountIsNeverSentInTheClearUnlessThatIsWanted() {
    assertThat(config("username", "u", "password", "p").consumer())
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.mechanism", "PLAIN");
    assertThat(
            config("username", "u", "password", "p", "securityProtocol", "sasl_plaintext")
                .consumer())
        .containsEntry("security.protocol", "SASL_PLAINTEXT");
    assertThat(config().consumer()).doesNotContainKey("security.protocol");
  }

  @Test
  void quotesInAPasswordDoNotEndIt() {
    assertThat(
            config("username", "u", "password", "a\"b\\c; x=\"y").admin().get("sasl.jaas.config"))
        .isEqualTo(
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"u\""
                + " password=\"a\\\"b\\\\c; x=\\\"y\";");
  }

  @Test
  void printingItShowsNoSecret() {
    assertThat(config("username", "u", "password", "hidden").toString()).isEqualTo("a:9092,b:9092");
  }

  @Test
  void whatTheConnectorDecidesCannotBeChangedAndIsNamed() {
    ClientConfig config =
        config(
            "kafkaConfig",
            Map.of(
                "enable.auto.commit", "true",
                "acks", "0",
                "isolation.level", "read_uncommitted",
                "fetch.min.bytes", 5));
    assertThat(config.consumer())
        .containsEntry("enable.auto.commit", "false")
        .containsEntry("isolation.level", "read_uncommitted")
        .containsEntry("fetch.min.bytes", "5");
    assertThat(config.producer()).containsEntry("acks", "all").doesNotContainKey("fetch.min.bytes");
    assertThat(config.withoutEffect()).containsExactly("acks", "enable.auto.commit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a:b", "a:1,", "http://a:1", " ", "a:1 b:2"})
  void aServerThatIsNoneIsRefused(String server) {
    assertThatThrownBy(() -> config("server", server))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("is not a broker's host:port");
  }

  @ParameterizedTest
  @CsvSource({
    "batch.sise, did you mean 'batch.size'?",
    "nonsense, know no 'nonsense'",
    "java.security.auth.login.config, a file for a whole process"
  })
  void namesThatKafkaDoesNotKnowAreRefused(String name, String message) {
    assertThatThrownBy(() -> config("kafkaConfig", Map.of(name, "1")))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining(message);
  }

  @Test
  void halfAnAccountAndAnAccountWithoutSaslAreRefused() {
    assertThatThrownBy(() -> config("username", "u")).hasMessageContaining("need each other");
    assertThatThrownBy(() -> config("username", "u", "password", "p", "securityProtocol", "SSL"))
        .hasMessageContaining("securityProtocol");
    assertThatThrownBy(() -> config("username", "u", "password", "p", "saslMechanism", "GSSAPI"))
        .hasMessageContaining("give 'saslJaasConfig'");
  }

  /** A class that a task names is loaded and run with the rights of the process. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "interceptor.classes",
        "key.deserializer",
        "key.serializer",
        "metric.reporters",
        "partition.assignment.strategy",
        "partitioner.class",
        "sasl.client.callback.handler.class",
        "sasl.kerberos.kinit.cmd",
        "sasl.login.callback.handler.class",
        "sasl.login.class",
        "sasl.oauthbearer.jwt.retriever.class",
        "sasl.oauthbearer.jwt.validator.class",
        "security.providers",
        "ssl.engine.factory.class",
        "value.deserializer",
        "value.serializer"
      })
  void codeIsNotTheTasksToChoose(String property) {
    assertThatThrownBy(
            () -> config("kafkaConfig", Map.of(property, "org.apache.kafka.x.Evil\n, com.x.Evil")))
        .isInstanceOf(MillraceException.class)
        .hasMessage(
            "kafka reader: option 'kafkaConfig': "
                + property
                + " names code that is not Kafka's own: org.apache.kafka.x.Evil");
  }

  @Test
  void everyPropertyThatNamesCodeIsKnown() {
    // A new version of Kafka's clients may bring another: look at what is new here.
    assertThat(
            ConfigDefs.all().values().stream()
                .filter(key -> key.type == Type.CLASS || key.type == Type.LIST)
                .filter(key -> ClientProperties.foreignCode(key.name, "com.x.Evil").isEmpty())
                .map(key -> key.name))
        .containsExactlyInAnyOrder(
            "bootstrap.controllers",
            "bootstrap.servers",
            "config.providers",
            "sasl.oauthbearer.expected.audience",
            "ssl.cipher.suites",
            "ssl.enabled.protocols");
    assertThat(
            ConfigDefs.all().values().stream()
                .filter(key -> key.type == Type.STRING)
                .map(key -> key.name)
                .filter(name -> name.matches(".*(class|provider|cmd|command|factory).*"))
                .filter(name -> ClientProperties.foreignCode(name, "com.x.Evil").isEmpty()))
        .as("the name of a provider that the JVM has already")
        .containsExactly("ssl.provider");
  }

  @ParameterizedTest
  @CsvSource({
    "partition.assignment.strategy, org.apache.kafka.clients.consumer.RangeAssignor",
    "metric.reporters, ''",
    "key.deserializer, org.apache.kafka.common.serialization.StringDeserializer",
    "sasl.login.callback.handler.class,"
        + " org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler"
  })
  void kafkasOwnCodeIsTaken(String property, String value) {
    assertThat(config("kafkaConfig", Map.of(property, value)).wanted(property)).contains(value);
  }

  @ParameterizedTest
  @CsvSource({
    "interceptor.classes, org.apache.kafka.common.metrics.JmxReporter",
    "metric.reporters, org.apache.kafka.clients.consumer.RangeAssignor",
    "partitioner.class, org.apache.kafka.common.serialization.StringSerializer",
    "sasl.login.callback.handler.class, /usr/bin/kinit",
    "key.deserializer, org.apache.kafka.common.security.ssl.DefaultSslEngineFactory"
  })
  void kafkasOwnCodeServesOnlyWhatItIsFor(String property, String value) {
    assertThatThrownBy(() -> config("kafkaConfig", Map.of(property, value)))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining(
            "option 'kafkaConfig': "
                + property
                + " names code that is for something else: "
                + value);
  }

  @Test
  void aProtocolWithAccountsNeedsOne() {
    for (Map<String, Object> each :
        List.<Map<String, Object>>of(
            Map.of("securityProtocol", "SASL_PLAINTEXT"),
            Map.of("kafkaConfig", Map.of("security.protocol", "SASL_SSL")))) {
      String option = each.keySet().iterator().next();
      assertThatThrownBy(() -> config(option, each.get(option)))
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("needs an account; give 'username' and 'password', or");
    }
  }

  /** They were told when the client was made: in stage 3, without the option. */
  @ParameterizedTest
  @CsvSource({
    "max.poll.records, many",
    "max.poll.records, 0",
    "isolation.level, read_everything",
    "request.timeout.ms, -5",
    "compression.type, zip",
    "max.request.size, 5 MB",
    "check.crcs, perhaps"
  })
  void aValueThatKafkaDoesNotTakeIsToldWithItsProperty(String property, String value) {
    assertThatThrownBy(() -> config("kafkaConfig", Map.of(property, value)))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("option 'kafkaConfig': ")
        .hasMessageContaining(property);
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.providers", "config.providers.env.class"})
  void propertiesThatReadFilesIntoOthersAreRefused(String property) {
    assertThatThrownBy(() -> config("kafkaConfig", Map.of(property, "env")))
        .hasMessageContaining("Kafka's clients know no '" + property + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.sun.security.auth.module.JndiLoginModule required user.provider.url=\"ldap://evil\";",
        "com.sun.security.auth.module.LdapLoginModule required userProvider=\"ldap://evil\";",
        "org.apache.kafka.common.security.plain.PlainLoginModule optional username=\"a\"; x.Y required;",
        "\"com.sun.security.auth.module.JndiLoginModule\" required;",
        "com.sun.security.auth.module.KeyStoreLoginModule required keyStoreURL=\"file:/x\";",
        "org.apache.kafka.common.security.plain.PlainLoginModule",
        "nonsense pw-hunter2"
      })
  void loginModulesAreFromAFixedList(String line) {
    for (Map<String, Object> each :
        List.<Map<String, Object>>of(
            Map.of("saslJaasConfig", line),
            Map.of("kafkaConfig", Map.of("sasl.jaas.config", line)))) {
      String option = each.keySet().iterator().next();
      assertThatThrownBy(() -> config(option, each.get(option)))
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("option '" + option + "'")
          .hasMessageNotContaining("evil")
          .hasMessageNotContaining("hunter2");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"a\" password=\"b\";",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"a\" password=\"b\";",
        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId=\"a\";",
        "com.sun.security.auth.module.Krb5LoginModule required useTicketCache=true;"
      })
  void theUsualLoginModulesAreTaken(String line) {
    assertThat(config("saslJaasConfig", line).admin()).containsEntry("sasl.jaas.config", line);
  }

  /** Each of these stood in the run log and in the store in clear. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssl.keystore.key",
        "ssl.keystore.certificate.chain",
        "ssl.truststore.certificates",
        "ssl.key.password",
        "sasl.oauthbearer.client.credentials.client.secret",
        "sasl.oauthbearer.assertion.private.key.passphrase",
        "basic.auth.user.info",
        "Authorization",
        "sk",
        " request.timeout.ms"
      })
  void whatKafkaDoesNotKnowToBeOpenIsASecret(String property) {
    OptionRules rules = OptionRules.of(ConnectionOptions.declared());

    assertThat(rules.shown(Map.of("kafkaConfig", Map.of(property, "x"))))
        .isEqualTo(Map.of("kafkaConfig", Map.of(property, "***")));
  }

  @Test
  void tuningIsShownAndDecidesNothing() {
    OptionRules rules = OptionRules.of(ConnectionOptions.declared());
    Map<String, Object> tuning =
        Map.of(
            "kafkaConfig",
            Map.of("request.timeout.ms", 60000, "client.id", "me", "isolation.level", "x"));

    assertThat(rules.shown(tuning)).isEqualTo(tuning);
    assertThat(rules.directing(tuning)).isEmpty();
    for (String property :
        List.of(
            "bootstrap.servers",
            "security.protocol",
            "sasl.mechanism",
            "sasl.oauthbearer.token.endpoint.url",
            "ssl.endpoint.identification.algorithm",
            "ssl.truststore.location",
            "ssl.engine.factory.class",
            "interceptor.classes",
            "client.dns.lookup",
            "unknown")) {
      assertThat(rules.directing(Map.of("kafkaConfig", Map.of(property, "x"))))
          .as(property)
          .contains("kafkaConfig." + property);
    }
  }

  @Test
  void filesOfTheMachineAreDeclared() {
    assertThat(
            ClientProperties.declared().stream()
                .filter(ConfigOption::localPath)
                .map(ConfigOption::key))
        .containsAll(
            ConfigDefs.all().keySet().stream()
                .filter(name -> name.matches(".*\\.(location|file|url)"))
                .toList());
    assertThat(
            ConnectionOptions.declared().stream()
                .filter(ConfigOption::localPath)
                .map(ConfigOption::key))
        .containsExactly("trustStore", "keyStore");
  }

  @Test
  void aStoreOfKeysOutOfReachIsRefusedByEverySpellingAndOneInReachIsNamedWithoutLinks(
      @TempDir Path top) throws IOException {
    Path root = Files.createDirectory(top.toRealPath().resolve("files"));
    Path key = Files.writeString(root.resolveSibling("key.p12"), "");
    Files.createSymbolicLink(root.resolve("link.p12"), key);
    Path own = Files.writeString(root.resolve("own.p12"), "");
    Files.createSymbolicLink(root.resolve("own-link.p12"), own);
    LocalFiles files = LocalFiles.within(List.of(root), "files.roots", "conf/millrace.yaml");
    for (String option :
        List.of("keyStore", "trustStore", "ssl.keystore.location", "ssl.truststore.location")) {
      for (String path :
          List.of(
              key.toString(),
              root + "/../key.p12",
              root + "/link.p12",
              "/proc/self/root" + key,
              "  " + key + " ")) {
        assertThatThrownBy(() -> within(files, option, path))
            .isInstanceOf(MillraceException.class)
            .hasMessageContaining("outside of files.roots (" + root + "): add ");
      }
    }
    for (String quote : List.of("\"", "'")) {
      String krb5 =
          "com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true keyTab/* */ = "
              + quote
              + key
              + quote
              + ";";
      assertThatThrownBy(() -> within(files, "saslJaasConfig", krb5))
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("outside of files.roots");
      within(files, "saslJaasConfig", krb5.replace(key.toString(), own.toString()));
    }
    assertThat(within(files, "keyStore", root + "/own-link.p12").consumer())
        .containsEntry("ssl.keystore.location", own.toString());
    assertThat(config("keyStore", " " + key).consumer())
        .containsEntry("ssl.keystore.location", key.toString());
  }

  /** The properties of Kafka's own name the same files, and some do by a URL. */
  @Test
  void aFileOutOfReachIsRefusedInKafkasOwnPropertiesToo(@TempDir Path top) throws IOException {
    Path root = Files.createDirectory(top.toRealPath().resolve("files"));
    Path key = Files.writeString(root.resolveSibling("key"), "");
    Path own = Files.writeString(root.resolve("own"), "");
    LocalFiles files = LocalFiles.within(List.of(root), "files.roots", "conf/millrace.yaml");
    for (ConfigOption<?> property : ClientProperties.declared()) {
      if (property.localPath()) {
        boolean url = property.key().endsWith(".url");
        for (String scheme : url ? List.of("file:", "file://", "FILE:") : List.of("")) {
          assertThatThrownBy(
                  () -> within(files, "kafkaConfig", Map.of(property.key(), scheme + key)))
              .as(property.key())
              .isInstanceOf(MillraceException.class)
              .hasMessageContaining("outside of files.roots (" + root + "): add ");
          within(files, "kafkaConfig", Map.of(property.key(), scheme + own));
        }
        if (url) {
          within(files, "kafkaConfig", Map.of(property.key(), "https://login.example/jwks"));
        }
      }
    }
    String krb5 =
        "com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true keyTab='"
            + key
            + "';";
    assertThatThrownBy(() -> within(files, "kafkaConfig", Map.of("sasl.jaas.config", krb5)))
        .hasMessageContaining("outside of files.roots");
  }

  private static ClientConfig within(LocalFiles files, String option, Object value) {
    Options.Checked checked =
        Options.check(ConnectionOptions.declared(), Map.of("server", "a:9092", option, value));
    assertThat(checked.problems()).isEmpty();
    return ClientConfig.of(checked.options(), "kafka reader", files);
  }
}
