package io.millrace.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A third-party connector, built by a Maven of its own against the installed api, dropped into a
 * plugin directory and used by name.
 */
class ExampleConnectorIT {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String VERSION = System.getProperty("millrace.version", "");

  @TempDir private static Path temporary;
  private static Path plugins;

  @BeforeAll
  static void buildAsItsAuthorWould() throws Exception {
    Path project = temporary.resolve("lines");
    copyTree(ROOT.resolve("plugins/example"), project);
    Path repository = temporary.resolve("repository");
    install(repository, "millrace-parent", ROOT.resolve("pom.xml"), null);
    for (String module : List.of("api", "engine/core", "plugins/testkit")) {
      Path directory = ROOT.resolve(module);
      String artifact =
          module.equals("engine/core") ? "millrace-engine" : "millrace-" + directory.getFileName();
      Path jar = directory.resolve("target").resolve(artifact + "-" + VERSION + ".jar");
      install(repository, artifact, directory.resolve("pom.xml"), jar);
    }
    maven(project, repository);
    plugins = Files.createDirectory(temporary.resolve("plugins"));
    Files.copy(
        project.resolve("target/millrace-lines-1.0.0.zip"), plugins.resolve("lines-1.0.0.zip"));
    String stream = "millrace-stream-" + VERSION + ".zip";
    Files.copy(Distribution.home().resolve("plugins").resolve(stream), plugins.resolve(stream));
  }

  /** What {@code mvn install} in Millrace's source tree puts into the author's repository. */
  private static void install(Path repository, String artifact, Path pom, Path jar)
      throws IOException {
    Path directory = repository.resolve("io/millrace").resolve(artifact).resolve(VERSION);
    Files.createDirectories(directory);
    Files.copy(pom, directory.resolve(artifact + "-" + VERSION + ".pom"));
    if (jar != null) {
      Files.copy(jar, directory.resolve(artifact + "-" + VERSION + ".jar"));
    }
  }

  /**
   * Everything that is not Millrace's comes from the repository of the surrounding build, which has
   * fetched the same versions: this needs no network and leaves no trace there.
   */
  private static void maven(Path project, Path repository) throws Exception {
    String outer = Path.of(System.getProperty("millrace.localRepository", "")).toUri().toString();
    Path settings = temporary.resolve("settings.xml");
    Files.writeString(
        settings,
        "<settings><localRepository>"
            + repository
            + "</localRepository><mirrors><mirror><id>outer</id><mirrorOf>*</mirrorOf><url>"
            + outer
            + "</url></mirror></mirrors></settings>");
    Path log = temporary.resolve("maven.log");
    String maven = System.getProperty("millrace.maven", "");
    Process process =
        new ProcessBuilder(
                Path.of(maven, "bin", "mvn").toString(),
                "-B",
                "-q",
                "-s",
                settings.toString(),
                "-gs",
                settings.toString(),
                "package")
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path relative = from.relativize(file);
        if (!relative.startsWith("target")) {
          Path target = to.resolve(relative.toString());
          if (Files.isDirectory(file)) {
            Files.createDirectories(target);
          } else {
            Files.copy(file, target);
          }
        }
      }
    }
  }

  @Test
  void itIsListedWithItsOptions(@TempDir Path directory) {
    Distribution.Ended ended =
        new Distribution(directory).withPlugins(plugins).run("connectors", "lines");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("Reads and writes lines of text files.", "path", "required");
  }

  @Test
  void aTaskNamesItAsWriterAndAsReader(@TempDir Path directory) throws IOException {
    Distribution distribution = new Distribution(directory).withPlugins(plugins);
    Files.writeString(
        directory.resolve("write.yaml"),
        """
        reader:
          stream:
            sliceRecordCount: 3
            column: [{type: long, incr: "1,1"}, {type: string, value: "a\\tb"}]
        writer:
          lines: {path: lines}
        setting: {channels: 2}
        """);
    Distribution.Ended written = distribution.run("run", "write.yaml");
    assertThat(written.exitCode()).as(written.err()).isZero();
    assertThat(directory.resolve("lines/0000.txt")).hasContent("1\ta\\tb\n2\ta\\tb\n3\ta\\tb");

    Files.writeString(
        directory.resolve("read.yaml"),
        """
        reader:
          lines: {path: lines}
        writer:
          stream: {print: true}
        """);
    Distribution.Ended read = distribution.run("run", "read.yaml");
    assertThat(read.exitCode()).as(read.err()).isZero();
    assertThat(read.out()).contains("6\ta\\tb");
  }
}
