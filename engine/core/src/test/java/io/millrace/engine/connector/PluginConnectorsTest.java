package io.millrace.engine.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.ConnectionTest;
import io.millrace.api.Connector;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.Options;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pf4j.PluginClassLoader;

class PluginConnectorsTest {

  private static final TaskContext TASK =
      new TaskContext("test", ZoneOffset.UTC, Clock.systemUTC(), TaskContext.Limits.DEFAULT);

  @TempDir private Path temporary;
  private Path plugins;
  private Path cache;

  @BeforeEach
  void makeDirectories() throws IOException {
    plugins = Files.createDirectory(temporary.resolve("plugins"));
    cache = temporary.resolve("cache");
  }

  private PluginConnectors open() {
    return PluginConnectors.open(plugins, cache);
  }

  private List<String> unpacked() throws IOException {
    if (!Files.exists(cache)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(cache)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @SuppressWarnings("NullAway")
  private static Reader reader(Connectors connectors) {
    ReaderFactory factory = connectors.find("sample").orElseThrow().reader().orElseThrow();
    return factory.create(Options.check(factory.options(), Map.of()).options(), TASK);
  }

  @Test
  void aConnectorIsFoundByNameAndAliasInAnyCase() throws IOException {
    PluginZip.sample().write(plugins.resolve("sample.zip"));
    try (PluginConnectors connectors = open()) {
      assertThat(connectors.find("Sample")).isPresent();
      assertThat(connectors.find("sampleReader")).isEqualTo(connectors.find("sample"));
      assertThat(connectors.find("nobody")).isEmpty();
    }
  }

  @Test
  void onlyThePluginThatIsNamedIsLoaded() throws IOException {
    PluginZip.sample().write(plugins.resolve("a.zip"));
    PluginZip.other().write(plugins.resolve("b.zip"));
    try (PluginConnectors connectors = open()) {
      assertThat(connectors.names()).containsExactly("other", "sample", "samplereader");
      assertThat(unpacked()).isEmpty();
      assertThat(connectors.find("other")).isPresent();
      assertThat(unpacked()).singleElement().asString().startsWith("other-1.0-");
    }
  }

  @Test
  void everyCallHasThePluginsContextClassLoaderAndGivesTheHostsBack() throws IOException {
    PluginZip.sample().write(plugins.resolve("sample.zip"));
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (PluginConnectors connectors = open();
        Reader reader = reader(connectors)) {
      reader.prepare(null);
      try (var split = reader.open(null, null)) {
        assertThat(split.read(new RecordBatch(reader.schema(null), 1, 1))).isFalse();
      }
      reader.finish(List.of(), null);
      ConnectionTest test = connectors.find("sample").orElseThrow().connectionTest().orElseThrow();
      assertThat(test.options()).isEmpty();
      Options none = Options.check(List.of(), Map.of()).options();
      assertThat(test.test(none, null)).isEqualTo("sample");
    }
    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
  }

  @Test
  void aPluginSeesTheJdkAndTheApiAndNothingElseOfTheHost() throws IOException {
    PluginZip.sample().write(plugins.resolve("sample.zip"));
    try (PluginConnectors connectors = open();
        Reader reader = reader(connectors)) {
      assertThat(reader.schema(null).fields().stream().map(Field::name))
          .containsExactly(
              "sees jackson: false", "sees pf4j: false", "sees java.sql: true", "sees slf4j: true");
    }
  }

  @Test
  void aMissingClassIsThePluginsFaultInOneLine() throws IOException {
    Path zip = PluginZip.sample().write(plugins.resolve("sample.zip"));
    try (PluginConnectors connectors = open();
        Reader reader = reader(connectors)) {
      assertThatThrownBy(() -> reader.split(new SplitRequest(1), null))
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining(zip.toString())
          .hasMessageContaining("NotBundled")
          .hasMessageContaining("lacks a library");
    }
  }

  @Test
  void aBrokenZipDisturbsNobodyElse() throws IOException {
    Files.writeString(plugins.resolve("broken.zip"), "this is no zip");
    PluginZip.other().write(plugins.resolve("other.zip"));
    try (PluginConnectors connectors = open()) {
      assertThat(connectors.find("other")).isPresent();
      assertThat(connectors.all()).hasSize(1);
      assertThat(connectors.problems()).singleElement().asString().contains("broken.zip");
      assertThatThrownBy(() -> connectors.find("broken"))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.errorCode()).isEqualTo(StandardError.PLUGIN))
          .hasMessageContaining("No usable plugin has a connector 'broken'")
          .hasMessageContaining("broken.zip cannot be used: it is not a readable zip")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void aPluginForAnotherApiIsRefusedWithBothVersions() throws IOException {
    PluginZip.sample().requires("1.0.0").write(plugins.resolve("major.zip"));
    PluginZip.other().requires("0.2.0").write(plugins.resolve("minor.zip"));
    try (PluginConnectors connectors = open()) {
      assertThat(connectors.all()).isEmpty();
      assertThat(connectors.problems())
          .hasSize(2)
          .first()
          .asString()
          .contains("major.zip", "built for connector api 1.0.0, this Millrace has 0.1.0");
    }
  }

  @Test
  void anOlderPatchOfTheApiIsAccepted() throws IOException {
    PluginZip.other().requires("0.1").write(plugins.resolve("other.zip"));
    try (PluginConnectors connectors = open()) {
      assertThat(connectors.find("other")).isPresent();
    }
  }

  @Test
  void twoPluginsWithTheSameConnectorAreRefusedWhenItIsNamed() throws IOException {
    PluginZip.sample().write(plugins.resolve("one.zip"));
    PluginZip.sample().write(plugins.resolve("two.zip"));
    PluginZip.other().write(plugins.resolve("other.zip"));
    try (PluginConnectors connectors = open()) {
      assertThat(connectors.find("other")).isPresent();
      assertThatThrownBy(() -> connectors.find("sample"))
          .hasMessageContaining("in more than one plugin")
          .hasMessageContaining("one.zip")
          .hasMessageContaining("two.zip");
    }
  }

  @Test
  void aDescriptorThatNamesOtherConnectorsThanThePluginHasIsRefused() throws IOException {
    PluginZip.sample().connectors("sample").write(plugins.resolve("sample.zip"));
    try (PluginConnectors connectors = open()) {
      assertThatThrownBy(() -> connectors.find("sample"))
          .hasMessageContaining("names the connectors [sample]")
          .hasMessageContaining("gives [sample, samplereader]");
      assertThat(connectors.all()).isEmpty();
      assertThat(connectors.problems()).hasSize(1);
    }
  }

  @Test
  void aServiceEntryWithoutItsClassIsRefused() throws IOException {
    PluginZip.other()
        .entry("classes/META-INF/services/" + Connector.class.getName(), "a.b.Gone".getBytes())
        .write(plugins.resolve("other.zip"));
    try (PluginConnectors connectors = open()) {
      assertThatThrownBy(() -> connectors.find("other"))
          .hasMessageContaining("other.zip cannot be used")
          .hasMessageContaining("a.b.Gone");
    }
  }

  @Test
  void aChangedZipIsUnpackedAnew() throws IOException {
    Path zip = PluginZip.other().write(plugins.resolve("other.zip"));
    try (PluginConnectors connectors = open()) {
      connectors.find("other");
    }
    PluginZip.other().entry("NOTICE", "changed".getBytes()).write(zip);
    try (PluginConnectors connectors = open()) {
      connectors.find("other");
    }
    assertThat(unpacked()).hasSize(2);
  }

  @Test
  void whatWasTakenOutOfTheCacheIsUnpackedAgain() throws IOException {
    PluginZip.sample().write(plugins.resolve("sample.zip"));
    try (PluginConnectors connectors = open()) {
      connectors.find("sample");
    }
    try (Stream<Path> files = Files.walk(cache)) {
      Files.delete(
          files.filter(file -> file.toString().endsWith(".class")).findAny().orElseThrow());
    }
    try (PluginConnectors connectors = open()) {
      assertThat(connectors.find("sample")).isPresent();
    }
  }

  @Test
  void severalHostsMayUnpackIntoOneCacheAtOnce() throws Exception {
    PluginZip.sample().entry("big", new byte[1 << 20]).write(plugins.resolve("sample.zip"));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Callable<Boolean> find =
          () -> {
            try (PluginConnectors connectors = open()) {
              return connectors.find("sample").isPresent();
            }
          };
      List<Future<Boolean>> found = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        found.add(threads.submit(find));
      }
      for (Future<Boolean> each : found) {
        assertThat(each.get()).isTrue();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(unpacked()).hasSize(1);
  }

  @Test
  void thePluginDirectoryMayBeReadOnly() throws IOException {
    PluginZip.sample().write(plugins.resolve("sample.zip"));
    List<String> before = plugins.toFile().list() == null ? List.of() : names(plugins);
    try (PluginConnectors connectors = open()) {
      connectors.all();
    }
    assertThat(names(plugins)).isEqualTo(before);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.map(Path::toString).sorted().toList();
    }
  }

  @Test
  void closingUnloads() throws IOException {
    PluginZip.sample().write(plugins.resolve("sample.zip"));
    PluginZip.other().write(plugins.resolve("other.zip"));
    List<ClassLoader> loaders = new ArrayList<>();
    try (PluginConnectors connectors = open()) {
      connectors.all();
      loaders.addAll(connectors.loaders());
    }
    assertThat(loaders)
        .hasSize(2)
        .allSatisfy(loader -> assertThat(((PluginClassLoader) loader).isClosed()).isTrue());
  }
}
