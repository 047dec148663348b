package io.millrace.testkit.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the data directories of new servers. Initialising takes seconds, so it is done once per
 * user and copied from then on.
 */
final class DataDirectories {

  private static final int TAIL_LINES = 15;
  private static final Pattern MISSING_LIBRARY =
      Pattern.compile("error while loading shared libraries: ([^:]+):");

  /** What is laid down when a data directory is initialised and cannot be changed afterwards. */
  private static final List<String> INITIAL =
      List.of("lower-case-table-names", "innodb-page-size", "innodb-data-file-path");

  private DataDirectories() {}

  static void fill(ServerBinaries binaries, ServerOptions options, Path data, Path log)
      throws IOException {
    List<String> initial =
        options.arguments().stream()
            .filter(a -> INITIAL.stream().anyMatch(a.replace('_', '-')::contains))
            .toList();
    if (!initial.isEmpty()) {
      initialise(binaries, initial, data, log);
      return;
    }
    Path template = binaries.home().resolveSibling(binaries.home().getFileName() + "-data");
    ServerBinaries.once(
        template, directory -> initialise(binaries, List.of(), directory.resolve("data"), log));
    Directories.copy(template.resolve("data"), data);
    // Two servers with one identity would be taken for one by a replica.
    Files.deleteIfExists(data.resolve("auto.cnf"));
  }

  /**
   * The program with the options that it needs in every case. Temporary tables have a directory of
   * their own beside the data: a MariaDB that starts removes those that it finds, also of others
   * that run, which then fail or crash.
   */
  static List<String> command(ServerBinaries binaries, Path data) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(binaries.program().toString());
    command.add("--no-defaults");
    if ("root".equals(System.getProperty("user.name"))) {
      command.add("--user=root");
    }
    command.add("--basedir=" + binaries.home());
    command.add("--lc-messages-dir=" + binaries.home().resolve("share"));
    command.add("--character-sets-dir=" + binaries.home().resolve("share/charsets"));
    command.add("--datadir=" + data);
    command.add("--tmpdir=" + Files.createDirectories(data.resolveSibling("tmp")));
    return command;
  }

  static void environment(ServerBinaries binaries, ProcessBuilder builder) throws IOException {
    if (binaries.flavour() == Flavour.MYSQL) {
      Path libraries = binaries.home().resolve("lib");
      linkLibaio(libraries);
      builder.environment().put("LD_LIBRARY_PATH", libraries.toString());
    }
  }

  /**
   * Newer Debian and Ubuntu have the same library under the name of their 64-bit time transition,
   * which changed nothing on this platform. At each start, because it may be installed at any time.
   */
  private static void linkLibaio(Path libraries) throws IOException {
    Path system = Path.of("/usr/lib/x86_64-linux-gnu");
    Path renamed = system.resolve("libaio.so.1t64");
    Path link = libraries.resolve("libaio.so.1");
    if (Files.exists(renamed) && !Files.exists(system.resolve("libaio.so.1"))) {
      try {
        Files.createSymbolicLink(link, renamed);
      } catch (FileAlreadyExistsException e) {
        // Made at an earlier start, or by another JVM just now.
      }
    }
  }

  private static void initialise(
      ServerBinaries binaries, List<String> arguments, Path data, Path log) throws IOException {
    List<String> command = command(binaries, data);
    boolean mysql = binaries.flavour() == Flavour.MYSQL;
    if (mysql) {
      command.add("--initialize-insecure");
      command.add("--skip-log-bin");
      command.add("--loose-mysqlx=0");
    } else {
      Files.createDirectories(data);
      command.add("--bootstrap");
      command.add("--max-allowed-packet=8M");
      command.add("--enforce-storage-engine=");
    }
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    environment(binaries, builder);
    Process process = builder.start();
    try (OutputStream input = process.getOutputStream()) {
      if (!mysql) {
        writeSystemTables(binaries.home().resolve("share"), input);
      }
    }
    int code = Directories.exitCode(process);
    if (code != 0) {
      throw new IOException("initialising ended with " + code + ": " + explanation(log));
    }
  }

  /** What {@code mariadb-install-db} feeds to the server. */
  private static void writeSystemTables(Path share, OutputStream input) throws IOException {
    String head =
        """
        create database if not exists mysql;
        use mysql;
        SET @auth_root_socket=NULL;
        """;
    input.write(head.getBytes(StandardCharsets.US_ASCII));
    for (String script :
        List.of(
            "mariadb_system_tables.sql",
            "mariadb_performance_tables.sql",
            "mariadb_system_tables_data.sql",
            "maria_add_gis_sp_bootstrap.sql",
            "mariadb_sys_schema.sql")) {
      Files.copy(share.resolve(script), input);
    }
  }

  /** Why a server did not run, as far as its log tells. */
  static String explanation(Path log) throws IOException {
    if (!Files.exists(log)) {
      return "it left no log";
    }
    // Not readAllLines: a server's log need not be valid UTF-8.
    List<String> lines =
        new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1).lines().toList();
    for (String line : lines) {
      Matcher missing = MISSING_LIBRARY.matcher(line);
      if (missing.find()) {
        return "this machine lacks the library "
            + missing.group(1)
            + ": apt-get install libaio1 (newer: libaio1t64) libnuma1";
      }
    }
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
  }
}
