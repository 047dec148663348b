package io.millrace.benchmarks.work;

import io.millrace.benchmarks.measure.Cost;
import io.millrace.benchmarks.server.MeasuredServer;
import java.sql.Connection;

/**
 * Copies {@code lineitem} into a fresh table on a server at rest, and compares both.
 *
 * @param condition which rows are copied; empty for all
 */
record CopyScenario(
    String name, String title, boolean usesMillrace, String condition, Copying copying)
    implements Scenario {

  private static final String TARGET = "lineitem_copy";

  @Override
  public boolean isComparable() {
    return condition.isEmpty();
  }

  @Override
  public int rounds(int asked) {
    return condition.isEmpty() ? asked : 1;
  }

  @Override
  public Cost run(Workbench bench) throws Exception {
    MeasuredServer server = bench.server();
    server.execute(
        "DROP TABLE IF EXISTS " + TARGET, "CREATE TABLE " + TARGET + " LIKE " + LineItems.TABLE);
    try {
      server.settle();
      Cost cost = copying.into(bench, TARGET);
      return cost.withRows(compare(server));
    } finally {
      server.execute("DROP TABLE IF EXISTS " + TARGET);
    }
  }

  private long compare(MeasuredServer server) throws Exception {
    try (Connection connection = server.connect()) {
      Fingerprint source =
          Fingerprint.of(connection, LineItems.TABLE, LineItems.COLUMNS, condition);
      Fingerprint copy = Fingerprint.of(connection, TARGET, LineItems.COLUMNS, "");
      source.requireSame(copy);
      return copy.rows();
    }
  }
}
