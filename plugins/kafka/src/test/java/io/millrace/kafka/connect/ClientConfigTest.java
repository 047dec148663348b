package io.millrace.kafka.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.LocalFiles;
import io.millrace.api.error.MillraceException;
import io.millrace.api.option.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private static ClientConfig within(LocalFiles files, String option, String path) {
    Options.Checked checked =
        Options.check(ConnectionOptions.declared(), Map.of("server", "a:9092", option, path));
    assertThat(checked.problems()).isEmpty();
    return ClientConfig.of(checked.options(), "kafka reader", files);
  }
}
