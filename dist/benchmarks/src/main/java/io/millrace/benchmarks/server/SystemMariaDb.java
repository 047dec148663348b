package io.millrace.benchmarks.server;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The MariaDB that this machine's packages have installed, laid out by links as the testkit expects
 * a server: {@code bin/mariadbd} and {@code share}. Nothing of the installation is changed or used
 * but its program and its files of messages.
 */
public final class SystemMariaDb {

  private static final List<Path> PROGRAMS =
      List.of(
          Path.of("usr/sbin/mariadbd"),
          Path.of("usr/bin/mariadbd"),
          Path.of("usr/libexec/mariadbd"));
  private static final List<Path> SHARES =
      List.of(Path.of("usr/share/mariadb"), Path.of("usr/share/mysql"));

  private SystemMariaDb() {}

  /**
   * Lays the links.
   *
   * @param directory where; must not exist
   * @return the directory
   * @throws MillraceException when no MariaDB is installed
   */
  public static Path link(Path directory) {
    return link(Path.of("/"), directory);
  }

  /** The same for what is installed below another root. */
  static Path link(Path root, Path directory) {
    Path program =
        first(root, PROGRAMS, "")
            .orElseThrow(() -> missing("no mariadbd in /usr/sbin, /usr/bin or /usr/libexec"));
    Path share =
        first(root, SHARES, "english")
            .orElseThrow(() -> missing("no messages in /usr/share/mariadb or /usr/share/mysql"));
    try (Stream<Path> files = Files.list(share)) {
      Files.createDirectories(directory.resolve("bin"));
      Files.createSymbolicLink(directory.resolve("bin/mariadbd"), program);
      Path links = Files.createDirectories(directory.resolve("share"));
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.createSymbolicLink(links.resolve(file.getFileName()), file);
      }
      linkNewNames(links);
      return directory;
    } catch (IOException e) {
      throw new MillraceException(
          StandardError.RESOURCE, directory + " cannot be made: " + e.getMessage(), e);
    }
  }

  /** MariaDB 10 calls {@code mysql_system_tables.sql} what MariaDB 11 calls by its own name. */
  private static void linkNewNames(Path links) throws IOException {
    try (Stream<Path> files = Files.list(links)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        Path renamed = links.resolve(name.replaceFirst("^mysql_", "mariadb_"));
        if (name.startsWith("mysql_") && name.endsWith(".sql") && !Files.exists(renamed)) {
          Files.createSymbolicLink(renamed, file);
        }
      }
    }
  }

  private static Optional<Path> first(Path root, List<Path> paths, String within) {
    return paths.stream()
        .map(root::resolve)
        .filter(path -> Files.exists(path.resolve(within)))
        .findFirst();
  }

  private static MillraceException missing(String what) {
    return new MillraceException(
        StandardError.RESOURCE,
        "MariaDB is not installed on this machine ("
            + what
            + "): apt-get install mariadb-server, or leave out --system-mariadb");
  }
}
