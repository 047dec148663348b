package io.millrace.dist.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.net.BytePattern;
import io.millrace.testkit.net.FaultProxy.Action;
import io.millrace.testkit.server.Flavour;
import io.millrace.testkit.server.ServerOptions;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What else might lose, double or change a row, or make the result untrue. */
class HazardsIT {

  @TempDir Path directory;

  private Scene mysql() throws Exception {
    return Scene.on(TestServers.mysql(), directory);
  }

  private static void copied(Scene scene, String... columns) throws Exception {
    assertThat(scene.checksums("dst", columns)).isEqualTo(scene.checksums("src", columns));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"id INT PRIMARY KEY", "id INT"})
  void aReadersConnectionLostInTheMiddleOfASplitCostsAndDoublesNoRow(String id) throws Exception {
    try (Scene scene = mysql()) {
      scene.sql(
          "CREATE TABLE src (" + id + ", name VARCHAR(200))",
          "CREATE TABLE dst LIKE src",
          Numbers.create(20_000),
          "INSERT INTO src SELECT n, REPEAT('x', 150) FROM numbers");
      CompletableFuture<Void> cut =
          scene.proxy().when(BytePattern.text("`name` FROM"), 2, Action.CUT_AFTER);
      scene
          .run(
              scene
                  .task()
                  .reader("jdbcUrl", scene.proxied())
                  .reader("column", List.of("id", "name"))
                  .reader("splitPk", "id")
                  .setting("retryDelay", "100ms"))
          .succeeded()
          .counted(20_000, 0);
      assertThat(cut).isDone();
      copied(scene, "id", "name");
    }
  }

  @ParameterizedTest(name = "{0}, load {1}")
  @CsvSource({"MYSQL,auto", "MARIADB,never"})
  void aValueBeyondTheTargetsPacketIsDirtyOrArrivesWhole(Flavour flavour, String load)
      throws Exception {
    try (TestServer small =
            TestServers.own(flavour, ServerOptions.DEFAULT.with("--max-allowed-packet=1M"));
        Scene source = Scene.on(TestServers.shared(flavour), directory);
        Scene target = Scene.on(small, directory.resolve("small"))) {
      source.sql(
          "CREATE TABLE src (id INT PRIMARY KEY, v LONGTEXT)",
          "INSERT INTO src VALUES (1, 'a'), (2, REPEAT('\\\\', 1000000)), (3, REPEAT('b', 3000000)),"
              + " (4, REPEAT('c', 1048500)), (5, 'd')");
      target.sql("CREATE TABLE dst (id INT PRIMARY KEY, v LONGTEXT)");
      Scene.TaskFile task = source.task();
      target.task().copyWriterTo(task);
      Outcome outcome = source.run(task.writer("load", load).setting("channels", 1)).succeeded();
      List<String> arrived = target.rows("SELECT id, SHA2(v, 256) FROM dst ORDER BY id");
      assertThat(source.rows("SELECT id, SHA2(v, 256) FROM src ORDER BY id")).containsAll(arrived);
      assertThat(arrived).hasSize((int) outcome.number("written"));
      assertThat(outcome.dirty()).hasSize(5 - arrived.size());
      assertThat(arrived.size()).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void aRowLockedByAnotherSessionDelaysASplitAndNeitherLosesNorDoublesIt() throws Exception {
    try (Scene scene = mysql();
        Connection other = scene.connect();
        Statement statement = other.createStatement()) {
      scene.sql(
          "CREATE TABLE src (id INT PRIMARY KEY, v INT)",
          "CREATE TABLE dst LIKE src",
          Numbers.create(5_000),
          "INSERT INTO src SELECT n, n FROM numbers");
      other.setAutoCommit(false);
      statement.execute("INSERT INTO dst VALUES (2500, -1)");
      Scene.Started run =
          scene.start(
              scene
                  .task()
                  .reader("splitPk", "id")
                  .writer("session", List.of("SET innodb_lock_wait_timeout = 1"))
                  .setting("retries", 50)
                  .setting("retryDelay", "100ms"));
      run.running().awaitPrinted("Lock wait timeout");
      other.rollback();
      run.await().succeeded().counted(5_000, 0);
      copied(scene, "id", "v");
    }
  }

  @ParameterizedTest(name = "load {0}")
  @ValueSource(strings = {"auto", "never"})
  void aTargetThatBecomesNarrowerMeanwhileIsRefusedAndARunAfterwardsRoundsNone(String load)
      throws Exception {
    try (Scene scene = mysql()) {
      scene.sql(
          "CREATE TABLE src (id INT PRIMARY KEY, name VARCHAR(20), price DECIMAL(10,4))",
          "CREATE TABLE dst LIKE src",
          "INSERT INTO src VALUES (1, 'short', 1.2), (2, 'not short', 1.2), (3, 'short', 1.2345)");
      CompletableFuture<Void> held =
          scene
              .proxy()
              .when(
                  BytePattern.text(
                      load.equals("auto")
                          ? "LOAD DATA"
                          : "INSERT INTO `" + scene.database() + "`.`dst`"),
                  1,
                  Action.HOLD_BEFORE);
      Scene.Started run =
          scene.start(
              scene
                  .task()
                  .writer("jdbcUrl", scene.proxied())
                  .writer("load", load)
                  .setting("narrowing", "dirty"));
      held.get(60, TimeUnit.SECONDS);
      scene.sql("ALTER TABLE dst MODIFY name VARCHAR(6), MODIFY price DECIMAL(10,2)");
      scene.proxy().pass();
      Outcome refused = run.await().failed();
      assertThat(refused.output()).contains("changed while the task ran: name, price");
      assertThat(scene.rows("SELECT * FROM dst")).isEmpty();
      // The server has rebuilt the table, which is told from one that was made again by nothing.
      assertThat(scene.resume(refused).failed().output())
          .contains("removed and made again, or rebuilt", "run the task from scratch");
      Outcome outcome =
          scene
              .run(scene.task().writer("load", load).setting("narrowing", "dirty"))
              .succeeded()
              .counted(1, 2);
      assertThat(scene.rows("SELECT * FROM dst")).containsExactly("1|short|1.20");
      assertThat(outcome.dirty())
          .extracting(Outcome.Dirty::column)
          .containsExactly("name", "price");
    }
  }

  @Test
  void whatATriggerDoesHappensOncePerWrittenRowThoughBadOnesLieBetween() throws Exception {
    try (Scene scene = mysql()) {
      scene.sql(
          "CREATE TABLE src (id INT PRIMARY KEY, v INT)",
          "CREATE TABLE dst (id INT PRIMARY KEY, v INT)",
          "CREATE TABLE audit (id INT)",
          "CREATE TRIGGER t AFTER INSERT ON dst FOR EACH ROW INSERT INTO audit VALUES (NEW.id)",
          "CREATE TRIGGER u BEFORE INSERT ON dst FOR EACH ROW IF NEW.v = 77 THEN SIGNAL SQLSTATE"
              + " '45000' SET MESSAGE_TEXT = 'not 77'; END IF",
          Numbers.create(3_000),
          "INSERT INTO src SELECT n, n % 100 FROM numbers",
          "INSERT INTO dst VALUES (50, 0)",
          "DELETE FROM audit");
      Outcome outcome =
          scene.run(scene.task().reader("splitPk", "id")).succeeded().counted(2_969, 31);
      assertThat(outcome.dirty()).filteredOn(d -> d.reason().contains("not 77")).hasSize(30);
      assertThat(scene.one("SELECT COUNT(*) FROM audit")).isEqualTo("2969");
      assertThat(scene.one("SELECT COUNT(DISTINCT id) FROM audit")).isEqualTo("2969");
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Flavour.class)
  void rowsThatBreakAForeignKeyOrFindNoPartitionAreDirty(Flavour flavour) throws Exception {
    try (Scene scene = Scene.on(TestServers.shared(flavour), directory)) {
      scene.sql(
          "CREATE TABLE parent (id INT PRIMARY KEY)",
          "INSERT INTO parent VALUES (1), (2)",
          "CREATE TABLE src (id INT PRIMARY KEY, p INT)",
          "INSERT INTO src VALUES (1, 1), (2, 3), (3, NULL), (4, 2), (5, 9)",
          "CREATE TABLE dst (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES parent (id))",
          "CREATE TABLE parted (id INT PRIMARY KEY, p INT) PARTITION BY RANGE (id)"
              + " (PARTITION a VALUES LESS THAN (4))");
      Outcome outcome = scene.run(scene.task()).succeeded().counted(3, 2);
      assertThat(scene.rows("SELECT id FROM dst ORDER BY id")).containsExactly("1", "3", "4");
      assertThat(outcome.dirty()).extracting(Outcome.Dirty::code).containsOnly("1452");

      Outcome parted = scene.run(scene.task().writer("table", "parted")).succeeded();
      parted.counted(3, 2);
      assertThat(scene.rows("SELECT id FROM parted ORDER BY id")).containsExactly("1", "2", "3");
      assertThat(parted.dirty()).extracting(Outcome.Dirty::code).containsOnly("1526");
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Flavour.class)
  void zeroStaysZeroInAnAutoIncrementColumnAndColumnsGoByTheirOrderInTheTask(Flavour flavour)
      throws Exception {
    try (Scene scene = Scene.on(TestServers.shared(flavour), directory)) {
      scene.sql(
          "CREATE TABLE src (id INT PRIMARY KEY, a VARCHAR(5), b VARCHAR(5), `group` INT,"
              + " `od``d, \"na me` INT)",
          "INSERT INTO src VALUES (0, 'a0', 'b0', 1, 2), (-5, 'a5', 'b5', 3, 4), (7, '', NULL, 5, 6)",
          "CREATE TABLE dst (b VARCHAR(5), `od``d, \"na me` INT, a VARCHAR(5), id INT AUTO_INCREMENT"
              + " PRIMARY KEY, `group` INT, sum INT AS (`group` + 1), extra INT DEFAULT 42)");
      List<String> order = List.of("id", "a", "b", "group", "`od``d, \"na me`");
      scene
          .run(scene.task().reader("column", order).writer("column", order).reader("splitPk", "id"))
          .succeeded()
          .counted(3, 0);
      copied(scene, "id", "a", "b", "`group`", "`od``d, \"na me`");
      assertThat(scene.rows("SELECT DISTINCT sum - `group`, extra FROM dst"))
          .containsExactly("1|42");
    }
  }

  @ParameterizedTest(name = "publish {0}")
  @ValueSource(strings = {"direct", "swap", "append"})
  void anEmptySourceSucceedsAndOnlySwapEmptiesTheTarget(String publish) throws Exception {
    try (Scene scene = mysql()) {
      scene.sql(
          "CREATE TABLE src (id INT PRIMARY KEY)",
          "CREATE TABLE dst LIKE src",
          "INSERT INTO dst VALUES (1)");
      scene
          .run(scene.task().reader("splitPk", "id").writer("publish", publish))
          .succeeded()
          .counted(0, 0);
      assertThat(scene.one("SELECT COUNT(*) FROM dst"))
          .isEqualTo(publish.equals("swap") ? "0" : "1");
    }
  }

  @Test
  void aTableOfFiveHundredColumnsArrives() throws Exception {
    try (Scene scene = mysql()) {
      StringBuilder columns = new StringBuilder("id INT PRIMARY KEY");
      StringBuilder values = new StringBuilder("n");
      String[] names = new String[500];
      for (int i = 0; i < 500; i++) {
        names[i] = "a_rather_long_name_for_column_" + i;
        columns.append(", ").append(names[i]).append(i % 50 == 0 ? " VARCHAR(10)" : " INT");
        values.append(", NULLIF(n % 10, ").append(i % 10).append(')');
      }
      scene.sql(
          "CREATE TABLE src (" + columns + ")",
          "CREATE TABLE dst LIKE src",
          Numbers.create(1_000),
          "INSERT INTO src SELECT " + values + " FROM numbers");
      scene
          .run(scene.task().reader("splitPk", "id").writer("preSql", List.of(longStatement())))
          .succeeded()
          .counted(1_000, 0);
      copied(scene, names);
    }
  }

  private static String longStatement() {
    return "DELETE FROM dst WHERE id IN (" + "123456789, ".repeat(100_000) + "0)";
  }

  @Test
  void aViewIsReadAndWritten() throws Exception {
    try (Scene scene = mysql()) {
      scene.sql(
          "CREATE TABLE base (id INT PRIMARY KEY, v INT)",
          "INSERT INTO base VALUES (1, 1), (2, 2), (3, 3)",
          "CREATE VIEW src AS SELECT id, v FROM base WHERE v < 3",
          "CREATE TABLE below (id INT PRIMARY KEY, v INT)",
          "CREATE VIEW dst AS SELECT id, v FROM below WHERE v < 2 WITH CHECK OPTION");
      Outcome outcome = scene.run(scene.task()).succeeded().counted(1, 1);
      assertThat(outcome.dirty()).extracting(Outcome.Dirty::code).containsExactly("1369");
      assertThat(scene.rows("SELECT * FROM below")).containsExactly("1|1");
    }
  }

  @Test
  void invisibleColumnsAreLeftOutOfAStarAndTakenByName() throws Exception {
    try (Scene scene = Scene.on(TestServers.mariadb(), directory)) {
      scene.sql(
          "CREATE TABLE src (id INT PRIMARY KEY, hidden INT INVISIBLE DEFAULT 5)",
          "INSERT INTO src (id, hidden) VALUES (1, 9)",
          "CREATE TABLE dst LIKE src",
          "CREATE TABLE named LIKE src");
      scene.run(scene.task()).succeeded().counted(1, 0);
      assertThat(scene.rows("SELECT id, hidden FROM dst")).containsExactly("1|5");
      List<String> both = List.of("id", "hidden");
      scene
          .run(scene.task().reader("column", both).writer("column", both).writer("table", "named"))
          .succeeded();
      assertThat(scene.rows("SELECT id, hidden FROM named")).containsExactly("1|9");
    }
  }

  @ParameterizedTest(name = "{0}, load {1}")
  @CsvSource({"update,auto", "update,never", "replace,auto", "replace,never"})
  void theLastOfTwoRecordsWithOneKeyWins(String mode, String load) throws Exception {
    try (Scene scene = mysql()) {
      scene.sql(
          "CREATE TABLE src (id INT, v INT, KEY (id))",
          Numbers.create(4_000),
          "INSERT INTO src SELECT n DIV 2, n FROM numbers",
          "CREATE TABLE dst (id INT PRIMARY KEY, v INT, kept INT DEFAULT 7)",
          "INSERT INTO dst VALUES (5, -1, 8), (-1, -1, 9)");
      List<String> columns = List.of("id", "v");
      scene
          .run(
              scene
                  .task()
                  .reader("querySql", List.of("SELECT id, v FROM src ORDER BY v"))
                  .without("table")
                  .writer("column", columns)
                  .writer("writeMode", mode)
                  .writer("load", load))
          .succeeded()
          .counted(4_000, 0);
      assertThat(scene.one("SELECT COUNT(*) FROM dst WHERE id >= 0 AND v = 2 * id + 1"))
          .isEqualTo("2000");
      assertThat(scene.one("SELECT COUNT(*) FROM dst")).isEqualTo("2001");
      assertThat(scene.one("SELECT kept FROM dst WHERE id = 5"))
          .isEqualTo(mode.equals("update") ? "8" : "7");
    }
  }

  @ParameterizedTest(name = "publish {0}")
  @ValueSource(strings = {"direct", "swap"})
  void aTableIsCopiedIntoItselfOnlyWhereNoSplitSeesWhatIsWritten(String publish) throws Exception {
    try (Scene scene = mysql()) {
      scene.sql(
          "CREATE TABLE src (id INT, v VARCHAR(100), KEY (id))",
          Numbers.create(10_000),
          "INSERT INTO src SELECT n, REPEAT('x', 90) FROM numbers");
      Outcome outcome =
          scene.run(
              scene
                  .task()
                  .reader("splitPk", "id")
                  .writer("table", "src")
                  .writer("publish", publish));
      if (publish.equals("swap")) {
        outcome.succeeded().counted(10_000, 0);
      } else {
        assertThat(outcome.failed().output()).contains("the table that it writes to");
      }
      assertThat(
              scene.rows(
                  "SELECT c, COUNT(*) FROM (SELECT COUNT(*) c FROM src GROUP BY id, v) x GROUP BY c"))
          .containsExactly("1|10000");
    }
  }
}
