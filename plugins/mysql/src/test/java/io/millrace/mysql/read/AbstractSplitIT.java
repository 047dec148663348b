package io.millrace.mysql.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Sensitive;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.testkit.server.TestServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How tables are cut, against a real server. */
abstract class AbstractSplitIT {

  private static final int ROWS = 100_000;

  private String db = "";

  abstract TestServer server();

  @BeforeEach
  void createDatabase() throws SQLException {
    db = server().createDatabase("split");
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    server().execute("", "DROP DATABASE `" + db + "`");
  }

  private void table(String columns, String select, int rows) throws SQLException {
    server()
        .execute(
            db,
            "CREATE TABLE t (" + columns + ")",
            "INSERT INTO t SELECT " + select + " FROM (" + sequence(rows) + ") q");
  }

  private static String sequence(int rows) {
    return AbstractReaderIT.sequence(rows);
  }

  private Reading read(Object... keysAndValues) {
    return Reading.of(server(), db, keysAndValues);
  }

  /** Reads every split and asserts that together they are the table, each row once. */
  private List<Integer> assertComplete(Reading reading, SplitPlan plan, String where)
      throws SQLException {
    List<Integer> sizes = new ArrayList<>();
    List<String> rows = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Split split : plan.splits()) {
      List<List<String>> part = reading.rows(split);
      part.forEach(row -> rows.add(row.toString()));
      if (!split.properties().containsKey("nulls")) {
        sizes.add(part.size());
      }
      assertThat(ids.add(split.id())).isTrue();
      assertThat(Sensitive.plain(split.description())).startsWith("SELECT ");
    }
    List<String> expected = new ArrayList<>();
    try (Reading whole = read("table", "t", "where", where)) {
      Split all =
          new ReadSplit(
                  "all",
                  0,
                  "SELECT * FROM t" + (where.isEmpty() ? "" : " WHERE " + where),
                  0,
                  new int[0],
                  new int[0],
                  "")
              .toSplit(java.util.Map.of(), -1, "all");
      whole.rows(all).forEach(row -> expected.add(row.toString()));
    }
    Collections.sort(rows);
    Collections.sort(expected);
    assertThat(rows).hasSize(expected.size());
    assertThat(rows.equals(expected)).as("the same rows").isTrue();
    return sizes;
  }

  private static void assertBalanced(List<Integer> sizes) {
    double mean = sizes.stream().mapToInt(i -> i).average().orElse(0);
    assertThat(Collections.max(sizes))
        .as("largest of %s", sizes)
        .isLessThanOrEqualTo((int) (2 * mean));
  }

  @Test
  void anIntegerKeyIsCutByConcurrencyTimesFactor() throws SQLException {
    table("id INT NOT NULL PRIMARY KEY, v VARCHAR(10)", "n, n % 7", ROWS);
    try (Reading reading = read("table", "t", "splitPk", "id")) {
      SplitPlan plan = reading.plan(3);
      assertThat(plan.splits()).hasSize(15);
      assertThat(plan.maxConcurrency()).isEqualTo(Integer.MAX_VALUE);
      assertThat(reading.warnings).isEmpty();
      assertBalanced(assertComplete(reading, plan, ""));
      assertThat(plan.splits().get(0).properties()).doesNotContainKey("from");
      assertThat(plan.splits().get(14).properties()).doesNotContainKey("to");
    }
    try (Reading reading = read("table", "t", "splitPk", "ID", "splitFactor", 2)) {
      assertThat(reading.plan(2).splits()).hasSize(4);
    }
  }

  @Test
  void aSplitThatIsOpenedAgainReadsTheSameRange() throws SQLException {
    table("id INT NOT NULL PRIMARY KEY", "n", 1000);
    try (Reading reading = read("table", "t", "splitPk", "id")) {
      SplitPlan plan = reading.plan(1);
      server().execute(db, "INSERT INTO t SELECT n + 1000 FROM (" + sequence(1000) + ") q");
      Split second = plan.splits().get(1);
      List<List<String>> first = reading.rows(second);
      assertThat(reading.rows(second)).isEqualTo(first);
      try (Reading other = read("table", "t", "splitPk", "id")) {
        assertThat(other.rows(second)).isEqualTo(first);
      }
      // What came after planning lies behind the open end of the last split.
      assertThat(reading.rows(plan.splits().get(4))).hasSize(1200);
    }
  }

  @Test
  void nullKeysAreASplitOfTheirOwn() throws SQLException {
    table("id INT, v INT, KEY (id)", "IF(n % 3 = 0, NULL, n), n", ROWS);
    try (Reading reading = read("table", "t", "splitPk", "id")) {
      SplitPlan plan = reading.plan(2);
      assertThat(plan.splits()).hasSize(11);
      assertThat(plan.splits().get(0).properties()).containsEntry("nulls", "true");
      assertThat(reading.rows(plan.splits().get(0))).hasSize(ROWS / 3);
      assertBalanced(assertComplete(reading, plan, ""));
    }
  }

  @Test
  void aTableWhoseKeysAreAllNullIsComplete() throws SQLException {
    table("id INT, v INT, KEY (id)", "NULL, n", 1000);
    try (Reading reading = read("table", "t", "splitPk", "id")) {
      assertComplete(reading, reading.plan(2), "");
    }
  }

  @Test
  void duplicateKeysStayTogether() throws SQLException {
    table("id INT NOT NULL, v INT, KEY (id)", "IF(n % 2 = 0, 5, n % 100), n % 10", ROWS);
    try (Reading reading = read("table", "t", "splitPk", "id")) {
      SplitPlan plan = reading.plan(2);
      assertComplete(reading, plan, "");
      assertThat(plan.splits().size()).isBetween(3, 10);
    }
  }

  @Test
  void keysWithGapsNegativeAndHugeOnesAreCut() throws SQLException {
    table(
        "id BIGINT NOT NULL PRIMARY KEY",
        "CASE WHEN n = 1 THEN -9223372036854775808 WHEN n = 2 THEN 9223372036854775807"
            + " ELSE (n - 50000) * 97 END",
        ROWS);
    try (Reading reading = read("table", "t", "splitPk", "id")) {
      SplitPlan plan = reading.plan(3);
      assertThat(plan.splits()).hasSize(15);
      assertBalanced(assertComplete(reading, plan, ""));
    }
  }

  @Test
  void unsignedKeysAboveTheSignedRangeAreCut() throws SQLException {
    table(
        "id BIGINT UNSIGNED NOT NULL PRIMARY KEY",
        "IF(n % 2 = 0, 18446744073709551615 - n, n)",
        ROWS);
    try (Reading reading = read("table", "t", "splitPk", "id")) {
      SplitPlan plan = reading.plan(3);
      assertThat(plan.splits()).hasSize(15);
      assertBalanced(assertComplete(reading, plan, ""));
    }
  }

  @Test
  void aCompositeKeyIsCutByItsFirstColumn() throws SQLException {
    table("a INT NOT NULL, b INT NOT NULL, PRIMARY KEY (a, b)", "n DIV 4, n % 4", ROWS);
    try (Reading reading = read("table", "t", "splitPk", "a")) {
      assertBalanced(assertComplete(reading, reading.plan(3), ""));
    }
    try (Reading reading = read("table", "t", "splitPk", "b")) {
      assertComplete(reading, reading.plan(3), "");
      assertThat(reading.warnings).anyMatch(line -> line.contains("has no index"));
    }
  }

  @Test
  void aStringSplitPkMeansOneChannelButStillSplits() throws SQLException {
    table(
        "id CHAR(36) NOT NULL PRIMARY KEY, v INT",
        "CONCAT(MD5(n), LPAD(n % 10000, 4, '0')), n",
        ROWS);
    try (Reading reading = read("table", "t", "splitPk", "id")) {
      SplitPlan plan = reading.plan(3);
      assertThat(plan.maxConcurrency()).isEqualTo(1);
      assertThat(reading.warnings).anyMatch(line -> line.contains("not an integer"));
      assertThat(plan.splits()).hasSizeBetween(14, 17);
      assertBalanced(assertComplete(reading, plan, "").subList(0, 14));
      assertThat(plan.rule()).contains("one channel");
    }
  }

  @Test
  void textKeysAreCutByTheirOwnCollation() throws SQLException {
    for (String type :
        List.of(
            "VARCHAR(60) CHARACTER SET latin1 COLLATE latin1_german1_ci",
            "VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
            "VARBINARY(60)")) {
      table(
          "id " + type + " NOT NULL PRIMARY KEY, v INT",
          "CONCAT(ELT(1 + n % 8, 'ä', 'Z', 'a', '''', '\\\\', '', 'ß', 'ZZ'), LPAD(n, 6, '0')), n",
          20_000);
      try (Reading reading = read("table", "t")) {
        SplitPlan plan = reading.plan(2);
        assertThat(plan.splits()).as(type).hasSizeBetween(8, 12);
        assertComplete(reading, plan, "");
      }
      server().execute(db, "DROP TABLE t");
    }
  }

  @Test
  void aTableWithoutAKeyIsOneSplit() throws SQLException {
    table("id INT, v INT", "n % 10, 1", ROWS);
    try (Reading reading = read("table", "t")) {
      SplitPlan plan = reading.plan(3);
      assertThat(plan.splits()).hasSize(1);
      assertThat(plan.maxConcurrency()).isEqualTo(1);
      assertThat(plan.rule()).contains("starts from zero");
      assertThat(reading.warnings).anyMatch(line -> line.contains("no splitPk"));
      assertComplete(reading, plan, "");
    }
  }

  /** Nothing could be named that more channels read by. */
  @Test
  void aSplitPkIsAskedForOnlyWhereThereCanBeOne() throws SQLException {
    table("id VARCHAR(10) NOT NULL PRIMARY KEY, v DOUBLE", "n, 1", 100);
    server()
        .execute(
            db,
            "CREATE TABLE numbers (n INT NOT NULL PRIMARY KEY)",
            "INSERT INTO numbers VALUES (1)",
            "CREATE VIEW w AS SELECT n FROM numbers",
            "CREATE TABLE loose (v VARCHAR(10))");
    for (String source : List.of("t", "w", "loose")) {
      try (Reading reading = read("table", source)) {
        assertThat(reading.plan(3).rule()).doesNotContain("splitPk");
        assertThat(reading.warnings).as(source).noneMatch(line -> line.contains("splitPk"));
      }
    }
    try (Reading reading = read("table", "numbers")) {
      SplitPlan plan = reading.plan(3);
      assertThat(plan.rule()).contains("balanced by its 1 key").doesNotContain("1 keys");
      assertThat(reading.warnings).anyMatch(line -> line.contains("no splitPk"));
    }
  }

  @Test
  void withoutASplitPkAKeyStillCutsForOneChannel() throws SQLException {
    table("id INT NOT NULL PRIMARY KEY, v INT", "n, 1", ROWS);
    try (Reading reading = read("table", "t")) {
      SplitPlan plan = reading.plan(3);
      assertThat(plan.splits()).hasSize(15);
      assertThat(plan.maxConcurrency()).isEqualTo(1);
      assertBalanced(assertComplete(reading, plan, ""));
    }
  }

  @Test
  void whereIsHonouredInPlanning() throws SQLException {
    table("id INT NOT NULL PRIMARY KEY, v INT", "n, n % 10", ROWS);
    for (String where : List.of("id > 90000", "v = 3", "id < 5000 OR v = 1", "v = 77")) {
      try (Reading reading = read("table", "t", "splitPk", "id", "where", where)) {
        SplitPlan plan = reading.plan(2);
        List<Integer> sizes = assertComplete(reading, plan, where);
        if (!where.equals("v = 77")) {
          assertThat(sizes).as(where).hasSize(10);
          assertBalanced(sizes);
        }
      }
    }
  }

  @Test
  void skewedKeysGiveBalancedSplits() throws SQLException {
    // 99 % of the keys lie in 1 % of the range.
    table(
        "id BIGINT NOT NULL PRIMARY KEY, v VARCHAR(100)",
        "IF(n % 100 = 0, n * 1000, 30000000 + n * 9), REPEAT('x', 60)",
        ROWS);
    try (Reading reading = read("table", "t", "splitPk", "id")) {
      SplitPlan plan = reading.plan(3);
      assertThat(plan.splits()).hasSize(15);
      assertBalanced(assertComplete(reading, plan, ""));
    }
  }

  @Test
  void aSplitPkWithoutAnIndexIsWarnedOf() throws SQLException {
    table("id INT NOT NULL PRIMARY KEY, v INT", "n, (n * 7919) % 100003", ROWS);
    try (Reading reading = read("table", "t", "splitPk", "v")) {
      SplitPlan plan = reading.plan(3);
      assertThat(reading.warnings).anyMatch(line -> line.contains("has no index"));
      assertBalanced(assertComplete(reading, plan, ""));
    }
  }

  @Test
  void sizeGivesMoreSplitsThanConcurrency() throws SQLException {
    table("id INT NOT NULL PRIMARY KEY, v VARCHAR(2000)", "n, REPEAT('x', 1000)", 20_000);
    server().execute(db, "ANALYZE TABLE t");
    try (Reading reading =
        read("table", "t", "splitPk", "id", "splitFactor", 1, "maxSplitBytes", 1 << 20)) {
      SplitPlan plan = reading.plan(1);
      assertThat(plan.splits().size()).isBetween(18, 40);
      assertBalanced(assertComplete(reading, plan, ""));
    }
  }

  @Test
  void severalTablesShareTheSplits() throws SQLException {
    table("id INT NOT NULL PRIMARY KEY", "n", 1000);
    server().execute(db, "CREATE TABLE u LIKE t", "INSERT INTO u SELECT id FROM t");
    try (Reading reading = read("table", List.of("t", "u"), "splitPk", "id")) {
      assertThat(reading.plan(2).splits()).hasSize(2);
      assertThat(reading.plan(4).splits().size()).isGreaterThanOrEqualTo(20);
      assertThat(reading.rows(4)).hasSize(2000);
    }
  }

  @Test
  void aTableOfOneRowIsOneSplit() throws SQLException {
    table("id INT NOT NULL PRIMARY KEY", "n", 1);
    try (Reading reading = read("table", "t", "splitPk", "id")) {
      assertThat(reading.plan(4).splits()).hasSize(1);
      assertThat(reading.rows(4)).hasSize(1);
    }
  }

  @Test
  void identifiersOfSplitsAreInOrder() throws SQLException {
    table("id INT NOT NULL PRIMARY KEY", "n", 100);
    try (Reading reading = read("table", "t", "splitPk", "id")) {
      assertThat(reading.plan(1).splits())
          .extracting(Split::id)
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, 5).mapToObj("%04d"::formatted).toList());
    }
  }
}
