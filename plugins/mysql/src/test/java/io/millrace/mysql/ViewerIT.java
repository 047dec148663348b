package io.millrace.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Sensitive;
import io.millrace.engine.Engine;
import io.millrace.engine.attempt.AttemptRequest;
import io.millrace.engine.attempt.AttemptResult;
import io.millrace.engine.attempt.Lineage;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.ReadSettings;
import io.millrace.engine.task.TaskFiles;
import io.millrace.engine.task.TaskSpec;
import io.millrace.testkit.server.Flavour;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every value, bound and constant is a marker: a viewer meets none in what an attempt writes. */
class ViewerIT {

  private static final String MARKER = "Zmarker";

  @TempDir private Path directory;

  /** An attempt as a server runs it. */
  private AttemptResult run(String name, String task, TestServer at, String database) {
    String script =
        task.replace(
            "SERVER",
            "jdbcUrl: \"%s\", username: \"%s\", password: \"%s\""
                .formatted(at.jdbcUrl(database), at.user(), at.password()));
    TaskSpec spec = TaskFiles.read(name, script, ReadSettings.defaults());
    Path run = directory.resolve(name);
    Lineage lineage = new Lineage(name, 1, 1, List.of(), List.of(), run.resolve("dirty"));
    return new Engine(Connectors.of(new MySqlConnector()), Clock.systemUTC())
        .attempt(AttemptRequest.of(spec, run, lineage), line -> {})
        .run();
  }

  private void assertHidden(String name, AttemptResult result) throws IOException {
    List<String> shown = new ArrayList<>();
    if (result.error() != null) {
      shown.add(result.error().message());
    }
    boolean marked = false;
    try (Stream<Path> files = Files.walk(directory.resolve(name))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".log")).toList()) {
        shown.addAll(Files.readAllLines(file));
      }
    }
    for (String line : shown) {
      assertThat(Sensitive.hidden(line)).as(name).doesNotContain(MARKER).doesNotContain("777000");
      marked |= Sensitive.plain(line).contains(MARKER);
    }
    assertThat(marked).as("who may see all sees it").isTrue();
  }

  @ParameterizedTest
  @EnumSource(Flavour.class)
  void whatAViewerIsShownHoldsNoValueOfRowsStatementsAndServers(Flavour flavour) throws Exception {
    TestServer server = TestServers.shared(flavour);
    String database = "viewer_" + UUID.randomUUID().toString().replace("-", "");
    server.execute("", "CREATE DATABASE " + database);
    try {
      server.execute(
          database,
          "CREATE TABLE s (name VARCHAR(60) PRIMARY KEY, n BIGINT, d VARCHAR(30), w TEXT)"
              + " CHARACTER SET utf8mb4",
          "CREATE TABLE t (name VARCHAR(60) PRIMARY KEY, n TINYINT, d DATE, w VARCHAR(20))"
              + " CHARACTER SET utf8mb4",
          "CREATE FUNCTION tell(x VARCHAR(60)) RETURNS INT DETERMINISTIC NO SQL BEGIN"
              + " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = x; RETURN 1; END",
          "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW BEGIN"
              + " IF NEW.name = 'Zmarker-7' THEN SIGNAL SQLSTATE '45000'"
              + " SET MESSAGE_TEXT = 'refused is Zmarker-7'; END IF; END");
      List<String> rows = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        rows.add(
            "('Zmarker-%d', %d, '%s', '%s')"
                .formatted(
                    i,
                    i == 3 ? 777_000_111 : 1,
                    i == 4 ? "Zmarker-no-date" : "2026-01-01",
                    i == 5 ? "Zmarker".repeat(9) : "Zmarker"));
      }
      server.execute(database, "INSERT INTO s VALUES " + String.join(", ", rows));

      String read =
          """
          reader:
            mysql:
              {SERVER, table: s, column: [name, n, d, w], splitPk: name,
               where: "name LIKE 'Zmarker%%' AND 'Zmarker' <> ''"}
          writer:
            mysql:
              {SERVER, table: t, column: [name, n, d, w], preSql: ["DELETE FROM t WHERE name = 'Zmarker-0'"],
               postSql: ["UPDATE t SET w = 'Zmarker-post'"]%s}
          setting: {dirty: all, narrowing: dirty, channels: 2}
          """;
      AttemptResult good = run("good", read.formatted(""), server, database);
      assertThat(good.error()).isNull();
      assertThat(good.dirty()).isEqualTo(4);
      assertHidden("good", good);

      server.execute(database, "DELETE FROM t");
      AttemptResult constants =
          run(
              "constants",
              """
              reader:
                mysql: {SERVER, table: s, column: [name, "n + 777000111", "d", "concat('Zmarker', 1)"]}
              writer: {mysql: {SERVER, table: t, column: [name, n, d, w]}}
              setting: {dirty: all, narrowing: dirty}
              """,
              server,
              database);
      // Every record is dirty.
      assertThat(constants.error()).isNull();
      assertHidden("constants", constants);
      server.execute(database, "DELETE FROM t");
      AttemptResult limited =
          run("limited", read.formatted("").replace("dirty: all", "dirty: none"), server, database);
      assertThat(limited.error()).isNotNull();
      assertHidden("limited", limited);
      server.execute(database, "DELETE FROM t");
      for (String own :
          List.of("DELETE FROM t WHERE name = 'Zmarker-0'", "UPDATE t SET w = 'Zmarker-post'")) {
        AttemptResult failed =
            run(
                "failed-" + own.substring(0, 6),
                read.formatted("").replace(own, "INSERT INTO nothing VALUES ('Zmarker')"),
                server,
                database);
        assertThat(failed.error()).isNotNull();
        assertHidden("failed-" + own.substring(0, 6), failed);
      }

      for (String bad :
          List.of(
              "querySql: [\"SELECT name, n, d, w FROM s WHERE 'Zmarker\"]",
              "querySql: [\"SELECT name, n, d, w FROM s WHERE Zmarker = 1\"]",
              "querySql: [\"SELECT 'Zmarker' AS name, n, d, nothing FROM s\"]",
              "table: s, column: [name, n, d, \"nothing('Zmarker')\"]",
              "table: s, column: [name, n, d, w], where: \"nothing('Zmarker')\"",
              "table: s, column: [name, n, d, w], where: \"tell(name) = 1\"")) {
        String name = "bad-" + Integer.toHexString(bad.hashCode());
        AttemptResult refused =
            run(
                name,
                "reader: {mysql: {SERVER, "
                    + bad
                    + "}}\nwriter: {mysql: {SERVER, table: t, column: [name, n, d, w]}}\n"
                    + "setting: {dirty: all, narrowing: dirty}\n",
                server,
                database);
        assertThat(refused.error()).as(bad).isNotNull();
        assertHidden(name, refused);
      }
    } finally {
      server.execute("", "DROP DATABASE " + database);
    }
  }
}
