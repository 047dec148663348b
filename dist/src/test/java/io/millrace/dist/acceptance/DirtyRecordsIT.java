package io.millrace.dist.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.testkit.server.Flavour;
import io.millrace.testkit.server.ServerOptions;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exactly the bad records are dirty, and the limits mean what they say. */
class DirtyRecordsIT {

  private static final int ROWS = 20_000;

  @TempDir Path directory;

  /** One kind of bad record: every so many rows, from the given one on. */
  private enum Kind {
    DUPLICATE("1062", "null"),
    TOO_LONG("TOO_LONG", "name"),
    OUT_OF_RANGE("OUT_OF_RANGE", "amount"),
    NULL("1048", "town"),
    BAD_DATE("BAD_DATE", "born");

    private final String code;
    private final String column;

    Kind(String code, String column) {
      this.code = code;
      this.column = column;
    }

    boolean is(int row) {
      return row % 2_000 == 100 * (ordinal() + 1);
    }
  }

  /** A table of which some rows are bad for {@code dst}. */
  private static void create(Scene scene) throws Exception {
    scene.sql(
        "CREATE TABLE src (id INT PRIMARY KEY, code INT, name VARCHAR(40), amount INT, town"
            + " VARCHAR(20), born VARCHAR(20))",
        "CREATE TABLE dst (id INT PRIMARY KEY, code INT UNIQUE, name VARCHAR(10), amount SMALLINT,"
            + " town VARCHAR(20) NOT NULL, born DATE)",
        Numbers.create(ROWS),
        "INSERT INTO src SELECT n, IF(n % 2000 = 100, n - 1, n), IF(n % 2000 = 200, 'much too"
            + " long a name', CONCAT('n', n)), IF(n % 2000 = 300, 40000, 7), IF(n % 2000 = 400,"
            + " NULL, 'Ulm'), IF(n % 2000 = 500, '2024-02-30', '2024-02-29') FROM numbers");
  }

  private static final String GOOD = "(n % 2000 NOT IN (100, 200, 300, 400, 500))";

  private static void assertOnlyTheBadAreMissing(Scene scene) throws Exception {
    assertThat(
            scene.checksums(
                "(SELECT id, code, name, amount, town, CAST(born AS CHAR) born FROM dst) d",
                "id",
                "code",
                "name",
                "amount",
                "town",
                "born"))
        .isEqualTo(
            scene.checksums(
                "(SELECT src.* FROM src JOIN numbers ON id = n WHERE " + GOOD + ") s",
                "id",
                "code",
                "name",
                "amount",
                "town",
                "born"));
  }

  private static void assertEachIsNamed(Outcome outcome) throws Exception {
    List<Outcome.Dirty> dirty = outcome.dirty();
    TreeMap<Integer, Kind> expected = new TreeMap<>();
    for (int row = 0; row < ROWS; row++) {
      for (Kind kind : Kind.values()) {
        if (kind.is(row)) {
          expected.put(row, kind);
        }
      }
    }
    assertThat(dirty.stream().map(one -> Integer.valueOf(one.values().get(0))))
        .containsExactlyElementsOf(expected.keySet());
    for (Outcome.Dirty one : dirty) {
      Kind kind = expected.get(Integer.valueOf(one.values().get(0)));
      assertThat(one.code()).as(one.toString()).isEqualTo(kind.code);
      assertThat(one.column()).as(one.toString()).isEqualTo(kind.column);
      assertThat(one.reason()).isNotBlank();
      assertThat(one.position()).isNotNegative();
      assertThat(one.values()).hasSize(6);
    }
  }

  @ParameterizedTest(name = "{0}, load {1}, publish {2}")
  @CsvSource({
    "MYSQL,auto,direct",
    "MYSQL,never,append",
    "MARIADB,auto,swap",
    "MARIADB,never,direct"
  })
  void exactlyTheBadRecordsAreDirtyAndAReplayOfCorrectedOnesCompletesTheTarget(
      Flavour flavour, String load, String publish) throws Exception {
    try (Scene scene = Scene.on(TestServers.shared(flavour), directory)) {
      create(scene);
      // One channel: of two records with the same key the second is the duplicate.
      Scene.TaskFile task =
          scene
              .task()
              .writer("load", load)
              .writer("publish", publish)
              .writer("preSql", List.of("DELETE FROM @table"))
              .setting("channels", 1);

      Outcome outcome = scene.run(task).succeeded().counted(ROWS - 50, 50);

      assertOnlyTheBadAreMissing(scene);
      assertEachIsNamed(outcome);
      for (Path file : outcome.dirtyFiles()) {
        correct(file);
      }
      scene.replay(outcome, outcome.dirtyFiles()).succeeded().counted(50, 0);
      assertThat(scene.one("SELECT COUNT(*) FROM dst")).isEqualTo("" + ROWS);
      assertThat(
              scene.one("SELECT COUNT(*) FROM dst WHERE name = 'ok' AND amount = 1 AND town = ''"))
          .isEqualTo("50");
    }
  }

