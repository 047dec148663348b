package io.millrace.scheduler.runner;

import static io.millrace.scheduler.runner.Orders.earlier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.api.error.StandardError;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.engine.attempt.RunState;
import io.millrace.engine.connector.Connectors;
import io.millrace.mysql.MySqlConnector;
import io.millrace.testkit.memory.MemoryConnector;
import io.millrace.testkit.memory.MemoryTable;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Continues an instance on a table without a key, where every row that is doubled stays so. */
@Timeout(120)
class ContinueOnServerIT {

  private static final int ROWS = 400;
  private static final String SCRIPT =
      """
      reader: {source: {table: from, splitRecords: 20}}
      writer: {mysql: {datasource: shop, table: orders, column: [id], preSql: [%s]}}
      setting: {channels: 3, retries: 0}
      """;

  private final TestServer server = TestServers.mariadb();
  private final Orders.Ended ended = new Orders.Ended();
  @TempDir Path runs;
  private String database = "";
  private MemoryTable source;
  private LocalRunner runner;
  private Orders orders;

  @BeforeEach
  void begin() throws SQLException {
    database = server.createDatabase("runner");
    server.execute(database, "CREATE TABLE orders (id BIGINT)", "CREATE TABLE ran (x INT)");
    MemoryConnector sources = new MemoryConnector("source");
    source = sources.table("from", ids());
    runner = runner(sources);
    orders = Orders.of(71, SCRIPT.formatted("INSERT INTO ran VALUES (1)")).with(this::dataSource);
  }

  private static Sample ids() {
    Schema schema = Schema.of(Field.of("id", ColumnType.INT64).withNullable(false));
    @SuppressWarnings({"unchecked", "rawtypes"}) // generic array of a varargs call
    List<Object>[] rows =
        LongStream.range(0, ROWS).mapToObj(id -> List.of((Object) id)).toArray(List[]::new);
    return Sample.of(schema, rows);
  }

  private Optional<Map<String, Object>> dataSource(String name) {
    return Optional.of(
        Map.of(
            "type", "mysql",
            "jdbcUrl", server.jdbcUrl(database),
            "username", server.user(),
            "password", server.password()));
  }

  private LocalRunner runner(MemoryConnector sources) {
    return new LocalRunner(
        Connectors.of(sources, new MySqlConnector()), new RunDirectories(runs), Clock.systemUTC());
  }

  /** Another process, whose source does not block when the first one's does. */
  private LocalRunner otherRunner() {
    MemoryConnector sources = new MemoryConnector("source");
    sources.table("from", ids());
    return runner(sources);
  }

  private RunningAttempt startAndBlock(RunOrder order) throws InterruptedException {
    source.faults().slowRead(Duration.ofMillis(1));
    RunningAttempt attempt = runner.start(order, ended::accept);
    await().until(() -> attempt.progress().splitsDone() >= 3);
    source.faults().block();
    assertThat(source.faults().awaitBlocked(Duration.ofSeconds(10))).isTrue();
    return attempt;
  }

  private long count(String sql) throws SQLException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private void assertExact() throws SQLException {
    assertThat(count("SELECT COUNT(*) FROM orders")).isEqualTo(ROWS);
    assertThat(count("SELECT COUNT(DISTINCT id) FROM orders")).isEqualTo(ROWS);
    assertThat(count("SELECT COUNT(*) FROM ran")).isEqualTo(1);
    assertThat(count("SELECT COUNT(*) FROM millrace_ledger")).isZero();
  }

