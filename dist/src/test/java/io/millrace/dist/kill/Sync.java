package io.millrace.dist.kill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testkit.net.FaultProxy;
import io.millrace.testkit.server.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A sync of a table of which some records are dirty, and what its target, its dirty files and its
 * side effects must look like in the end, however often it was killed on the way.
 */
final class Sync implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** As many records per second as it can. */
  static final int UNHURRIED = 1_000_000;

  /** So few records per second that there is a middle to be killed in. */
  static final int SLOW = 4_000;

  private static final int RECORDS = 12_000;
  private static final int LONG_NAME_EVERY = 400;

  private final TestServer server;
  private final Kind kind;
  private final Path directory;
  private final String database;
  private final FaultProxy proxy;
  private final Path task;
  private int runs;

  private Sync(
      TestServer server, Kind kind, Path directory, String database, FaultProxy proxy, Path task) {
    this.server = server;
    this.kind = kind;
    this.directory = directory;
    this.database = database;
    this.proxy = proxy;
    this.task = task;
  }

  /**
   * Makes source and target.
   *
   * @param recordsPerSecond how slowly it runs, so that there is a middle to be killed in
   */
  static Sync create(TestServer server, Kind kind, Path directory, int recordsPerSecond)
      throws SQLException, IOException {
    Files.createDirectories(directory);
    String database = server.createDatabase("kill");
    FaultProxy proxy = FaultProxy.before(server.host(), server.port());
    Path task = directory.resolve("task.json");
    Sync sync = new Sync(server, kind, directory, database, proxy, task);
    sync.createTables();
    Files.writeString(task, sync.taskFile(recordsPerSecond));
    return sync;
  }

  FaultProxy proxy() {
    return proxy;
  }

  Path runDirectory() {
    return directory.resolve("run");
  }

  private void createTables() throws SQLException {
    String key = kind.withKey() ? "id BIGINT NOT NULL PRIMARY KEY" : "id BIGINT NULL";
    String index = kind.withKey() ? "" : ", KEY (id)";
    List<String> statements = new ArrayList<>();
    statements.add("CREATE TABLE src (" + key + ", name VARCHAR(60), at DATETIME(6)" + index + ")");
    statements.add("CREATE TABLE dst (" + key + ", name VARCHAR(20), at DATETIME(6))");
    statements.add("CREATE TABLE audit (what VARCHAR(10))");
    statements.add("INSERT INTO dst VALUES (-1, 'old', NULL), (-2, 'old', NULL)");
    StringBuilder insert = new StringBuilder("INSERT INTO src VALUES ");
    for (int i = 0; i < RECORDS; i++) {
      insert.append(i == 0 ? "" : ",").append('(').append(id(i)).append(",'");
      insert.append(i % LONG_NAME_EVERY == 7 ? "much too long for the target " : "name ");
      insert.append(i).append("','2026-11-01 01:30:00.").append(100_000 + i).append("')");
    }
    statements.add(insert.toString());
    server.execute(database, statements.toArray(String[]::new));
  }

  /** Without a key: NULLs, and each row twice, which only counting can tell apart. */
  private String id(int i) {
    if (kind.withKey()) {
      return String.valueOf(i * 3L);
    }
    return i % 50 == 0 ? "NULL" : String.valueOf(i / 2);
  }

  private String taskFile(int recordsPerSecond) throws IOException {
    Map<String, Object> reader =
        Map.of(
            "name",
            "mysqlreader",
            "parameter",
            Map.of(
                "username",
                server.user(),
                "password",
                server.password(),
                "column",
                List.of("id", "name", "at"),
                "splitPk",
                "id",
                "connection",
                List.of(
                    Map.of(
                        "table",
                        List.of("src"),
                        "jdbcUrl",
                        List.of(server.jdbcUrl(database) + "?sslMode=DISABLED")))));
    Map<String, Object> writer =
        Map.of(
            "name",
            "mysqlwriter",
            "parameter",
            Map.of(
                "username",
                server.user(),
                "password",
                server.password(),
                "column",
                List.of("id", "name", "at"),
                "writeMode",
                "insert",
                "publish",
                kind.publish(),
                "preSql",
                List.of("DELETE FROM dst", "INSERT INTO audit VALUES ('pre')"),
                "postSql",
                List.of("INSERT INTO audit VALUES ('post')"),
                "connection",
                List.of(
                    Map.of(
                        "table",
                        List.of("dst"),
                        "jdbcUrl",
                        server.jdbcUrl(database, proxy.port()) + "?sslMode=DISABLED"))));
    Map<String, Object> document =
        Map.of(
            "job",
            Map.of(
                "content",
                List.of(Map.of("reader", reader, "writer", writer)),
                "setting",
                Map.of("speed", Map.of("channel", 3, "record", recordsPerSecond))));
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document);
  }

  /** Starts the sync as a process of its own. */
  Run start(boolean resume) throws IOException {
    return Run.start(task, runDirectory(), directory.resolve("out-" + ++runs + ".log"), resume);
  }

  /** How many splits are planned; 0 before stage 2 has ended. */
  int planned() {
    Path plan = runDirectory().resolve("state/splits.jsonl");
    try (Stream<String> lines = Files.lines(plan)) {
      return (int) lines.count() - 1;
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  /** How many splits the ledger says are committed; 0 without a ledger. */
  int committed() throws SQLException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        ResultSet tables = statement.executeQuery("SHOW TABLES LIKE 'millrace_ledger'")) {
      if (!tables.next()) {
        return 0;
      }
      try (ResultSet count =
          statement.executeQuery(
              "SELECT COUNT(*) FROM millrace_ledger WHERE entry NOT LIKE '#%'")) {
        count.next();
        return count.getInt(1);
      }
    }
  }

  /** Kills every connection of the server but the asking one. */
  void killConnections() throws SQLException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      List<Long> ids = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT id FROM information_schema.processlist WHERE db = '"
                  + database
                  + "' AND id <> CONNECTION_ID()")) {
        while (rows.next()) {
          ids.add(rows.getLong(1));
        }
      }
      for (long id : ids) {
        try {
          statement.execute("KILL " + id);
        } catch (SQLException e) {
          // Gone by itself meanwhile.
          assertThat(e.getErrorCode()).isEqualTo(1094);
        }
      }
    }
  }

  /** Compares target, dirty files, side effects and the result with an undisturbed run's. */
  void assertExact(Run.Result result) throws SQLException, IOException {
    List<String> expected = query("SELECT id, name, at FROM src WHERE CHAR_LENGTH(name) <= 20");
    if (kind.publish().equals("append")) {
      expected.add("-1|old|null");
      expected.add("-2|old|null");
      Collections.sort(expected);
    }
    assertThat(query("SELECT id, name, at FROM dst")).isEqualTo(expected);
    assertThat(dirtyNames()).isEqualTo(query("SELECT name FROM src WHERE CHAR_LENGTH(name) > 20"));
    assertThat(query("SELECT what, COUNT(*) FROM audit GROUP BY what"))
        .containsExactly("post|1", "pre|1");
    assertThat(query("SHOW TABLES"))
        .allMatch(name -> name.matches("audit|dst|src|millrace_ledger"));
    assertThat(result.json().get("state").asText()).isEqualTo("SUCCESS");
    assertThat(result.json().get("guarantee").asText()).isEqualTo("EXACTLY_ONCE");
    assertThat(result.json().get("read").asInt()).isEqualTo(RECORDS);
    assertThat(result.json().get("dirty").asInt()).isEqualTo(RECORDS / LONG_NAME_EVERY);
    assertThat(result.json().get("written").asInt()).isEqualTo(RECORDS - RECORDS / LONG_NAME_EVERY);
  }

  private List<String> query(String sql) throws SQLException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          row.append(i == 1 ? "" : "|").append(rows.getString(i));
        }
        found.add(row.toString());
      }
      Collections.sort(found);
      return found;
    }
  }

  private List<String> dirtyNames() throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(runDirectory().resolve("dirty"))) {
      for (Path file : files.toList()) {
        for (String line : Files.readAllLines(file)) {
          JsonNode record = JSON.readTree(line).get("record");
          names.add(record.get(1).get("rawData").asText());
        }
      }
    }
    Collections.sort(names);
    return names;
  }

  @Override
  public void close() throws SQLException {
    proxy.close();
    server.execute("", "DROP DATABASE `" + database + "`");
  }
}
