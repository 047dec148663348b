package io.millrace.mysql.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Cancellation;
import io.millrace.api.LocalFiles;
import io.millrace.api.ServerCertificates;
import io.millrace.jdbc.JdbcEndpoint;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.connect.MySqlConnections;
import io.millrace.mysql.connect.ServerTrust;
import io.millrace.mysql.connect.SessionSettings;
import io.millrace.mysql.type.MySqlTable;
import io.millrace.mysql.type.TableName;
import io.millrace.testkit.server.TestServer;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cutting by estimates, as for tables that are too large to look at every key. */
abstract class AbstractTablePlannerIT {

  /** Never cancelled. */
  private static final Cancellation NEVER =
      new Cancellation() {
        @Override
        public boolean isCancelled() {
          return false;
        }

        @Override
        public void throwIfCancelled() {}

        @Override
        public Registration onCancel(Runnable action) {
          return () -> {};
        }
      };

  private static final int ROWS = 200_000;

  private String db = "";

  abstract TestServer server();

  @BeforeEach
  void createDatabase() throws SQLException {
    db = server().createDatabase("planner");
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    server().execute("", "DROP DATABASE `" + db + "`");
  }

  private void fill(String columns, String select) throws SQLException {
    server()
        .execute(
            db,
            "CREATE TABLE digits (d INT)",
            "INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)",
            "CREATE TABLE t (" + columns + ")",
            "INSERT INTO t SELECT "
                + select
                + " FROM (SELECT a.d + b.d * 10 + c.d * 100 + d.d * 1000 + e.d * 10000"
                + " + f.d * 100000 AS n FROM digits a, digits b, digits c, digits d, digits e,"
                + " digits f WHERE f.d < 2) q",
            "ANALYZE TABLE t");
  }

  private List<Long> sizes(String where, String splitPk, int count) throws SQLException {
    SessionSettings settings = SessionSettings.of(ZoneOffset.UTC, List.of(), 60_000);
    JdbcEndpoint endpoint =
        new JdbcEndpoint(List.of(server().jdbcUrl(db)), server().user(), server().password());
    MySqlConnections connections =
        new MySqlConnections(
            endpoint,
            new ServerTrust(ServerCertificates.NONE, warning -> {}),
            settings,
            LocalFiles.ANYWHERE,
            Clock.systemUTC(),
            warning -> {});
    List<Long> sizes = new ArrayList<>();
    try (MySqlConnection connection = connections.open(NEVER)) {
      MySqlTable table = MySqlTable.find(connection.jdbc(), new TableName(db, "t")).orElseThrow();
      TablePlan plan =
          new TablePlanner(connection, table, table.name().quoted(), where, splitPk, 0)
              .plan(count, false);
      assertThat(plan.rule()).contains("estimates");
      assertThat(plan.ranges()).hasSize(count);
      String own = where.isEmpty() ? "" : " AND (" + where + ")";
      for (TablePlan.Range range : plan.ranges()) {
        try (var statement = connection.statement();
            var row =
                statement.executeQuery("SELECT COUNT(*) FROM t WHERE " + range.condition() + own)) {
          row.next();
          sizes.add(row.getLong(1));
        }
      }
      double estimated = plan.ranges().stream().mapToLong(TablePlan.Range::rows).sum();
      assertThat(estimated).isBetween(0.3 * sum(sizes), 2.5 * sum(sizes));
    }
    double mean = (double) sum(sizes) / sizes.size();
    assertThat(Collections.max(sizes)).as("%s", sizes).isLessThanOrEqualTo((long) (2 * mean));
    return sizes;
  }

  private static long sum(List<Long> sizes) {
    return sizes.stream().mapToLong(size -> size).sum();
  }

  @Test
  void ninetyNinePercentOfTheKeysInOnePercentOfTheRange() throws SQLException {
    fill(
        "id BIGINT NOT NULL PRIMARY KEY, v VARCHAR(100)",
        "IF(n % 100 = 0, n * 1000, 100000000 + n * 9), REPEAT('x', n % 90)");
    assertThat(sum(sizes("", "id", 15))).isEqualTo(ROWS);
  }

  @Test
  void keysThatGetSparserAndSparser() throws SQLException {
    fill("id BIGINT NOT NULL PRIMARY KEY, v VARCHAR(100)", "n * n * 1000, REPEAT('x', 50)");
    assertThat(sum(sizes("", "id", 15))).isEqualTo(ROWS);
  }

  @Test
  void aSecondaryIndexWithDuplicates() throws SQLException {
    fill("id INT NOT NULL PRIMARY KEY, k BIGINT UNSIGNED NOT NULL, KEY (k)", "n, n DIV 7");
    assertThat(sum(sizes("", "k", 10))).isEqualTo(ROWS);
  }

  @Test
  void aConditionThatGathersItsRowsAtOneEnd() throws SQLException {
    fill("id INT NOT NULL PRIMARY KEY, v INT, w INT", "n, n DIV 1000, n % 3");
    assertThat(sum(sizes("v >= 150 AND w <> 1", "id", 10))).isBetween(33_000L, 34_000L);
    assertThat(sum(sizes("id >= 150000", "id", 10))).isEqualTo(50_000);
  }
}
