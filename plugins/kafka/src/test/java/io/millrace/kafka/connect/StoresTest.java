package io.millrace.kafka.connect;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;

import io.millrace.api.LocalFiles;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.Options;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores that cannot be used, each told with its option. */
class StoresTest {

  private static final List<String> OPTIONS = List.of("trustStore", "keyStore");

  @TempDir private Path directory;

  private Path store(String name, String type) throws Exception {
    Path file = directory.resolve(name);
    KeyStore store = KeyStore.getInstance(type);
    store.load(null, null);
    if (type.equals("PKCS12")) {
      store.setEntry(
          "k",
          new KeyStore.SecretKeyEntry(new SecretKeySpec(new byte[16], "AES")),
          new KeyStore.PasswordProtection("right-one".toCharArray()));
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, "right-one".toCharArray());
    }
    return file;
  }

  private static void refused(Map<String, Object> options, String... messages) {
    Map<String, Object> raw = new HashMap<>(Map.of("server", "a:9092", "securityProtocol", "SSL"));
    raw.putAll(options);
    ClientConfig config =
        ClientConfig.of(
            Options.check(ConnectionOptions.declared(), raw).options(),
            "kafka reader",
            LocalFiles.ANYWHERE);
    var refusal =
        assertThatThrownBy(() -> Stores.context(config))
            .isInstanceOfSatisfying(
                MillraceException.class,
                e ->
                    org.assertj.core.api.Assertions.assertThat(e.errorCode())
                        .isEqualTo(StandardError.CONFIGURATION))
            .hasMessageNotContaining("wr0ng");
    for (String message : messages) {
      refusal.hasMessageContaining(message);
    }
  }

  @Test
  void aFileThatIsNotThereIsTold() {
    for (String option : OPTIONS) {
      for (String name : List.of("none.p12", "none.jks", "none.pem")) {
        Path file = directory.resolve(name);
        refused(
            name.endsWith(".pem")
                ? Map.of(option, file.toString())
                : Map.of(option, file.toString(), option + "Password", "wr0ng"),
            "option '" + option + "': there is no file " + file);
      }
    }
    Path file = directory.resolve("none.jks");
    refused(
        Map.of("kafkaConfig", Map.of("ssl.truststore.location", file.toString())),
        "option 'kafkaConfig', ssl.truststore.location: there is no file " + file);
  }

  @Test
  void aWrongPasswordIsTold() throws Exception {
    for (String option : OPTIONS) {
      for (Path file : List.of(store("a.p12", "PKCS12"), store("a.jks", "JKS"))) {
        refused(
            Map.of(option, file.toString(), option + "Password", "wr0ng"),
            "option '" + option + "': option '" + option + "Password' is not the password of");
      }
    }
  }

  @Test
  void aFileOfAnotherKindThanItsNameSaysIsTold() throws Exception {
    Path store = store("a.p12", "PKCS12");
    for (String option : OPTIONS) {
      for (String name : List.of("text.p12", "text.jks", "store.pem")) {
        Path file = directory.resolve(name);
        if (name.startsWith("text")) {
          Files.writeString(file, "-----BEGIN CERTIFICATE-----\nno store\n");
        } else {
          Files.copy(store, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        refused(
            Map.of(option, file.toString(), option + "Password", "wr0ng"),
            "option '" + option + "': " + file + " cannot be used",
            "*.pem, *.p12 or else JKS",
            option + "Password");
      }
    }
  }
}
