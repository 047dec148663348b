package io.millrace.mysql.split;

import io.millrace.api.Counted;
import io.millrace.api.Sensitive;
import io.millrace.jdbc.Identifiers;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.type.MySqlColumn;
import io.millrace.mysql.type.MySqlTable;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Cuts one table: chooses the key, finds bounds, and says what it did. */
public final class TablePlanner {

  /** Planning one table ends after about this time, with what is known by then. */
  private static final long PLANNING_NANOS = 10_000_000_000L;

  private static final int PROBED_PLACES = 64;
  private static final int ROWS_AT_EACH_PLACE = 200;
  private static final int ROWS_AT_THE_START = 20_000;

  private final MySqlConnection connection;
  private final MySqlTable table;
  private final String from;
  private final String splitPk;
  private final PlanningQueries queries;
  private final int readKeysUpTo;
  private final long deadline = System.nanoTime() + PLANNING_NANOS;
  private final List<String> warnings = new ArrayList<>();

  /**
   * @param from the table as it stands in a FROM clause, without index hints
   * @param where the user's condition, or empty
   * @param splitPk the user's key, or empty
   */
  public TablePlanner(
      MySqlConnection connection, MySqlTable table, String from, String where, String splitPk) {
    this(connection, table, from, where, splitPk, IntegerCutter.READ_KEYS_UP_TO);
  }

  TablePlanner(
      MySqlConnection connection,
      MySqlTable table,
      String from,
      String where,
      String splitPk,
      int readKeysUpTo) {
    this.connection = connection;
    this.table = table;
    this.from = from;
    this.splitPk = splitPk;
    this.queries = new PlanningQueries(connection, where);
    this.readKeysUpTo = readKeysUpTo;
  }

  /**
   * Cuts the table into {@code count} ranges, or fewer where there are fewer keys.
   *
   * @param whole whether it is cut by the user's key only
   * @throws SQLException when the server refuses what is asked, such as a wrong condition
   */
  public TablePlan plan(int count, boolean whole) throws SQLException {
    if (table.view()) {
      if (!splitPk.isEmpty()) {
        warnings.add("splitPk is not used: " + table.name() + " is a view");
      }
      return whole("a view cannot be cut: one split");
    }
    List<KeyIndex> indexes = KeyIndex.of(connection, table.name());
    Optional<SplitKey> chosen = byUser(indexes);
    boolean concurrent = chosen.isPresent();
    if (whole && !concurrent) {
      return whole(
          "one split, because the target cannot put the parts of one together; it starts from zero"
              + " when it fails"
              + more());
    }
    SplitKey key = chosen.or(() -> byItself(indexes)).orElse(null);
    if (key == null) {
      return whole("no key to cut it by: one split, which starts from zero when it fails" + more());
    }
    try {
      return cut(key, count, concurrent);
    } catch (ServerIntegerKeys.Failed e) {
      throw (SQLException) e.getCause();
    }
  }

  /** What gives more channels, where the table has it. */
  private String more() {
    return table.columns().stream().anyMatch(MySqlColumn::isInteger)
        ? "; an integer splitPk, best the primary key, gives more"
        : "";
  }

  private TablePlan whole(String rule) {
    return new TablePlan(
        List.of(TablePlan.Range.all(-1)), false, table.name() + ": " + rule, warnings);
  }

  private Optional<SplitKey> byUser(List<KeyIndex> indexes) {
    if (splitPk.isEmpty()) {
      return Optional.empty();
    }
    MySqlColumn column =
        table
            .column(splitPk)
            .or(() -> table.column(Identifiers.BACKTICK.unquote(splitPk)))
            .orElse(null);
    if (column == null) {
      warnings.add(
          "splitPk is not used: "
              + table.name()
              + " has no column '"
              + Sensitive.name(splitPk)
              + "'; one channel");
      return Optional.empty();
    }
    if (!column.isInteger()) {
      warnings.add(
          "splitPk is not used: '"
              + column.name()
              + "' is a "
              + column.columnType()
              + ", not an integer; one channel. Use an integer key to read with more");
      return Optional.empty();
    }
    return Optional.of(key(column, bestIndex(indexes, column)));
  }

  private SplitKey key(MySqlColumn column, @Nullable KeyIndex index) {
    return new SplitKey(from, column, column.field().nullable(), index);
  }

  private static @Nullable KeyIndex bestIndex(List<KeyIndex> indexes, MySqlColumn column) {
    return indexes.stream()
        .filter(index -> index.column().equalsIgnoreCase(column.name()))
        // A secondary index is narrower, but rows are read along the primary one.
        .min(
            Comparator.comparing((KeyIndex index) -> !index.primary())
                .thenComparing(i -> !i.unique()))
        .orElse(null);
  }

  /** A key to cut by where the user names none that can be used. */
  private Optional<SplitKey> byItself(List<KeyIndex> indexes) {
    List<KeyIndex> unique = indexes.stream().filter(KeyIndex::unique).toList();
    return first(unique, column -> column.isInteger())
        .or(() -> first(unique, OrderedCutter::canCut));
  }

  private Optional<SplitKey> first(List<KeyIndex> indexes, Predicate<MySqlColumn> suitable) {
    return indexes.stream()
        .sorted(Comparator.comparing(index -> !index.primary()))
        .flatMap(
            index ->
                table.column(index.column()).stream()
                    .filter(suitable)
                    .map(column -> key(column, index)))
        .findFirst();
  }

