package io.millrace.mysql.split;

import io.millrace.mysql.type.MySqlColumn;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds bounds for a key of another type than an integer, by steps along its index. Keys are only
 * ever compared by the server, by the column's own collation: Java's order would lose rows.
 */
final class OrderedCutter {

  private static final Set<String> TEXTS = Set.of("char", "varchar");
  private static final Set<String> BINARIES = Set.of("binary", "varbinary");
  private static final Set<String> QUOTED = Set.of("date", "datetime", "uuid", "inet6");

  /** Counting so many keys takes some tenths of a second. */
  private static final long COUNT_UP_TO = IntegerCutter.READ_KEYS_UP_TO;

  private final PlanningQueries queries;
  private final SplitKey key;
  private final BooleanSupplier outOfTime;

  OrderedCutter(PlanningQueries queries, SplitKey key, BooleanSupplier outOfTime) {
    this.queries = queries;
    this.key = key;
    this.outOfTime = outOfTime;
  }

  /**
   * Bounds as SQL literals.
   *
   * @param bounds each the first key of the next range
   * @param rowsEach about how many rows each range holds
   */
  record Bounds(List<String> bounds, long rowsEach) {}

  /** True when keys of this column can be written as literals that mean the same key. */
  static boolean canCut(MySqlColumn column) {
    String type = column.dataType().toLowerCase(Locale.ROOT);
    return column.isInteger()
        || TEXTS.contains(type)
        || BINARIES.contains(type)
        || QUOTED.contains(type)
        || type.equals("decimal")
        || type.equals("year");
  }

  /** Cuts into about {@code count} ranges. */
  Bounds cut(int count) throws SQLException {
    long step = Math.max(1, rows() / count);
    List<String> bounds = new ArrayList<>();
    String last = null;
    while (!outOfTime.getAsBoolean()) {
      Optional<String> next = next(last, step);
      if (next.isEmpty()) {
        break;
      }
      if (next.get().equals(last)) {
        // More rows than a step have this one key: go on behind it.
        next = behind(last);
        if (next.isEmpty()) {
          break;
        }
      }
      last = next.get();
      bounds.add(last);
      if (bounds.size() >= 2 * count) {
        // There are more rows than the statistics say: wider steps from here on.
        thin(bounds);
        step *= 2;
      }
    }
    return new Bounds(bounds, step);
  }

  private static void thin(List<String> bounds) {
    for (int i = bounds.size() - 2; i >= 0; i -= 2) {
      bounds.remove(i);
    }
  }

  private long rows() throws SQLException {
    String from = " FROM " + key.table() + queries.where("");
    long estimate = queries.explain("SELECT " + key.quoted() + from);
    if (estimate > COUNT_UP_TO) {
      return estimate;
    }
    return queries
        .query("COUNT(*)" + from, row -> row.next() ? row.getLong(1) : 0)
        .orElse(estimate);
  }

  private Optional<String> next(@Nullable String last, long step) throws SQLException {
    String condition = last == null ? key.quoted() + " IS NOT NULL" : key.quoted() + " >= " + last;
    return key(condition, step);
  }

  private Optional<String> behind(String last) throws SQLException {
    return key(key.quoted() + " > " + last, 0);
  }

  /** The key so many matching rows behind the first that meets a condition. */
  private Optional<String> key(String condition, long offset) throws SQLException {
    String select =
        raw()
            + " FROM "
            + key.tableByIndex()
            + queries.where(condition)
            + " ORDER BY "
            + key.quoted()
            + " LIMIT 1 OFFSET "
            + offset;
    return queries
        .query(select, row -> Optional.ofNullable(row.next() ? row.getString(1) : null))
        .flatMap(found -> found)
        .map(this::literal);
  }

  private boolean asHex() {
    String type = key.column().dataType().toLowerCase(Locale.ROOT);
    return TEXTS.contains(type) || BINARIES.contains(type);
  }

  private String raw() {
    return asHex() ? "HEX(" + key.quoted() + ")" : key.quoted();
  }

  private String literal(String text) {
    String type = key.column().dataType().toLowerCase(Locale.ROOT);
    if (TEXTS.contains(type)) {
      return "_" + key.column().charset() + " X'" + text + "'";
    }
    if (BINARIES.contains(type)) {
      return "X'" + text + "'";
    }
    return QUOTED.contains(type) ? "'" + text + "'" : text;
  }
}
