package io.millrace.mysql.read;

import static io.millrace.testkit.PlainMessages.assertThatThrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.DirtyRecords.Kept;
import io.millrace.api.DirtyRecords.RawValue;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.record.Field;
import io.millrace.testkit.server.TestServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That what is read is exactly what the source holds and the task means. */
abstract class AbstractExactReadingIT {

  private String db = "";

  abstract TestServer server();

  @BeforeEach
  void createDatabase() throws SQLException {
    db = server().createDatabase("exact");
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    server().execute("", "DROP DATABASE `" + db + "`");
  }

  String database() {
    return db;
  }

  void sql(String... statements) throws SQLException {
    server().execute(db, statements);
  }

  Reading read(Object... keysAndValues) {
    return Reading.of(server(), db, keysAndValues);
  }

  private boolean isMariaDb() {
    return server().flavour().name().equals("MARIADB");
  }

  /** A table with the ids 1 to {@code count} and {@code v} = id modulo 10. */
  private void numbers(String table, int count) throws SQLException {
    sql(
        "CREATE TABLE " + table + " (id INT NOT NULL PRIMARY KEY, v INT)",
        "INSERT INTO "
            + table
            + " SELECT n, n % 10 FROM ("
            + AbstractReaderIT.sequence(count)
            + ") q");
  }

  @Test
  void anAggregateIsOneRowOfTheWholeTable() throws SQLException {
    numbers("t", 1000);
    for (Object splitPk : List.of("id", "")) {
      try (Reading reading =
          read("table", "t", "splitPk", splitPk, "column", List.of("count(1)", "sum(v)"))) {
        assertThat(reading.rows(3)).containsExactly(List.of("1000", "4500"));
        assertThat(reading.infos)
            .anyMatch(line -> line.contains("one statement, because count() in column 'count(1)'"));
      }
    }
  }

  @Test
  void whatDependsOnOtherRowsIsReadByOneStatement() throws SQLException {
    numbers("t", 100);
    sql("CREATE TABLE u (id INT)", "INSERT INTO u VALUES (5), (95)");
    List<List<Object>> tasks =
        List.of(
            List.of("column", List.of("id", "@x := 1")),
            List.of("column", List.of("distinct v")),
            List.of("column", List.of("id", "rand() < 2")),
            List.of("column", List.of("id"), "where", "id in (select id from u)"),
            List.of("column", List.of("id"), "where", "rand() < 2"),
            List.of("column", List.of("id"), "where", "(@n := id) > 0"));
    for (List<Object> task : tasks) {
      List<Object> all = new ArrayList<>(List.of("table", "t", "splitPk", "id"));
      all.addAll(task);
      try (Reading reading = read(all.toArray())) {
        SplitPlan plan = reading.plan(3);
        assertThat(plan.splits()).as(task.toString()).hasSize(1);
        assertThat(plan.rule()).as(task.toString()).contains("one statement, because");
      }
    }
    try (Reading reading =
        read("table", "t", "splitPk", "id", "column", List.of("DISTINCT v", "v + 1"))) {
      assertThat(reading.rows(3)).hasSize(10);
    }
    if (isMariaDb() || server().description().contains("8.")) {
      try (Reading reading =
          read(
              "table",
              "t",
              "splitPk",
              "id",
              "column",
              List.of("row_number() over (order by id)"))) {
        assertThat(new HashSet<>(reading.rows(3))).hasSize(100);
      }
    }
  }

  @Test
  void whatDependsOnItsRowAloneIsStillCut() throws SQLException {
    numbers("t", 100);
    try (Reading reading =
        read(
            "table",
            "t",
            "splitPk",
            "id",
            "column",
            List.of("id", "concat(v, '@x count(1)')"),
            "where",
            "v in (1, 2) and id <= abs(-90)")) {
      assertThat(reading.plan(2).splits().size()).isGreaterThan(5);
      assertThat(reading.rows(2)).hasSize(18);
    }
  }