  private TablePlan cut(SplitKey key, int count, boolean concurrent) throws SQLException {
    List<String> bounds;
    List<Long> rows = new ArrayList<>();
    String how;
    if (count <= 1) {
      return new TablePlan(
          List.of(TablePlan.Range.all(-1)), concurrent, table.name() + ": one split", warnings);
    }
    if (!key.column().isInteger()) {
      OrderedCutter.Bounds cut = new OrderedCutter(queries, key, this::outOfTime).cut(count);
      bounds = cut.bounds();
      for (int i = 0; i <= bounds.size(); i++) {
        rows.add(cut.rowsEach());
      }
      how = "by steps along its index";
    } else {
      Cut cut = integerCut(key, count);
      bounds = cut.bounds().stream().map(BigInteger::toString).toList();
      rows.addAll(cut.rows());
      how = cut.how();
    }
    List<TablePlan.Range> ranges = ranges(key, bounds, rows);
    return new TablePlan(ranges, concurrent, rule(key, ranges.size(), how, concurrent), warnings);
  }

  private String rule(SplitKey key, int ranges, String how, boolean concurrent) {
    return table.name()
        + ": "
        + Counted.of(ranges, "split", "splits")
        + " by "
        + (concurrent ? "splitPk " : "its key ")
        + key.column().name()
        + ", "
        + how
        + (key.nullable() ? ", NULL keys apart" : "")
        + (concurrent ? "" : ", one channel" + more());
  }

  private boolean outOfTime() {
    return System.nanoTime() - deadline > 0;
  }

  private Cut integerCut(SplitKey key, int count) throws SQLException {
    ServerIntegerKeys keys = new ServerIntegerKeys(queries, key);
    IntegerCutter cutter = new IntegerCutter(keys, readKeysUpTo, this::outOfTime);
    if (key.index() != null) {
      return cutter.cut(count);
    }
    warnings.add(
        "splitPk '"
            + key.column().name()
            + "' has no index: every split makes the server look at the whole of "
            + table.name()
            + "; use the primary key instead");
    if (keys.estimate() <= readKeysUpTo) {
      Optional<long[]> all = keys.all(2 * readKeysUpTo);
      if (all.isPresent()) {
        return cutter.exact(all.get(), count, IntegerCutter.balanced(all.get().length));
      }
    }
    long[] sample = sample(key);
    Arrays.sort(sample);
    String how =
        "balanced by a sample of "
            + Counted.of(sample.length, "key", "keys")
            + ", for want of an index";
    Cut cut = cutter.exact(sample, count, how);
    return new Cut(cut.bounds(), cut.rows().stream().map(row -> -1L).toList(), how);
  }

  /** Keys from some places of the table, which an index on another column leads to. */
  private long[] sample(SplitKey key) throws SQLException {
    String wanted = key.quoted() + " FROM " + from;
    String notNull = key.quoted() + " IS NOT NULL";
    LongList sample = new LongList();
    Optional<SplitKey> other =
        first(KeyIndex.of(connection, table.name()), column -> column.isInteger());
    if (other.isEmpty()) {
      String start = wanted + queries.where(notNull);
      queries
          .integers("* FROM (SELECT " + start + " LIMIT " + ROWS_AT_THE_START + ") AS t", 1 << 20)
          .ifPresent(keys -> Arrays.stream(keys).forEach(sample::add));
      return sample.toArray();
    }
    SplitKey path = other.get();
    Cut places =
        new IntegerCutter(new ServerIntegerKeys(queries, path), readKeysUpTo, this::outOfTime)
            .cut(PROBED_PLACES);
    for (BigInteger place : places.bounds()) {
      if (outOfTime()) {
        break;
      }
      String here =
          key.quoted()
              + " FROM "
              + path.tableByIndex()
              + queries.where(path.quoted() + " >= " + place + " AND " + notNull)
              + " ORDER BY "
              + path.quoted()
              + " LIMIT "
              + ROWS_AT_EACH_PLACE;
      queries
          .integers("* FROM (SELECT " + here + ") AS t", 1 << 20)
          .ifPresent(keys -> Arrays.stream(keys).forEach(sample::add));
    }
    return sample.toArray();
  }

  /** Ranges between the bounds: the first and the last are open, NULL keys have their own. */
  private static List<TablePlan.Range> ranges(SplitKey key, List<String> bounds, List<Long> rows) {
    List<TablePlan.Range> ranges = new ArrayList<>();
    String quoted = key.quoted();
    if (key.nullable()) {
      ranges.add(
          new TablePlan.Range(
              quoted + " IS NULL", Map.of("key", key.column().name(), "nulls", "true"), -1));
    }
    for (int i = 0; i <= bounds.size(); i++) {
      String from = i == 0 ? null : bounds.get(i - 1);
      String to = i == bounds.size() ? null : bounds.get(i);
      ranges.add(range(key, from, to, rows.get(i)));
    }
    return ranges;
  }

  private static TablePlan.Range range(
      SplitKey key, @Nullable String from, @Nullable String to, long rows) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("key", key.column().name());
    List<String> conditions = new ArrayList<>();
    if (from != null) {
      properties.put("from", from);
      conditions.add(key.quoted() + " >= " + from);
    }
    if (to != null) {
      properties.put("to", to);
      conditions.add(key.quoted() + " < " + to);
    }
    if (conditions.isEmpty()) {
      // One range and NULL keys apart: it must not take them as well.
      return new TablePlan.Range(
          key.nullable() ? key.quoted() + " IS NOT NULL" : "", properties, rows);
    }
    return new TablePlan.Range(String.join(" AND ", conditions), properties, rows);
  }
}