  private void assertSuccess(RunOutcome outcome) {
    assertThat(outcome.result().error()).isNull();
    assertThat(outcome.result().state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void aRerunAfterACancelledAttemptWritesEveryRowOnce() throws Exception {
    startAndBlock(orders.attempt(1, 1)).cancel("stopped");
    assertThat(ended.await().result().cancelled()).isTrue();
    source.faults().unblock();
    assertThat(count("SELECT COUNT(*) FROM orders")).isBetween(1L, ROWS - 1L);

    runner.start(orders.attempt(2, 1, earlier(1)), ended::accept);
    RunOutcome outcome = ended.await();
    assertSuccess(outcome);
    assertThat(outcome.result().written()).isEqualTo(ROWS);
    assertExact();
  }

  @Test
  void anAttemptThatWasAbandonedAndWakesUpWritesNothingMore() throws Exception {
    startAndBlock(orders.attempt(1, 1));

    otherRunner().start(orders.attempt(2, 1, earlier(1)), ended::accept);
    assertSuccess(ended.await());
    assertExact();

    source.faults().unblock();
    RunOutcome late = ended.await();
    assertThat(late.attempt()).isEqualTo(1);
    assertThat(late.result().state()).isEqualTo(RunState.FAIL);
    assertExact();
  }

  @Test
  void aTakeoverOfATakeoverWritesEveryRowOnce() throws Exception {
    startAndBlock(orders.attempt(1, 1));
    // The second one is lost as well, before it could do more than shut out the first.
    runner.start(orders.attempt(2, 1, earlier(1)), ended::accept).cancel("lost");
    ended.await();
    RunningAttempt third =
        otherRunner().start(orders.attempt(3, 1, earlier(1), earlier(2)), ended::accept);
    source.faults().unblock();
    RunOutcome one = ended.await();
    RunOutcome other = ended.await();
    assertSuccess(one.attempt() == third.attempt() ? one : other);
    assertExact();
  }

  @Test
  void startingAnewWritesEverythingAgainAndShutsTheOldGenerationOut() throws Exception {
    startAndBlock(orders.attempt(1, 1));
    long before = count("SELECT COUNT(*) FROM orders");

    otherRunner().start(orders.attempt(2, 2), ended::accept);
    assertSuccess(ended.await());
    assertThat(count("SELECT COUNT(*) FROM orders")).isEqualTo(before + ROWS);
    assertThat(count("SELECT COUNT(*) FROM ran")).isEqualTo(2);

    source.faults().unblock();
    RunOutcome late = ended.await();
    assertThat(late.result().state()).isEqualTo(RunState.FAIL);
    assertThat(late.result().error().code())
        .isIn(StandardError.FENCED.code(), StandardError.WRITE.code());
    assertThat(count("SELECT COUNT(*) FROM orders")).isEqualTo(before + ROWS);
  }

  /** Tables beside the target: shadows, and what a swap has put aside. */
  private List<String> others() throws SQLException {
    List<String> others = new ArrayList<>();
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW TABLES LIKE 'orders\\_\\_%'")) {
      while (row.next()) {
        others.add(row.getString(1));
      }
    }
    return others;
  }

  private Orders swapping() {
    return Orders.of(
            72,
            """
            reader: {source: {table: from, splitRecords: 20}}
            writer: {mysql: {datasource: shop, table: orders, column: [id], publish: swap}}
            setting: {channels: 3, retries: 0}
            """)
        .with(this::dataSource);
  }

  /** Fails after some splits are staged. */
  private void failAfterStaging(RunOrder order) throws Exception {
    startAndBlock(order).cancel("stopped");
    assertThat(ended.await().result().cancelled()).isTrue();
    source.faults().unblock();
  }

  @Test
  void startingAnewRemovesWhatTheEarlierGenerationHasStaged() throws Exception {
    server.execute(database, "INSERT INTO orders VALUES (7000), (7001)");
    Orders swap = swapping();
    failAfterStaging(swap.attempt(1, 1));
    List<String> staged = others();
    assertThat(staged).hasSize(1);
    assertThat(count("SELECT COUNT(*) FROM " + staged.get(0))).isPositive();
    assertThat(count("SELECT COUNT(*) FROM millrace_ledger WHERE generation = 1")).isPositive();

    runner.start(swap.attempt(2, 2), ended::accept);
    assertSuccess(ended.await());

    assertThat(others()).isEmpty();
    assertThat(count("SELECT COUNT(*) FROM millrace_ledger")).isZero();
    assertThat(count("SELECT COUNT(*) FROM orders")).isEqualTo(ROWS);
    assertThat(count("SELECT COUNT(DISTINCT id) FROM orders")).isEqualTo(ROWS);
    assertThat(count("SELECT MAX(id) FROM orders")).isEqualTo(ROWS - 1);
    assertThat(Files.readString(runs.resolve("72/g2/attempt-2/run.log")))
        .contains("generation 1 is given up: what it staged is removed");
    assertThat(Files.readString(runs.resolve("72/g2/attempt-2/stage-1-pre-preparation.log")))
        .contains("DROP TABLE IF EXISTS")
        .contains(staged.get(0));
  }

  @Test
  void severalGenerationsThatFailedLeaveNothing() throws Exception {
    Orders swap = swapping();
    failAfterStaging(swap.attempt(1, 1));
    failAfterStaging(swap.attempt(2, 2));
    assertThat(others()).as("only that of generation 2").hasSize(1);
    RunOrder third = swap.attempt(3, 2, earlier(2));
    failAfterStaging(third);
    assertThat(third.abandoned()).containsExactly(new RunOrder.AbandonedAttempt(1, 1));
    assertThat(others()).as("a continued attempt keeps its own").hasSize(1);
    runner.start(swap.attempt(4, 3), ended::accept);
    assertSuccess(ended.await());
    assertThat(others()).isEmpty();
    assertThat(count("SELECT COUNT(*) FROM millrace_ledger")).isZero();
    assertThat(count("SELECT COUNT(*) FROM orders")).isEqualTo(ROWS);
  }

  @Test
  void anAttemptThatCannotRemoveWhatWasStagedFailsWithOneLineAndTheNextTriesAgain()
      throws Exception {
    Orders swap = swapping();
    failAfterStaging(swap.attempt(1, 1));
    String shadow = others().get(0);
    // A table that is referred to cannot be dropped.
    server.execute(
        database,
        "ALTER TABLE " + shadow + " ADD INDEX (id)",
        "CREATE TABLE child (id BIGINT, FOREIGN KEY (id) REFERENCES " + shadow + " (id))");
    runner.start(swap.attempt(2, 2), ended::accept);
    RunOutcome outcome = ended.await();
    assertThat(outcome.result().state()).isEqualTo(RunState.FAIL);
    assertThat(outcome.result().error().message())
        .startsWith("what generation 1 staged in the target could not be removed: ")
        .contains(shadow);
    server.execute(database, "DROP TABLE child");
    runner.start(swap.attempt(3, 2, earlier(2)), ended::accept);
    assertSuccess(ended.await());
    assertThat(others()).isEmpty();
    assertThat(count("SELECT COUNT(*) FROM orders")).isEqualTo(ROWS);
  }

  @Test
  void aRunDirectoryThatIsNotHereIsToldAndHindersNobody() throws Exception {
    Orders swap = swapping();
    failAfterStaging(swap.attempt(1, 1));
    Files.move(runs.resolve("72/g1"), runs.resolve("away"));
    runner.start(swap.attempt(2, 2), ended::accept);
    assertSuccess(ended.await());
    assertThat(Files.readString(runs.resolve("72/g2/attempt-2/run.log")))
        .contains("g1/attempt-1 of an earlier run is not here");
    // What it had staged is known by the ledger as well.
    assertThat(others()).isEmpty();
  }
}