  @Test
  void theTimeIsOneMomentForAllSplitsTablesAndTries() throws SQLException {
    numbers("t", 50);
    numbers("u", 50);
    String micros = "now(6)";
    try (Reading reading =
        read(
            "table",
            List.of("t", "u"),
            "splitPk",
            "id",
            "column",
            List.of(micros, "unix_timestamp()", "current_timestamp"))) {
      SplitPlan plan = reading.plan(8);
      assertThat(plan.splits().size()).isGreaterThan(10);
      Set<List<String>> times = new HashSet<>();
      for (Split split : plan.splits()) {
        times.addAll(reading.rows(split));
      }
      assertThat(times).hasSize(1);
      // Another process that resumes the plan, some time later.
      try (Reading other =
          read(
              "table",
              List.of("t", "u"),
              "splitPk",
              "id",
              "column",
              List.of(micros, "unix_timestamp()", "current_timestamp"))) {
        times.addAll(other.rows(plan.splits().get(plan.splits().size() - 1)));
      }
      assertThat(times).hasSize(1);
    }
    try (Reading reading =
        read("querySql", List.of("SELECT now(6) AS a FROM t", "SELECT now(6) AS a FROM u"))) {
      assertThat(new HashSet<>(reading.rows(2))).hasSize(1);
    }
  }

  @Test
  void columnsOfSeveralTablesAreMatchedByNameUnderAStar() throws SQLException {
    sql(
        "CREATE TABLE a (id INT PRIMARY KEY, price INT, stock INT)",
        "CREATE TABLE b (id INT PRIMARY KEY, STOCK INT, price INT)",
        "CREATE TABLE c (id INT PRIMARY KEY, price INT, pieces INT)",
        "INSERT INTO a VALUES (1, 10, 100)",
        "INSERT INTO b VALUES (2, 200, 20)");
    try (Reading reading = read("table", List.of("a", "b"))) {
      assertThat(reading.rows(1))
          .containsExactly(List.of("1", "10", "100"), List.of("2", "20", "200"));
    }
    try (Reading reading = read("table", List.of("a", "c"))) {
      assertThatThrownBy(reading::schema)
          .hasMessageContaining("only " + db + ".a has stock")
          .hasMessageContaining("only " + db + ".c has pieces");
    }
    try (Reading reading = read("table", List.of("a", "b"), "column", List.of("id", "price"))) {
      assertThat(reading.rows(1)).containsExactly(List.of("1", "10"), List.of("2", "20"));
    }
    try (Reading reading = read("querySql", List.of("SELECT * FROM a", "SELECT * FROM b"))) {
      assertThatThrownBy(reading::schema).hasMessageContaining("in another order");
    }
  }

  @Test
  void aStarSaysWhichColumnsAreGeneratedAndWhichItLeavesOut() throws SQLException {
    boolean invisible = isMariaDb();
    sql(
        "CREATE TABLE t (id INT PRIMARY KEY, price INT, vat INT AS (price * 2),"
            + " note INT DEFAULT 7"
            + (invisible ? " INVISIBLE" : "")
            + ")");
    try (Reading reading = read("table", "t")) {
      assertThat(reading.schema().fields())
          .extracting(Field::name)
          .containsExactlyElementsOf(
              invisible ? List.of("id", "price", "vat") : List.of("id", "price", "vat", "note"));
      assertThat(reading.schema().star()).isNotNull();
      assertThat(reading.schema().star().generated()).containsExactly("vat");
      assertThat(reading.schema().star().hidden())
          .isEqualTo(invisible ? List.of("note") : List.of());
    }
    try (Reading reading = read("table", "t", "column", List.of("id", "note"))) {
      assertThat(reading.schema().star()).isNull();
    }
    try (Reading reading = read("querySql", "SELECT * FROM t")) {
      assertThat(reading.schema().star()).isNull();
    }
  }

