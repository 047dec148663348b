package io.millrace.testkit.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the data directories of new servers. Initialising takes seconds, so it is done once per
 * user and copied from then on.
 */
final class DataDirectories {

  private static final int TAIL_LINES = 15;

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

  /** The program with the options that it needs in every case. */
  static List<String> command(ServerBinaries binaries, Path data) {
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
    return command;
  }

  static void environment(ServerBinaries binaries, ProcessBuilder builder) {
    if (binaries.flavour() == Flavour.MYSQL) {
      builder.environment().put("LD_LIBRARY_PATH", binaries.home().resolve("lib").toString());
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
      String tail = tail(log);
      throw new IOException(
          tail.contains("libaio.so.1")
              ? "it needs the system library libaio: apt-get install libaio1 (or libaio1t64)"
              : "initialising ended with " + code + ": " + tail);
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

  static String tail(Path log) throws IOException {
    if (!Files.exists(log)) {
      return "no log";
    }
    // Not readAllLines: a server's log need not be valid UTF-8.
    List<String> lines =
        new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1).lines().toList();
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
  }
}
