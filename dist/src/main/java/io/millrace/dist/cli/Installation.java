package io.millrace.dist.cli;

import io.millrace.api.LocalFiles;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.dist.server.ServerPlan;
import io.millrace.engine.connector.PluginConnectors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Where Millrace is installed. Nothing is ever written there.
 *
 * @param home the installation's top
 * @param cache a directory of the user's for unpacked plugins and class data
 * @param settings what {@code conf/millrace.yaml} says
 */
record Installation(Path home, Path cache, Settings settings) {

  /** As {@code bin/millrace} tells. */
  static Installation ofProcess() {
    Path home = Path.of(System.getProperty("millrace.home", ".")).toAbsolutePath().normalize();
    return new Installation(
        home,
        writable(Path.of(System.getProperty("millrace.cache", ""))),
        Settings.read(home, configuration(home)));
  }

  /** Where {@code millrace.yaml} lies. */
  static Path configuration(Path home) {
    String other = System.getenv("MILLRACE_CONF");
    return other == null || other.isBlank()
        ? home.resolve("conf")
        : Path.of(other).toAbsolutePath();
  }

  /**
   * What {@code conf/millrace.yaml} says to the server.
   *
   * @param data where its data is, whatever the file says; null to go by the file
   */
  ServerPlan serverPlan(@Nullable Path data) {
    return ServerSettingsFile.read(configuration(home), settings.zone(), System::getenv, data)
        .withOwn(own());
  }

  /** What no task of a server may reach: programs, settings, and what they name. */
  private List<Path> own() {
    List<Path> own = new ArrayList<>(List.of(settings.plugins(), settings.dataSources(), cache));
    for (String folder : List.of("bin", "lib", "conf", "plugins")) {
      own.add(home.resolve(folder));
    }
    for (String variable : List.of("MILLRACE_LOGBACK", "MILLRACE_LOG")) {
      String file = System.getenv(variable);
      if (file != null && !file.isBlank()) {
        own.add(Path.of(file));
      }
    }
    return own;
  }

  /** A run must not fail for want of a cache: without a home directory a temporary one serves. */
  private static Path writable(Path wanted) {
    try {
      if (!wanted.toString().isEmpty()) {
        Files.createDirectories(wanted);
        if (Files.isWritable(wanted)) {
          return wanted;
        }
      }
    } catch (IOException e) {
      // The next best is taken.
      return temporary();
    }
    return temporary();
  }

  private static Path temporary() {
    try {
      Path directory = Files.createTempDirectory("millrace-cache-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> Trees.delete(directory)));
      return directory;
    } catch (IOException e) {
      throw new MillraceException(
          StandardError.RESOURCE,
          "no directory can be written to for unpacked plugins; set MILLRACE_CACHE to one",
          e);
    }
  }

  /** The installed connectors; the caller closes them. */
  PluginConnectors connectors() {
    return connectors(LocalFiles.ANYWHERE);
  }

  /** The same for tasks that may reach some files of this machine only. */
  PluginConnectors connectors(LocalFiles files) {
    return PluginConnectors.open(settings.plugins(), cache.resolve("plugins"), files);
  }

  static String version() {
    try (InputStream in = Installation.class.getResourceAsStream("/millrace.properties")) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version", "unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