  @Test
  void whatIsComputedDeclaresNoDigitsAndAColumnDoes() throws SQLException {
    sql("CREATE TABLE t (id INT PRIMARY KEY, price DECIMAL(8,2), at DATETIME(3))");
    List<String> columns =
        List.of("price", "price * 1.5", "at", "at + interval 1 second", "id + 1");
    try (Reading reading = read("table", "t", "column", columns)) {
      assertThat(reading.schema().fields())
          .extracting(Field::nativeType)
          .satisfies(types -> assertThat(types.get(4)).startsWith("bigint"))
          .startsWith("decimal(8,2)", null, "datetime(3)", null);
    }
    try (Reading reading =
        read("querySql", "SELECT price, price * 1.5 AS more, at, now(6) AS asked FROM t")) {
      assertThat(reading.schema().fields())
          .extracting(Field::nativeType)
          .containsExactly("decimal(8,2)", null, "datetime(3)", null);
    }
    sql("CREATE VIEW w AS SELECT price * 2 AS price, at FROM t");
    for (String computed :
        List.of(
            "SELECT a.price FROM (SELECT price * 2 AS price FROM t) a",
            "SELECT a.price FROM (SELECT price * 2 AS price FROM t LIMIT 5) a",
            "SELECT b.price FROM (SELECT a.price FROM (SELECT price / 3 AS price FROM t) a) b",
            "SELECT price FROM (SELECT avg(price) AS price FROM t) a",
            "SELECT price FROM t UNION SELECT price * 2 FROM t",
            "SELECT price FROM t UNION ALL SELECT price * 2 FROM t",
            "SELECT price FROM w",
            "SELECT at FROM (SELECT at + INTERVAL 1 MICROSECOND AS at FROM t) a")) {
      try (Reading reading = read("querySql", computed)) {
        assertThat(reading.schema().field(0).nativeType()).as(computed).isNull();
      }
    }
    try (Reading reading =
        read("querySql", "SELECT a.p, a.at FROM (SELECT price AS p, at FROM t) a, t u")) {
      assertThat(reading.schema().fields())
          .extracting(Field::nativeType)
          .containsExactly("decimal(8,2)", "datetime(3)");
    }
  }

  @Test
  void aStarOverAColumnThatTheAccountMayNotSeeIsRefused() throws SQLException {
    sql("CREATE TABLE t (id INT PRIMARY KEY, secret INT, v INT)", "INSERT INTO t VALUES (1, 2, 3)");
    String user = "narrow" + Math.abs(db.hashCode() % 100_000);
    server()
        .execute(
            db,
            "CREATE USER " + user + " IDENTIFIED BY 'narrow-pass'",
            "GRANT SELECT (id, v) ON `" + db + "`.t TO " + user);
    try {
      try (Reading reading = read("table", "t", "username", user, "password", "narrow-pass")) {
        assertThatThrownBy(reading::schema)
            .isInstanceOf(MillraceException.class)
            .hasMessageContaining("'*'")
            .hasMessageContaining("denied")
            .satisfies(
                e ->
                    assertThat(((MillraceException) e).errorCode())
                        .isEqualTo(StandardError.READ_REFUSED));
      }
      try (Reading reading =
          read(
              "table",
              "t",
              "username",
              user,
              "password",
              "narrow-pass",
              "column",
              List.of("id", "v"))) {
        assertThat(reading.row()).containsExactly("1", "3");
      }
    } finally {
      server().execute("", "DROP USER " + user);
    }
  }

