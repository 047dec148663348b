package io.millrace.engine.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostilePluginZipTest {

  private static final PluginUnpacker.Bounds BOUNDS = new PluginUnpacker.Bounds(50, 100_000);

  @TempDir private Path temporary;
  private Path plugins;
  private Path cache;

  @BeforeEach
  void makeDirectories() throws IOException {
    plugins = Files.createDirectory(temporary.resolve("plugins"));
    cache = temporary.resolve("deep/inside/cache");
  }

  private void refused(String message) throws IOException {
    List<String> before = files();
    try (PluginConnectors connectors = PluginConnectors.open(plugins, cache, BOUNDS)) {
      assertThatThrownBy(() -> connectors.find("sample"))
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("evil.zip")
          .hasMessageContaining(message)
          .hasMessageNotContaining("\n");
    }
    assertThat(files()).isEqualTo(before);
  }

  /** Every file, wherever it is; directories alone are harmless. */
  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(temporary)) {
      return files.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil",
        "../../../evil",
        "lib/../../evil",
        "/tmp/evil",
        "C:/evil",
        "lib\\..\\..\\evil",
        "lib/.."
      })
  void anEntryThatLeadsOutsideIsRefused(String name) throws IOException {
    PluginZip.sample().entry(name, new byte[1]).write(plugins.resolve("evil.zip"));
    refused("leads outside of it");
  }

  @Test
  void anInspectionNamesAHostilePluginBeforeAnybodyNeedsIt() throws IOException {
    PluginZip.sample().entry("../evil", new byte[1]).write(plugins.resolve("evil.zip"));
    PluginZip.other().write(plugins.resolve("other.zip"));
    List<String> before = files();
    try (PluginConnectors connectors = PluginConnectors.open(plugins, cache, BOUNDS)) {
      connectors.inspect();
      assertThat(connectors.problems())
          .singleElement()
          .asString()
          .contains("evil.zip", "leads outside of it");
      assertThat(files()).as("nothing is unpacked").isEqualTo(before);
      assertThatThrownBy(() -> connectors.find("sample")).hasMessageContaining("evil.zip");
      assertThat(connectors.find("other")).isPresent();
    }
  }

  @Test
  void tooManyEntriesAreRefused() throws IOException {
    PluginZip zip = PluginZip.sample();
    for (int i = 0; i < 60; i++) {
      zip.entry("file" + i, new byte[0]);
    }
    zip.write(plugins.resolve("evil.zip"));
    refused("entries, more than 50");
  }

  @Test
  void aBombIsRefusedBeforeItUnpacks() throws IOException {
    PluginZip.sample().entry("bomb", new byte[10_000_000]).write(plugins.resolve("evil.zip"));
    refused("unpacks to more than 100000 bytes");
  }

  @Test
  void aBombThatLiesAboutItsSizeIsRefusedToo() throws IOException {
    Path zip = plugins.resolve("evil.zip");
    PluginZip.sample().entry("bomb", new byte[10_000_000]).write(zip);
    replace(zip, intBytes(10_000_000), intBytes(1_000));
    refused("unpacks to more than 100000 bytes");
  }

  @Test
  void damagedContentIsNoticed() throws IOException {
    Path zip = plugins.resolve("evil.zip");
    byte[] content = new byte[1000];
    new java.util.Random(1).nextBytes(content);
    PluginZip.sample().entry("data", content).write(zip);
    byte[] bytes = Files.readAllBytes(zip);
    int at = indexOf(bytes, java.util.Arrays.copyOfRange(content, 500, 510));
    bytes[at] ^= 1;
    Files.write(zip, bytes);
    refused("'data' is damaged");
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    Path zip = PluginZip.sample().write(plugins.resolve("evil.zip"));
    byte[] bytes = Files.readAllBytes(zip);
    Files.write(zip, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    refused("not a readable zip");
  }

  @Test
  void namesThatDifferInCaseOnlyAreRefused() throws IOException {
    PluginZip.sample()
        .entry("lib/a.jar", new byte[1])
        .entry("lib/A.jar", new byte[2])
        .write(plugins.resolve("evil.zip"));
    refused("twice");
  }

  @Test
  void aZipWithoutDescriptorIsRefused() throws IOException {
    PluginZip.sample()
        .withoutDescriptor()
        .entry("nested/plugin.properties", new byte[0])
        .write(plugins.resolve("evil.zip"));
    refused("holds 0 files plugin.properties at its top");
  }

  @Test
  void twoDescriptorsAreRefused() throws IOException {
    Path zip = plugins.resolve("evil.zip");
    PluginZip.sample().entry("plugin.propertiez", new byte[0]).write(zip);
    replace(
        zip,
        "plugin.propertiez".getBytes(StandardCharsets.UTF_8),
        "plugin.properties".getBytes(StandardCharsets.UTF_8));
    refused("evil.zip");
  }

  @Test
  void anIdThatWouldLeaveTheCacheIsRefused() throws IOException {
    PluginZip.sample().id("../../evil").write(plugins.resolve("evil.zip"));
    refused("must be letters, digits, dots and dashes");
  }

  @Test
  void aMissingPropertyIsNamed() throws IOException {
    PluginZip.sample().connectors("").write(plugins.resolve("evil.zip"));
    refused("its plugin.properties has no millrace.connectors");
  }

  private static byte[] intBytes(int value) {
    return new byte[] {
      (byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)
    };
  }

  private static void replace(Path file, byte[] from, byte[] to) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int at;
    int count = 0;
    while ((at = indexOf(bytes, from)) >= 0) {
      System.arraycopy(to, 0, bytes, at, to.length);
      count++;
    }
    assertThat(count).isPositive();
    Files.write(file, bytes);
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = 0; i <= bytes.length - part.length; i++) {
      if (java.util.Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    return -1;
  }
}
