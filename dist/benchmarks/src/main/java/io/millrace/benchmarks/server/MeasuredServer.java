package io.millrace.benchmarks.server;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.benchmarks.measure.Meter;
import io.millrace.testkit.server.EmbeddedServer;
import io.millrace.testkit.server.Flavour;
import io.millrace.testkit.server.ServerBinaries;
import io.millrace.testkit.server.ServerOptions;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A running server with a database of its own for the benchmark. For one thread. Ends with {@link
 * #close()}, and at the latest with this JVM.
 */
public final class MeasuredServer implements AutoCloseable {

  /** What moves figures; told with them. A server shows those that it knows. */
  private static final List<String> TOLD =
      List.of(
          "innodb_buffer_pool_size",
          "innodb_flush_log_at_trx_commit",
          "log_bin",
          "sync_binlog",
          "performance_schema",
          "innodb_doublewrite",
          "innodb_flush_method",
          "innodb_log_file_size",
          "innodb_log_files_in_group",
          "innodb_redo_log_capacity",
          "innodb_io_capacity",
          "max_allowed_packet",
          "character_set_server",
          "local_infile");

  private final TestServer server;
  private final boolean own;
  private final String database;
  private final Duration timeout;
  private final String version;
  private final Map<String, String> settings;

  private MeasuredServer(TestServer server, boolean own, Duration timeout) throws SQLException {
    this.server = server;
    this.own = own;
    this.timeout = timeout;
    this.database = server.createDatabase("bench");
    try (Connection connection = connect()) {
      this.version = Sql.text(connection, "SELECT VERSION()");
      this.settings = settings(connection);
    }
  }

  /**
   * Uses the server that the environment names for this flavour ({@code MILLRACE_TEST_MYSQL_URL}
   * and so on, as in tests), or starts one.
   *
   * @param timeout after which any statement is given up
   * @throws MillraceException when it does not start
   */
  public static MeasuredServer start(ServerChoice choice, Duration timeout) throws SQLException {
    String given = System.getenv("MILLRACE_TEST_" + choice.flavour() + "_URL");
    if (given != null && !given.isBlank()) {
      return new MeasuredServer(TestServers.shared(choice.flavour()), false, timeout);
    }
    TestServer started = embedded(choice);
    try {
      return new MeasuredServer(started, true, timeout);
    } catch (SQLException | RuntimeException e) {
      started.close();
      throw e;
    }
  }

  private static TestServer embedded(ServerChoice choice) {
    ServerOptions options =
        ServerOptions.DEFAULT
            .withBufferPool(choice.bufferPoolMebibytes())
            .with("--innodb-flush-log-at-trx-commit=1", "--secure-file-priv=");
    if (choice.binaryLog()) {
      options = options.with("--log-bin=binlog", "--server-id=1");
    }
    Path home = choice.home();
    return home == null
        ? EmbeddedServer.start(choice.flavour(), options)
        : EmbeddedServer.start(
            new ServerBinaries(choice.flavour(), home.getFileName().toString(), home), options);
  }

  private static Map<String, String> settings(Connection connection) throws SQLException {
    Map<String, String> known = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW GLOBAL VARIABLES")) {
      while (rows.next()) {
        known.put(rows.getString(1), rows.getString(2));
      }
    }
    Map<String, String> told = new LinkedHashMap<>();
    for (String name : TOLD) {
      if (known.containsKey(name)) {
        told.put(name, known.get(name));
      }
    }
    return told;
  }

  /** MySQL or MariaDB. */
  public Flavour flavour() {
    return server.flavour();
  }

  /** What it calls its version. */
  public String version() {
    return version;
  }

  /** Name, version and binary log in a few words. */
  public String title() {
    String number = version.replaceAll("-.*", "");
    return flavour().title() + " " + number + (binaryLog() ? ", binary log on" : "");
  }

  /** True when it writes a binary log. */
  public boolean binaryLog() {
    return "ON".equalsIgnoreCase(settings.get("log_bin"));
  }

  /** The settings that move figures. */
  public Map<String, String> settings() {
    return settings;
  }

  /** The account, its password and where it listens. */
  public TestServer account() {
    return server;
  }

  /** The database of the benchmark. */
  public String database() {
    return database;
  }

  /** Measures what is done to this server. */
  public Meter meter() {
    return new Meter(server.pid());
  }

  /** A new connection to the database of the benchmark. */
  public Connection connect() throws SQLException {
    Connection connection = server.connect(database);
    // Runs the closing of the socket in the thread that finds it overdue.
    connection.setNetworkTimeout(Runnable::run, Math.toIntExact(timeout.toMillis()));
    return connection;
  }

  /** Runs statements one after another. */
  public void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Waits until nothing of what was done before is left to do, so that every run begins alike. */
  public void settle() throws SQLException, InterruptedException {
    try (Connection connection = connect()) {
      Settling.await(connection, server.pid(), own);
    }
  }

  /** Allows or forbids {@code LOAD DATA LOCAL}; returns what was set before. */
  public boolean allowLocalInfile(boolean allowed) throws SQLException {
    try (Connection connection = connect()) {
      boolean before = "1".equals(Sql.text(connection, "SELECT @@GLOBAL.local_infile"));
      execute("SET GLOBAL local_infile = " + (allowed ? 1 : 0));
      return before;
    }
  }

  @Override
  public void close() {
    if (own) {
      server.close();
      return;
    }
    try {
      execute("DROP DATABASE `" + database + "`");
    } catch (SQLException e) {
      throw new MillraceException(
          StandardError.WRITE,
          "the database " + database + " could not be removed: " + e.getMessage(),
          e);
    }
  }
}