  @Test
  void aRowThatIsLargerThanTheServersPacketIsRead() throws SQLException {
    sql("CREATE TABLE t (id INT PRIMARY KEY, a LONGTEXT, b LONGTEXT)");
    sql("INSERT INTO t VALUES (1, REPEAT('x', 3000000), REPEAT('y', 3000000)), (2, 'x', 'y')");
    server().execute("", "SET GLOBAL max_allowed_packet = 4194304");
    try {
      for (Object[] task : new Object[][] {{"table", "t"}, {"querySql", "SELECT * FROM t"}}) {
        try (Reading reading = read(task)) {
          List<List<String>> rows = reading.rows(1);
          assertThat(rows).hasSize(2);
          assertThat(rows.get(0).get(1)).hasSize(3_000_000);
          assertThat(rows.get(0).get(2)).hasSize(3_000_000);
          assertThat(reading.dirty).isEmpty();
        }
      }
      TaskContext.Limits limits = new TaskContext.Limits(1 << 20, 1000, 2_000_000, 1);
      try (Reading reading = Reading.of(server(), db, limits, "table", "t")) {
        assertThat(reading.rows(1)).containsExactly(List.of("2", "x", "y"));
        assertThat(reading.dirty).hasSize(1);
      }
    } finally {
      server().execute("", "SET GLOBAL max_allowed_packet = DEFAULT");
    }
  }

  @Test
  void aValueThatTheServerCutsInTheTasksOwnSqlFailsTheSplit() throws SQLException {
    numbers("t", 2000);
    try (Reading reading = read("table", "t", "column", List.of("group_concat(id)"))) {
      if (isMariaDb()) {
        // Its limit is 1 MB by default.
        sql("SET GLOBAL group_concat_max_len = 1024");
      }
      assertThatThrownBy(() -> reading.rows(1))
          .hasMessageContaining("warning 1260")
          .hasMessageContaining("group_concat_max_len");
    } finally {
      server().execute("", "SET GLOBAL group_concat_max_len = DEFAULT");
    }
    try (Reading reading =
        read(
            "table",
            "t",
            "column",
            List.of("group_concat(id)"),
            "session",
            List.of("SET SESSION group_concat_max_len = 1000000"))) {
      assertThat(reading.row().get(0)).endsWith("2000").hasSizeGreaterThan(8000);
    }
    try (Reading reading =
        read("querySql", "SELECT repeat('x', id * 1000000000) AS r FROM t LIMIT 2")) {
      assertThatThrownBy(() -> reading.rows(1)).hasMessageContaining("warning 1301");
    }
  }

  @Test
  void aDirtyRecordHoldsWhatWasReadAndSaysWhatWasNot() throws SQLException {
    try (var connection = server().connect(db);
        var statement = connection.createStatement()) {
      statement.execute("SET time_zone = '+00:00'");
      statement.execute(
          "CREATE TABLE t (id INT PRIMARY KEY, a LONGTEXT, b TEXT, c BIT(12), d TIMESTAMP(3) NULL,"
              + " e BLOB, f TEXT, g INT)");
      statement.execute(
          "INSERT INTO t VALUES (1, REPEAT('x', 3000), REPEAT('ü', 400), 5,"
              + " '2025-01-01 00:00:00.5', REPEAT('e', 300), NULL, 42)");
    }
    TaskContext.Limits limits = new TaskContext.Limits(1 << 20, 1000, 2_000, 1);
    for (Object[] task : new Object[][] {{"table", "t"}, {"querySql", "SELECT * FROM t"}}) {
      try (Reading reading = Reading.of(server(), db, limits, task)) {
        assertThat(reading.rows(1)).isEmpty();
        List<RawValue> values = reading.dirtyValues.get(0);
        assertThat(values.get(1).kept()).isEqualTo(Kept.CUT);
        assertThat(values.get(1).byteSize()).isEqualTo(3000);
        assertThat(values.get(2).text()).isEqualTo("ü".repeat(400));
        assertThat(values.get(3).text()).isEqualTo("5");
        assertThat(values.get(4).text()).isEqualTo("2025-01-01 00:00:00.500Z");
        assertThat(values.get(5).text()).isEqualTo("0x" + "65".repeat(300));
        assertThat(values.get(6).text()).isNull();
        assertThat(values.get(7).text()).isEqualTo("42");
        for (int i : new int[] {0, 2, 3, 4, 5, 6, 7}) {
          assertThat(values.get(i).kept()).as("value %d", i).isEqualTo(Kept.WHOLE);
        }
      }
    }
  }
}
