package io.millrace.mysql.read;

import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitRequest;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.connect.MySqlErrors;
import io.millrace.mysql.split.TablePlan;
import io.millrace.mysql.split.TablePlanner;
import io.millrace.mysql.split.TableSize;
import io.millrace.mysql.type.MySqlColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Cuts everything a task reads into splits. */
final class SplitPlanning {

  /** More splits than this would cost more to keep track of than they save. */
  private static final int MOST_SPLITS = 10_000;

  private final ReaderOptions options;
  private final Targets targets;
  private final int maxValueBytes;
  private final List<Split> splits = new ArrayList<>();
  private String timestamp = "";

  SplitPlanning(ReaderOptions options, Targets targets, int maxValueBytes) {
    this.options = options;
    this.targets = targets;
    this.maxValueBytes = maxValueBytes;
  }

  /** Runs something on a connection to one of the task's databases. */
  interface OnServer {
    <T> T use(int source, String what, MySqlReader.Use<T> use);
  }

  SplitPlan plan(SplitRequest request, OnServer server, StageContext context) {
    int channels = request.channels();
    if (targets.hasOwnSql()) {
      timestamp = server.use(0, "the time for the task's own SQL", this::now);
    }
    if (!targets.queries().isEmpty()) {
      return queries();
    }
    List<TableTarget> tables = targets.tables();
    List<TableSize> sizes = new ArrayList<>();
    for (TableTarget table : tables) {
      sizes.add(
          server.use(
              table.source(),
              "size of " + table.table().name(),
              connection -> TableSize.of(connection, table.table().name())));
    }
    if (options.splitPk().isEmpty()
        && channels > tables.size()
        && tables.stream().anyMatch(SplitPlanning::hasSplitPk)) {
      context
          .log()
          .warn(
              "no splitPk: a table is read by one channel; name an integer column of it, best its"
                  + " primary key");
    }
    int[] counts = counts(channels, sizes);
    List<String> rules = new ArrayList<>();
    boolean concurrent = true;
    for (int i = 0; i < tables.size(); i++) {
      TableTarget table = tables.get(i);
      int count = counts[i];
      long start = System.nanoTime();
      TablePlan plan =
          server.use(
              table.source(),
              "cutting " + table.table().name(),
              on -> plan(table, count, request.whole(), on));
      context
          .log()
          .info(plan.rule() + " (planned in " + (System.nanoTime() - start) / 1_000_000 + " ms)");
      plan.warnings().forEach(context.log()::warn);
      int[] guarded = server.use(table.source(), "size limits", on -> guarded(on, tables.get(0)));
      // Without a splitPk the task asks for the table, and is not to see that it is cut.
      boolean cut = !plan.concurrent() && plan.ranges().size() > 1;
      String group = cut ? "t%04d".formatted(i + 1) : "";
      for (TablePlan.Range range : plan.ranges()) {
        add(table, range, guarded, group);
      }
      rules.add(plan.rule());
      concurrent &= plan.concurrent();
    }
    return new SplitPlan(
        splits, concurrent ? Integer.MAX_VALUE : tables.size(), rule(rules, concurrent, channels));
  }

  /** Whether a splitPk could be given that more channels can read the table by. */
  private static boolean hasSplitPk(TableTarget table) {
    return table.undivided().isEmpty()
        && !table.table().view()
        && table.table().columns().stream().anyMatch(MySqlColumn::isInteger);
  }

  /**
   * The moment that {@code now()} is in every split, in seconds since 1970; empty where the server
   * does not let a session have a time of its own.
   */
  private String now(MySqlConnection connection) throws SQLException {
    try (Statement statement = connection.statement();
        ResultSet row = statement.executeQuery("SELECT UNIX_TIMESTAMP(NOW(6))")) {
      row.next();
      String now = row.getString(1);
      // A server that refuses this is better found before anything is read.
      connection.execute(setTimestamp(now));
      return now;
    } catch (SQLException e) {
      if (String.valueOf(e.getSQLState()).startsWith("08")) {
        throw e;
      }
      if (targets.readsClock()) {
        throw new MillraceException(
            StandardError.READ_REFUSED,
            "the server does not let now() be one moment for all splits ("
                + MySqlErrors.describe(e)
                + "); give the time as a parameter instead, such as '${yyyy-mm-dd}'",
            e);
      }
      return "";
    }
  }

  static String setTimestamp(String timestamp) {
    return "SET SESSION timestamp = " + timestamp;
  }

  private TablePlan plan(TableTarget table, int count, boolean whole, MySqlConnection connection)
      throws SQLException {
    if (!table.undivided().isEmpty()) {
      String rule =
          "one statement, because "
              + table.undivided()
              + " may depend on more than one row; it is read by one channel and starts from zero"
              + " when it fails";
      return TablePlan.whole(table.table().name() + ": " + rule);
    }
    return new TablePlanner(
            connection, table.table(), table.from(), options.where(), options.splitPk())
        .plan(count, whole);
  }

  /** Columns whose size must be looked at before their values are sent. */
  private int[] guarded(MySqlConnection connection, TableTarget table) {
    // Where no packet can be that large, hardly a value is; one that is becomes known on arrival.
    return connection.server().maxAllowedPacket() <= maxValueBytes
        ? new int[0]
        : table.itemsAbove(maxValueBytes);
  }

  private int[] counts(int channels, List<TableSize> sizes) {
    int target = channels * options.splitFactor();
    double bytes = sizes.stream().mapToDouble(TableSize::bytes).sum();
    int[] counts = new int[sizes.size()];
    for (int i = 0; i < counts.length; i++) {
      double share = bytes > 0 ? sizes.get(i).bytes() / bytes : 1.0 / counts.length;
      long byConcurrency =
          counts.length == 1
              ? target
              : channels > counts.length ? (long) Math.ceil(target * share) : 1;
      long bySize = -Math.floorDiv(-sizes.get(i).bytes(), options.maxSplitBytes());
      long most = Math.max(1, MOST_SPLITS / counts.length);
      counts[i] = (int) Math.max(1, Math.min(most, Math.max(byConcurrency, bySize)));
    }
    return counts;
  }

  private static String rule(List<String> rules, boolean concurrent, int channels) {
    String shown =
        rules.size() <= 3
            ? String.join("; ", rules)
            : rules.get(0) + "; and " + (rules.size() - 1) + " more tables";
    if (concurrent || channels <= rules.size()) {
      return shown;
    }
    return shown + ". Concurrency is bounded to " + rules.size() + ", one for each table";
  }

  /**
   * @param group what the split is a part of; empty where it is a whole one
   */
  private void add(TableTarget table, TablePlan.Range range, int[] guarded, String group) {
    String list = table.list(guarded, maxValueBytes);
    String sql = table.sql(list, range.condition());
    String id = nextId();
    ReadSplit split =
        new ReadSplit(
            id, table.source(), sql, list.length(), guarded, table.lossyItems(), timestamp);
    splits.add(split.toSplit(range.properties(), range.rows(), group.isEmpty() ? id : group));
  }

  private String nextId() {
    return "%04d".formatted(splits.size() + 1);
  }

  private SplitPlan queries() {
    for (QueryTarget query : targets.queries()) {
      String id = nextId();
      ReadSplit split =
          new ReadSplit(id, query.source(), query.sql(), 0, new int[0], new int[0], timestamp);
      splits.add(split.toSplit(Map.of(), -1, id));
    }
    String rule =
        "querySql cannot be cut: one split for each statement, which starts from zero when it fails";
    return new SplitPlan(splits, splits.size(), rule);
  }
}
