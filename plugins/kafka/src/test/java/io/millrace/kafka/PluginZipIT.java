package io.millrace.kafka;

import static io.millrace.kafka.TestKafka.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Connector;
import io.millrace.engine.connector.PluginConnectors;
import io.millrace.kafka.read.Reading;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The plugin as it is shipped, in a class loader of its own. */
@Timeout(120)
class PluginZipIT {

  private final TestKafka kafka = TestKafka.shared();

  @TempDir private Path directory;

  @Test
  void everyCompressionAndEveryLoginWorksOutOfTheZip() throws Exception {
    Path plugins = Files.createDirectories(directory.resolve("plugins"));
    try (Stream<Path> built = Files.list(Path.of("target"))) {
      Path zip = built.filter(file -> file.toString().endsWith(".zip")).findFirst().orElseThrow();
      Files.copy(zip, plugins.resolve(zip.getFileName()));
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (PluginConnectors loaded = PluginConnectors.open(plugins, directory.resolve("cache"));
        URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
      // Whoever looks for classes through the caller finds none.
      thread.setContextClassLoader(empty);
      Connector connector = loaded.find("kafka").orElseThrow();
      assertThat(loaded.problems()).isEmpty();
      assertThat(loaded.find("kafkareader")).isPresent();
      for (String compression : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
        String topic = kafka.topic(1);
        thread.setContextClassLoader(before);
        try (var producer =
            kafka.producer(Map.of("compression.type", compression, "linger.ms", 50))) {
          for (int i = 0; i < 100; i++) {
            producer.send(message(topic, 0, null, "value " + i));
          }
        }
        thread.setContextClassLoader(empty);
        for (String user : List.of("admin PLAIN", "alice SCRAM-SHA-256")) {
          String name = user.substring(0, 5);
          try (Reading reading =
              new Reading(
                  connector.reader().orElseThrow(),
                  kafka.cluster().saslBootstrap(),
                  topic,
                  "column",
                  List.of("__value__"),
                  "securityProtocol",
                  "SASL_PLAINTEXT",
                  "username",
                  name,
                  "password",
                  name + "-secret",
                  "saslMechanism",
                  user.substring(6))) {
            assertThat(reading.all()).as(compression).hasSize(100).endsWith("value 99");
          }
        }
      }
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
