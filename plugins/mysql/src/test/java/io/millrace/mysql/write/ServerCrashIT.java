package io.millrace.mysql.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Engine;
import io.millrace.engine.attempt.AttemptRequest;
import io.millrace.engine.attempt.AttemptResult;
import io.millrace.engine.attempt.RunState;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.ConnectorSpec;
import io.millrace.engine.task.TaskSettings;
import io.millrace.engine.task.TaskSpec;
import io.millrace.mysql.MySqlConnector;
import io.millrace.testkit.memory.MemoryConnector;
import io.millrace.testkit.memory.MemoryTable;
import io.millrace.testkit.net.FaultProxy;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.server.ServerOptions;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server that writes its log only now and then is killed, and forgets what it had acknowledged.
 * It is a MariaDB: MySQL 8 hands its log to the operating system at once, and so forgets only what
 * the whole machine does. The server is reached through a proxy, since it comes back on another
 * port.
 */
@Timeout(180)
final class ServerCrashIT {

  private static final int RECORDS = 600;
  private static final int SPLIT_RECORDS = 60;
  private static final TaskSettings SETTINGS =
      TaskSettings.defaults(ZoneOffset.UTC)
          .withChannels(1)
          .withRetries(60, Duration.ofMillis(500))
          .withSizes(1000, 1 << 20);

  @TempDir private Path directory;
  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
  private final MemoryConnector memory = new MemoryConnector("memory");
  private @Nullable TestServer server;
  private @Nullable FaultProxy proxy;

  @AfterEach
  void end() {
    if (proxy != null) {
      proxy.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private TestServer start() {
    ServerOptions options =
        ServerOptions.DEFAULT
            .withPassword("Secret-of-a-crash")
            .withDataDirectory(directory.resolve("server"))
            .with(
                "--innodb-flush-log-at-trx-commit=0",
                // No thread of the server writes the log meanwhile.
                "--innodb-flush-log-at-timeout=2700");
    TestServer started = TestServers.mariadb(options);
    server = started;
    if (proxy == null) {
      proxy = FaultProxy.before(started.host(), started.port());
    } else {
      proxy.redirect(started.port());
    }
    return started;
  }

  /** The log is on disk up to now, because one transaction waits for it. */
  private static void writeLog(TestServer server) throws SQLException {
    server.execute(
        "shop",
        "SET GLOBAL innodb_flush_log_at_trx_commit = 1",
        "INSERT INTO other VALUES (1)",
        "SET GLOBAL innodb_flush_log_at_trx_commit = 0");
  }

  private TestServer kill(TestServer running) throws InterruptedException {
    ProcessHandle process = ProcessHandle.of(running.pid()).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();
    running.close();
    return start();
  }

  private static long count(TestServer server, String sql) throws SQLException {
    try (Connection connection = server.connect("shop");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private AttemptResult run(TestServer running, MemoryTable source, String publish) {
    Map<String, Object> target =
        Map.of(
            "jdbcUrl", running.jdbcUrl("shop", Objects.requireNonNull(proxy).port()),
            "username", running.user(),
            "password", running.password(),
            "table", "t",
            "publish", publish);
    TaskSpec task =
        new TaskSpec(
            "crash",
            new ConnectorSpec(
                "memory", Map.of("table", source.name(), "splitRecords", SPLIT_RECORDS)),
            new ConnectorSpec("mysql", target),
            SETTINGS,
            true,
            List.of(),
            List.of());
    return new Engine(Connectors.of(memory, new MySqlConnector()), Clock.systemUTC())
        .attempt(new AttemptRequest(task, directory.resolve("run"), false), lines::add)
        .run();
  }

  private static void createTable(TestServer server) throws SQLException {
    server.execute(
        "",
        "CREATE DATABASE shop",
        "CREATE TABLE shop.other (id INT) ENGINE=InnoDB",
        "CREATE TABLE shop.t (id BIGINT PRIMARY KEY, name VARCHAR(100), amount DECIMAL(12,2))"
            + " ENGINE=InnoDB");
  }

  private static void call(SqlCall call) {
    try {
      call.run();
    } catch (SQLException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private interface SqlCall {
    void run() throws SQLException, InterruptedException;
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "append", "swap"})
  void splitsThatACrashOfTheServerHasLostAreMovedAgain(String publish) throws Exception {
    TestServer first = start();
    createTable(first);
    MemoryTable source = memory.table("source", Sample.plain(RECORDS));
    List<Long> before = new ArrayList<>();
    List<Long> after = new ArrayList<>();
    String committed = "SELECT COUNT(*) FROM millrace_ledger WHERE entry NOT LIKE '#%'";
    // Stage 1 and the first split are on disk; eight more splits are not.
    source.faults().callAt(SPLIT_RECORDS, () -> call(() -> writeLog(first)));
    source
        .faults()
        .callAt(
            RECORDS - 10,
            () ->
                call(
                    () -> {
                      before.add(count(first, committed));
                      after.add(count(kill(first), committed));
                    }));

    AttemptResult result = run(first, source, publish);

    assertThat(result.error()).isNull();
    assertThat(result.state()).isEqualTo(RunState.SUCCESS);
    assertThat(before.get(0)).isGreaterThan(after.get(0));
    assertThat(lines).anyMatch(line -> line.contains("that the target had committed"));
    assertThat(result.read()).isEqualTo(RECORDS);
    TestServer second = Objects.requireNonNull(server);
    assertThat(count(second, "SELECT COUNT(*) FROM t")).isEqualTo(RECORDS);
    assertThat(count(second, "SELECT SUM(id) FROM t")).isEqualTo(RECORDS * (RECORDS - 1L) / 2);
  }

  @Test
  void whatStageOneEnteredIsLostTooSoTheTaskFails() throws Exception {
    TestServer first = start();
    createTable(first);
    writeLog(first);
    MemoryTable source = memory.table("source", Sample.plain(RECORDS));
    CompletableFuture<TestServer> back = new CompletableFuture<>();
    source.faults().callAt(RECORDS - 10, () -> call(() -> back.complete(kill(first))));

    AttemptResult result = run(first, source, "direct");

    assertThat(result.state()).isEqualTo(RunState.FAIL);
    AttemptResult.Failure error = result.error();
    assertThat(error).isNotNull();
    assertThat(error.message()).contains("from scratch");
    assertThat(count(back.get(60, TimeUnit.SECONDS), "SELECT COUNT(*) FROM t")).isLessThan(RECORDS);
  }
}
