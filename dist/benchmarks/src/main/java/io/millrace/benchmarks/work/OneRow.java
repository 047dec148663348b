package io.millrace.benchmarks.work;

import io.millrace.benchmarks.measure.Cost;
import java.sql.Connection;
import java.util.List;

/** The fixed cost of a task: a table of one row, the whole program from its start to its end. */
final class OneRow implements Scenario {

  static final String NAME = "one-row";

  private static final List<String> COLUMNS = List.of("id", "note");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String title() {
    return "Millrace, a task of one row";
  }

  @Override
  public boolean usesMillrace() {
    return true;
  }

  @Override
  public boolean isComparable() {
    return false;
  }

  static void prepare(Workbench bench) throws Exception {
    bench
        .server()
        .execute(
            "DROP TABLE IF EXISTS one_row",
            "CREATE TABLE one_row (id INT PRIMARY KEY, note VARCHAR(20) NOT NULL)",
            "INSERT INTO one_row VALUES (1, 'the only one')");
  }

  @Override
  public Cost run(Workbench bench) throws Exception {
    bench
        .server()
        .execute("DROP TABLE IF EXISTS one_row_copy", "CREATE TABLE one_row_copy LIKE one_row");
    bench.server().settle();
    CopyTask task = new CopyTask("one_row", "one_row_copy", COLUMNS, "id").withChannels(1);
    Cost cost = bench.millrace().run(bench.server(), task, "");
    try (Connection connection = bench.server().connect()) {
      Fingerprint source = Fingerprint.of(connection, "one_row", COLUMNS, "");
      source.requireSame(Fingerprint.of(connection, "one_row_copy", COLUMNS, ""));
    }
    return cost.withRows(1);
  }
}
