package io.millrace.mysql.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.option.Options;
import io.millrace.api.read.Overlap;
import io.millrace.api.read.Reader;
import io.millrace.api.record.Schema;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.api.write.WriterFactory;
import io.millrace.mysql.write.MySqlWriterFactory;
import io.millrace.testkit.net.FaultProxy;
import io.millrace.testkit.server.TestServer;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That a source which is the target is noticed, and that tables are told from their successors. */
abstract class AbstractOverlapIT {

  private String db = "";

  abstract TestServer server();

  @BeforeEach
  void createTables() throws SQLException {
    db = server().createDatabase("overlap");
    sql(
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)",
        "INSERT INTO t (v) VALUES (1), (2), (3)",
        "CREATE TABLE other LIKE t",
        "INSERT INTO other (v) VALUES (1), (2), (3)",
        "CREATE VIEW seen AS SELECT id, v FROM t WHERE v < 100",
        "CREATE VIEW through AS SELECT v FROM seen",
        "CREATE VIEW elsewhere AS SELECT v FROM other");
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    server().execute("", "DROP DATABASE `" + db + "`");
  }

  private void sql(String... statements) throws SQLException {
    server().execute(db, statements);
  }

  private Writer writer(Map<String, Object> given) {
    Map<String, Object> options = new HashMap<>(given);
    options.putIfAbsent("jdbcUrl", server().jdbcUrl(db) + "?allowPublicKeyRetrieval=true");
    options.put("username", server().user());
    options.put("password", server().password());
    WriterFactory factory = new MySqlWriterFactory();
    Options.Checked checked = Options.check(factory.options(), options);
    assertThat(checked.problems()).isEmpty();
    return factory.create(
        checked.options(),
        new TaskContext("test", ZoneId.of("UTC"), Clock.systemUTC(), TaskContext.Limits.DEFAULT));
  }

  /** What the reader of these options says to a writer of those. */
  private Overlap overlap(Map<String, Object> write, Object... read) {
    try (Reading reading = Reading.of(server(), db, read);
        Writer writer = writer(write)) {
      writer.check(reading.schema(), reading);
      AtomicReference<Overlap> found = new AtomicReference<>();
      writer.marked(reading, mark -> found.set(reading.reader.overlap(mark, reading)));
      return found.get();
    }
  }

  private static Map<String, Object> to(String table, Object... more) {
    Map<String, Object> options = new HashMap<>(Map.of("table", table, "column", List.of("v")));
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    return options;
  }

  @Test
  void aTableThatIsItsOwnTargetIsRefused() {
    Overlap found = overlap(to("t"), "table", "t", "splitPk", "id", "column", List.of("v"));
    assertThat(found.kind()).isEqualTo(Overlap.Kind.CERTAIN);
    assertThat(found.message()).contains(db + ".t").contains("swap");
  }

  @Test
  void theTargetIsFoundBehindAnotherHostNameAProxyAndAView() throws Exception {
    try (FaultProxy proxy = FaultProxy.before(server().host(), server().port())) {
      for (String url :
          List.of(
              server().jdbcUrl(db, proxy.port()),
              server().jdbcUrl(db).replace("127.0.0.1", "localhost"))) {
        assertThat(
                overlap(
                        to("t"),
                        "jdbcUrl",
                        url,
                        "table",
                        "`" + db + "`.`t`",
                        "column",
                        List.of("v"))
                    .kind())
            .isEqualTo(Overlap.Kind.CERTAIN);
      }
    }
    // Two statements: the second may see what the first one's rows became.
    assertThat(
            overlap(to("t"), "table", List.of("through", "elsewhere"), "column", List.of("v"))
                .kind())
        .isEqualTo(Overlap.Kind.CERTAIN);
    assertThat(overlap(to("seen"), "table", List.of("t", "other"), "column", List.of("v")).kind())
        .as("the target is a view of the source")
        .isEqualTo(Overlap.Kind.CERTAIN);
    assertThat(
            overlap(
                    to("t"),
                    "querySql",
                    List.of(
                        "SELECT a.v FROM other a JOIN " + db + ". `t` b ON a.id = 1",
                        "SELECT v FROM other"))
                .kind())
        .isEqualTo(Overlap.Kind.CERTAIN);
  }

  @Test
  void anotherTableOfTheSameServerIsNone() {
    assertThat(overlap(to("t"), "table", "other", "splitPk", "id", "column", List.of("v")))
        .isEqualTo(Overlap.NONE);
    assertThat(overlap(to("t"), "table", "elsewhere", "column", List.of("v")))
        .isEqualTo(Overlap.NONE);
    assertThat(
            overlap(
                to("t"),
                "querySql",
                List.of("SELECT v FROM other o", "SELECT v FROM other WHERE 't' = 'FROM t'")))
        .isEqualTo(Overlap.NONE);
  }

  @Test
  void aQueryThatIsCalledLikeTheTargetIsNotTheTarget() {
    Map<String, Object> target = to("t", "preSql", List.of("DELETE FROM t"));
    // Its name is a reason to warn.
    assertThat(
            overlap(target, "querySql", "WITH t AS (SELECT v FROM other) SELECT v FROM t").kind())
        .isEqualTo(Overlap.Kind.POSSIBLE);
    assertThat(
            overlap(
                    target,
                    "querySql",
                    "WITH t AS (SELECT v FROM t WHERE v > 1) SELECT v FROM t AS a")
                .kind())
        .isEqualTo(Overlap.Kind.CERTAIN);
  }

  @Test
  void whatIsPublishedInTheEndMayBeRead() {
    for (String publish : List.of("swap", "append")) {
      assertThat(
              overlap(
                  to("t", "publish", publish, "preSql", List.of("DELETE FROM t")),
                  "table",
                  "t",
                  "splitPk",
                  "id",
                  "column",
                  List.of("v")))
          .as(publish)
          .isEqualTo(Overlap.NONE);
    }
  }

  @Test
  void oneStatementDoesNotSeeWhatItsOnlySplitWrites() throws SQLException {
    Object[] missing = {
      "table", "other", "column", List.of("v"), "where", "id NOT IN (SELECT id FROM t)"
    };
    assertThat(overlap(to("t"), missing)).isEqualTo(Overlap.NONE);
    assertThat(overlap(to("t"), "querySql", "SELECT v FROM t")).isEqualTo(Overlap.NONE);
    // But preSql is done before, and a table without transactions shows each row at once.
    assertThat(overlap(to("t", "preSql", List.of("DELETE FROM t")), missing).kind())
        .isEqualTo(Overlap.Kind.CERTAIN);
    sql("ALTER TABLE t ENGINE=MyISAM");
    assertThat(overlap(to("t"), missing).kind()).isEqualTo(Overlap.Kind.CERTAIN);
  }

  @Test
  void aStatementThatTheServerDoesNotExplainIsWarnedOf() throws SQLException {
    Overlap found;
    String user = "viewer" + Math.abs(db.hashCode() % 100_000);
    server()
        .execute(
            db,
            "CREATE USER " + user + " IDENTIFIED BY 'viewer-pass'",
            "GRANT SELECT ON `" + db + "`.through TO " + user,
            "GRANT SELECT ON `" + db + "`.elsewhere TO " + user);
    try {
      found =
          overlap(
              to("t"),
              "table",
              List.of("through", "elsewhere"),
              "column",
              List.of("v"),
              "username",
              user,
              "password",
              "viewer-pass");
      assertThat(found.kind()).isEqualTo(Overlap.Kind.POSSIBLE);
      assertThat(found.message()).contains("may read " + db + ".t");
    } finally {
      server().execute("", "DROP USER " + user);
    }
  }

  /** What such a statement reads cannot be told, but that is not what is wrong. */
  @Test
  void aStatementThatIsWrongIsToldInsteadOfADoubtAboutWhatItReads() {
    Object[] wrong = {
      "table",
      List.of("other", "elsewhere"),
      "column",
      List.of("v"),
      "where",
      "v IN (SELECT 1 WHERE v < )"
    };
    assertThatThrownBy(() -> overlap(to("t"), wrong))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("syntax");
  }

  @Test
  void theSameNameAtAServerThatMayBeAReplicaIsWarnedOf() throws SQLException {
    String foreign =
        "mysql:database="
            + db
            + "&table=t&visible=WITH_EACH_SPLIT&lock=nobody-holds-this&uuid=another&serverId=77"
            + "&cluster=";
    try (Reading reading =
        Reading.of(server(), db, "table", "t", "splitPk", "id", "column", List.of("v"))) {
      assertThat(reading.reader.overlap(foreign, reading)).isEqualTo(Overlap.NONE);
      assertThat(reading.reader.overlap("kafka:cluster/topic", reading)).isEqualTo(Overlap.NONE);
      server().execute("", "SET GLOBAL read_only = 1");
      try {
        Overlap found = reading.reader.overlap(foreign, reading);
        assertThat(found.kind()).isEqualTo(Overlap.Kind.POSSIBLE);
        assertThat(found.message()).contains("replica");
        assertThat(reading.reader.overlap(foreign.replace("table=t", "table=x"), reading))
            .isEqualTo(Overlap.NONE);
      } finally {
        server().execute("", "SET GLOBAL read_only = 0");
      }
    }
  }

  @Test
  void aTableThatIsMadeAgainHasAnotherIdentity() throws SQLException {
    sql("CREATE TABLE `odd-name$1` (id INT PRIMARY KEY)");
    try (Reading reading =
        Reading.of(
            server(), db, "table", List.of("t", "other", "odd-name$1"), "column", List.of("id"))) {
      Map<String, String> before = reading.reader.identity(reading);
      assertThat(before)
          .containsOnlyKeys(
              "table " + db + ".t", "table " + db + ".other", "table " + db + ".odd-name$1");
      sql(
          "INSERT INTO t (v) SELECT v FROM other",
          "DELETE FROM t WHERE id = 1",
          "ALTER TABLE t ADD INDEX (v)",
          "ALTER TABLE t AUTO_INCREMENT = 1000",
          "ANALYZE TABLE t");
      assertThat(reading.reader.identity(reading)).isEqualTo(before);
      sql("TRUNCATE TABLE other", "CREATE TABLE n LIKE t", "DROP TABLE t", "RENAME TABLE n TO t");
      Map<String, String> after = reading.reader.identity(reading);
      assertThat(after.get("table " + db + ".odd-name$1"))
          .isEqualTo(before.get("table " + db + ".odd-name$1"));
      assertThat(after.get("table " + db + ".t")).isNotEqualTo(before.get("table " + db + ".t"));
      assertThat(after.get("table " + db + ".other"))
          .isNotEqualTo(before.get("table " + db + ".other"));
    }
    try (Reading reading = Reading.of(server(), db, "table", "through")) {
      assertThat(reading.reader.identity(reading)).isEmpty();
    }
  }

  @Test
  void anIdentityThatTheAccountMayNotReadSaysWhichPrivilegeIsMissing() throws SQLException {
    String user = "unseen" + Math.abs(db.hashCode() % 100_000);
    server()
        .execute(
            db,
            "CREATE USER " + user + " IDENTIFIED BY 'narrow-pass'",
            "GRANT SELECT ON `" + db + "`.* TO " + user);
    try (Reading all = Reading.of(server(), db, "table", "t", "column", List.of("id"));
        Reading narrow =
            Reading.of(
                server(),
                db,
                "table",
                "t",
                "column",
                List.of("id"),
                "username",
                user,
                "password",
                "narrow-pass")) {
      Map<String, String> identity = narrow.reader.identity(narrow);
      String table = "table " + db + ".t";
      assertThat(identity).containsOnlyKeys(table);
      if (server().flavour().name().equals("MARIADB")) {
        assertThat(identity.get(table)).startsWith(Reader.UNREADABLE).contains("PROCESS");
        String known = all.reader.identity(all).get(table);
        assertThat(identity.get(table)).endsWith(known.substring(known.indexOf(Reader.AT_SERVER)));
      } else {
        // This server lets every account see it.
        assertThat(identity).isEqualTo(all.reader.identity(all));
      }
    } finally {
      server().execute("", "DROP USER " + user);
    }
  }

  @Test
  void aTargetIsIdentifiedByWhatRecordsAreWrittenTo() throws SQLException {
    try (Reading reading = Reading.of(server(), db, "table", "other", "column", List.of("v"))) {
      Schema schema = reading.schema();
      try (Writer writer = writer(to("t"))) {
        writer.check(schema, reading);
        WriteState state = writer.prepare(new WritePlan("direct-1", 1, 1, schema), reading);
        Map<String, String> before = writer.identity(state, reading);
        assertThat(before).containsOnlyKeys("table " + db + ".t");
        sql("TRUNCATE TABLE t");
        assertThat(writer.identity(state, reading)).isNotEqualTo(before);
        writer.discard(state, reading);
      }
      try (Writer writer = writer(to("t", "publish", "swap"))) {
        writer.check(schema, reading);
        WriteState state = writer.prepare(new WritePlan("swap-1", 1, 1, schema), reading);
        Map<String, String> before = writer.identity(state, reading);
        assertThat(before).hasSize(1);
        writer.publish(state, List.of(), reading);
        assertThat(writer.identity(state, reading)).isEqualTo(before);
        writer.forget(state, reading);
      }
    }
  }
}
