package io.millrace.dist.cli;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.engine.connector.PluginConnectors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

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
    String other = System.getenv("MILLRACE_CONF");
    Path configuration =
        other == null || other.isBlank() ? home.resolve("conf") : Path.of(other).toAbsolutePath();
    return new Installation(
        home,
        writable(Path.of(System.getProperty("millrace.cache", ""))),
        Settings.read(home, configuration));
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
    return PluginConnectors.open(settings.plugins(), cache.resolve("plugins"));
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