  private static void correct(Path file) throws Exception {
    List<String> corrected = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode json = Scene.JSON.readTree(line);
      List<String> values = List.of("", "", "ok", "1", "", "2024-02-29");
      for (int i = 0; i < values.size(); i++) {
        if (i == 1) {
          // Beyond every code that is there.
          int id = json.get("record").get(0).get("rawData").asInt();
          ((ObjectNode) json.get("record").get(1)).put("rawData", "" + (1_000_000 + id));
        } else if (i > 1) {
          ((ObjectNode) json.get("record").get(i)).put("rawData", values.get(i));
        }
      }
      corrected.add(json.toString());
    }
    Files.write(file, corrected);
  }

  @Test
  void aServerWithoutLocalInfileGivesTheSameDirtyRecords() throws Exception {
    try (TestServer server = TestServers.mysql(ServerOptions.DEFAULT.with("--local-infile=0"));
        Scene scene = Scene.on(server, directory)) {
      create(scene);
      Outcome outcome =
          scene.run(scene.task().setting("channels", 1)).succeeded().counted(ROWS - 50, 50);
      assertOnlyTheBadAreMissing(scene);
      assertEachIsNamed(outcome);
      assertThat(outcome.runLog()).containsOnlyOnce("SET GLOBAL local_infile");
    }
  }

  @Test
  void limitsOfZeroOfACountAndOfAShareActWhenTheyAreCrossed() throws Exception {
    try (Scene scene = Scene.on(TestServers.mysql(), directory)) {
      create(scene);
      for (String limit : List.of("none", "49", "0.2%")) {
        scene.sql("TRUNCATE dst");
        Outcome outcome =
            scene.run(scene.task().setting("dirty", limit).setting("channels", 1)).failed();
        assertThat(outcome.error()).as(limit).containsIgnoringCase("dirty");
        // Within a batch: not the whole table was looked at first, except for the 50th of 50.
        if (!limit.equals("49")) {
          assertThat(outcome.number("read")).as(limit).isLessThan(ROWS);
        }
        assertThat(scene.one("SELECT COUNT(*) FROM dst"))
            .as(limit)
            .isEqualTo("" + outcome.number("written"));
      }
      for (String limit : List.of("50", "0.25%")) {
        scene.sql("TRUNCATE dst");
        scene.run(scene.task().setting("dirty", limit).setting("channels", 1)).succeeded();
        assertOnlyTheBadAreMissing(scene);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"MYSQL,swap", "MARIADB,swap", "MYSQL,append"})
  void withNoDirtyRecordAllowedAFailedRunLeavesTheTargetAsItWas(Flavour flavour, String publish)
      throws Exception {
    try (Scene scene = Scene.on(TestServers.shared(flavour), directory)) {
      create(scene);
      scene.sql(
          "INSERT INTO dst VALUES (-1, -1, 'old', 1, 'Bonn', NULL)",
          "CREATE TABLE audit (what INT)");
      List<String> before = scene.rows("SELECT * FROM dst");
      scene
          .run(
              scene
                  .task()
                  .writer("publish", publish)
                  .writer("preSql", List.of("DELETE FROM @table"))
                  .writer("postSql", List.of("INSERT INTO audit VALUES (1)"))
                  .reader("splitPk", "id")
                  .setting("dirty", "none"))
          .failed();
      assertThat(scene.rows("SELECT * FROM dst")).isEqualTo(before);
      assertThat(scene.one("SELECT COUNT(*) FROM audit")).isEqualTo("0");
      assertThat(scene.rows("SHOW TABLES")).contains("audit", "dst", "src");
    }
  }
}
