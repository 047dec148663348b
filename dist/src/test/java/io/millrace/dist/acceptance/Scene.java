package io.millrace.dist.acceptance;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.dist.Distribution;
import io.millrace.testkit.net.FaultProxy;
import io.millrace.testkit.server.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A database of one's own on a server, and the runs of the packaged command against it. */
final class Scene implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();

  private final TestServer server;
  private final String database;
  private final Path directory;
  private final Distribution distribution;
  private FaultProxy proxy;
  private int runs;

  private Scene(TestServer server, String database, Path directory) {
    this.server = server;
    this.database = database;
    this.directory = directory;
    this.distribution = new Distribution(directory);
    this.proxy = FaultProxy.before(server.host(), server.port());
  }

  static Scene on(TestServer server, Path directory) throws SQLException {
    return new Scene(server, server.createDatabase("accept"), directory);
  }

  /** Options of the Java machine for the runs that follow. */
  Scene withJava(String options) {
    distribution.with("MILLRACE_OPTS", options);
    return this;
  }

  String database() {
    return database;
  }

  /** What stands between a run and the server where a task asks for it. */
  FaultProxy proxy() {
    return proxy;
  }

  void sql(String... statements) throws SQLException {
    server.execute(database, statements);
  }

  Connection connect() throws SQLException {
    return server.connect(database);
  }

  /** The rows of a query, columns joined by a bar, in the order of the server. */
  List<String> rows(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET time_zone = '+00:00'");
      try (ResultSet rows = statement.executeQuery(sql)) {
        List<String> found = new ArrayList<>();
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
          List<String> row = new ArrayList<>();
          for (int i = 1; i <= columns; i++) {
            row.add(rows.getString(i));
          }
          found.add(String.join("|", row));
        }
        return found;
      }
    }
  }

  /** The first column of the only row. */
  String one(String sql) throws SQLException {
    return rows(sql).get(0);
  }

  /**
   * The number of rows and the sums of their checksums: equal for two tables only when each row is
   * in both equally often, in whatever order.
   *
   * @param columns expressions that tell two values apart when they differ at all
   */
  List<String> checksums(String table, String... columns) throws SQLException {
    List<String> parts = new ArrayList<>();
    for (String column : columns) {
      parts.add("IFNULL(HEX(CONCAT(" + column + ", '')), 'null')");
    }
    return rows(
        "SELECT COUNT(*), SUM(CAST(CONV(LEFT(h, 15), 16, 10) AS DECIMAL(60))),"
            + " SUM(CAST(CONV(RIGHT(h, 15), 16, 10) AS DECIMAL(60))) FROM (SELECT"
            + " MD5(CONCAT_WS('|',"
            + String.join(",", parts)
            + ")) h FROM "
            + table
            + ") each_row");
  }

  /** A task from table {@code src} to table {@code dst} of this database. */
  TaskFile task() {
    return new TaskFile()
        .reader("jdbcUrl", server.jdbcUrl(database) + "?sslMode=DISABLED")
        .reader("username", server.user())
        .reader("password", server.password())
        .reader("table", "src")
        .writer("jdbcUrl", server.jdbcUrl(database) + "?sslMode=DISABLED")
        .writer("username", server.user())
        .writer("password", server.password())
        .writer("table", "dst");
  }

  /** The address through the proxy. */
  String proxied() {
    return server.jdbcUrl(database, proxy.port()) + "?sslMode=DISABLED";
  }

  /** Starts a command and gives it files of its own. */
  Started start(TaskFile task, String... more) throws IOException {
    Path place = Files.createDirectories(directory.resolve("run-" + ++runs));
    Path file = place.resolve("task.json");
    Files.writeString(file, JSON.writeValueAsString(task.document()));
    List<String> arguments = new ArrayList<>(List.of("run", file.toString()));
    arguments.addAll(List.of("--run-dir", place.resolve("run").toString()));
    arguments.addAll(List.of("--result", place.resolve("result.json").toString()));
    arguments.addAll(List.of(more));
    return new Started(distribution.start(arguments.toArray(String[]::new)), place, server);
  }

  Outcome run(TaskFile task, String... more) throws IOException {
    return start(task, more).await();
  }

  /** Goes on with an earlier run, with the same task. */
  Outcome resume(Outcome earlier) throws IOException {
    Path place = earlier.place();
    List<String> arguments =
        List.of(
            "run",
            place.resolve("task.json").toString(),
            "--run-dir",
            place.resolve("run").toString(),
            "--result",
            place.resolve("result.json").toString(),
            "--resume");
    return new Started(distribution.start(arguments.toArray(String[]::new)), place, server).await();
  }

  /** Writes corrected dirty records with an earlier run's task. */
  Outcome replay(Outcome earlier, List<Path> files) throws IOException {
    Path place = Files.createDirectories(directory.resolve("run-" + ++runs));
    List<String> arguments = new ArrayList<>();
    arguments.add("replay-dirty");
    arguments.add(earlier.place().resolve("task.json").toString());
    files.forEach(file -> arguments.add(file.toString()));
    arguments.addAll(List.of("--run-dir", place.resolve("run").toString()));
    arguments.addAll(List.of("--result", place.resolve("result.json").toString()));
    return new Started(distribution.start(arguments.toArray(String[]::new)), place, server).await();
  }

  @Override
  public void close() throws SQLException {
    proxy.close();
    server.execute("", "DROP DATABASE `" + database + "`");
  }

  /** A run that was begun. */
  record Started(Distribution.Running running, Path place, TestServer server) {

    /** What has been printed so far, to either output. */
    String log() {
      return running.printedSoFar();
    }

    Outcome await() throws IOException {
      Distribution.Ended ended = running.await();
      Path result = place.resolve("result.json");
      Outcome outcome =
          new Outcome(
              ended.exitCode(),
              Files.exists(result) ? JSON.readTree(result.toFile()) : JSON.nullNode(),
              ended.out() + ended.err(),
              place);
      outcome.assertWithout(server.password());
      return outcome;
    }
  }

  /** A task in the short form, put together piece by piece. */
  static final class TaskFile {
    private final Map<String, Object> reader = new java.util.LinkedHashMap<>();
    private final Map<String, Object> writer = new java.util.LinkedHashMap<>();
    private final Map<String, Object> setting = new java.util.LinkedHashMap<>();

    TaskFile reader(String option, Object value) {
      reader.put(option, value);
      return this;
    }

    TaskFile without(String option) {
      reader.remove(option);
      return this;
    }

    TaskFile writer(String option, Object value) {
      writer.put(option, value);
      return this;
    }

    TaskFile setting(String option, Object value) {
      setting.put(option, value);
      return this;
    }

    /** Gives another task the same target. */
    void copyWriterTo(TaskFile other) {
      other.writer.putAll(writer);
    }

    Map<String, Object> document() {
      return Map.of(
          "reader", Map.of("mysql", reader), "writer", Map.of("mysql", writer), "setting", setting);
    }
  }
}
