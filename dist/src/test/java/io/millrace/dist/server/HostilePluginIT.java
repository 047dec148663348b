package io.millrace.dist.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.ApiVersion;
import io.millrace.dist.Distribution;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server whose directory of plugins holds zips that mean harm. */
@Timeout(180)
class HostilePluginIT {

  private static final String SCRIPT =
      """
      reader:
        %s:
          sliceRecordCount: 1
          column: [{type: string, value: "a"}]
      writer:
        stream: {print: false}
      """;

  @TempDir private Path directory;
  private Path plugins;

  @BeforeEach
  void putPlugins() throws IOException {
    plugins = Files.createDirectory(directory.resolve("plugins"));
    try (Stream<Path> own = Files.list(Distribution.home().resolve("plugins"))) {
      Path stream =
          own.filter(file -> file.getFileName().toString().startsWith("millrace-stream"))
              .findFirst()
              .orElseThrow();
      Files.copy(stream, plugins.resolve("stream.zip"));
    }
  }

  private interface Content {
    void write(ZipOutputStream zip) throws IOException;
  }

  /** A plugin that says it has a connector of its own name. */
  private Path plugin(String name, Content content) throws IOException {
    Path file = plugins.resolve(name + ".zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.setLevel(Deflater.BEST_SPEED);
      put(
          zip,
          "plugin.properties",
          "plugin.id=%s%nplugin.version=1.0%nplugin.requires=%s%nmillrace.connectors=%s%n"
              .formatted(name, ApiVersion.CURRENT, name));
      content.write(zip);
    }
    return file;
  }

  private static void put(ZipOutputStream zip, String name, String content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(content.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  /** Has the zip's directory say that an entry is a symbolic link, as unzip would make one. */
  private static void makeLink(Path file, String entry) throws IOException {
    ByteBuffer zip = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] name = entry.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < zip.limit() - 46; at++) {
      if (zip.getInt(at) == 0x02014b50 && zip.getShort(at + 28) == name.length) {
        byte[] found = new byte[name.length];
        zip.get(at + 46, found);
        if (java.util.Arrays.equals(found, name)) {
          zip.put(at + 5, (byte) 3);
          zip.putInt(at + 38, 0xA1FF << 16);
          Files.write(file, zip.array());
          return;
        }
      }
    }
    throw new AssertionError("no entry " + entry);
  }

  /** What lies in the test's directory, without what the server and its outputs own. */
  private Set<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return new TreeSet<>(
          files
              .filter(Files::isRegularFile)
              .map(file -> directory.relativize(file).toString())
              .filter(name -> !name.matches("(data|conf|cache)/.*|(in|out|err)\\d+\\.txt"))
              .toList());
    }
  }

  @Test
  void hostilePluginsAreRefusedInOneLineEachAndTheOthersWork() throws Exception {
    Path absolute = directory.resolve("absolute");
    Path victim = Files.createDirectory(directory.resolve("victim"));
    plugin("climbs", zip -> put(zip, "../../planted", "x"));
    plugin("absolute", zip -> put(zip, absolute.toString(), "x"));
    Path links =
        plugin(
            "links",
            zip -> {
              put(zip, "link", victim.toString());
              put(zip, "link/planted", "x");
            });
    makeLink(links, "link");
    plugin(
        "bomb",
        zip -> {
          zip.putNextEntry(new ZipEntry("zeros"));
          byte[] zeros = new byte[1 << 20];
          for (int i = 0; i <= 1024; i++) {
            zip.write(zeros);
          }
          zip.closeEntry();
        });
    plugin(
        "crowd",
        zip -> {
          for (int i = 0; i < 20_000; i++) {
            zip.putNextEntry(new ZipEntry("entry" + i));
            zip.closeEntry();
          }
        });
    Set<String> before = files();

    Distribution distribution =
        LiveServer.distribution(directory, "server.port: 0\nplugins: " + plugins).withOwnCache();
    try (LiveServer server = LiveServer.start(distribution, null)) {
      List<String> lines =
          server.printed().lines().filter(line -> line.contains("cannot be used")).toList();
      assertThat(lines).hasSize(4);
      assertThat(lines)
          .anySatisfy(line -> assertThat(line).contains("climbs.zip", "leads outside of it"))
          .anySatisfy(line -> assertThat(line).contains("absolute.zip", "leads outside of it"))
          .anySatisfy(line -> assertThat(line).contains("bomb.zip", "more than 1073741824 bytes"))
          .anySatisfy(line -> assertThat(line).contains("crowd.zip", "more than 20000"));

      for (String name : List.of("climbs", "absolute", "links", "bomb", "crowd")) {
        long instance = server.run(name, SCRIPT.formatted(name));
        assertThat(server.await(instance, "FAILED", "SUCCEEDED")).isEqualTo("FAILED");
        assertThat(server.get("/instances/" + instance + "/attempts").body())
            .contains(name + ".zip cannot be used: ");
      }
      long instance = server.run("good", SCRIPT.formatted("stream"));
      assertThat(server.await(instance, "FAILED", "SUCCEEDED")).isEqualTo("SUCCEEDED");
      assertThat(server.plain("/health/ready").statusCode()).isEqualTo(200);
    }
    assertThat(files()).as("nothing is written outside").isEqualTo(before);
    try (Stream<Path> cached = Files.walk(directory.resolve("cache"))) {
      assertThat(cached.map(file -> file.getFileName().toString()))
          .doesNotContain("planted", "zeros", "entry0", "link");
    }
  }
}
