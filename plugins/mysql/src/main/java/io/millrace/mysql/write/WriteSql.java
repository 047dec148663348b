package io.millrace.mysql.write;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The statements that write records into one table.
 *
 * @param table the quoted table that takes the records
 * @param plans one for each column that is written
 * @param mode what becomes of a record whose key is there
 * @param updated the indexes of the columns that {@link WriteMode#UPDATE} changes
 * @param nullsLeftOut the indexes of the columns that are left out when NULL
 */
record WriteSql(
    String table,
    List<ColumnPlan> plans,
    WriteMode mode,
    Set<Integer> updated,
    Set<Integer> nullsLeftOut) {

  WriteSql {
    plans = List.copyOf(plans);
    updated = Set.copyOf(updated);
    nullsLeftOut = Set.copyOf(nullsLeftOut);
  }

  /** The same statements for another table with the same columns. */
  WriteSql into(String otherTable) {
    return new WriteSql(otherTable, plans, mode, updated, nullsLeftOut);
  }

  boolean leavesOutNulls() {
    return !nullsLeftOut.isEmpty();
  }

  boolean leavesOutNull(int column) {
    return nullsLeftOut.contains(column);
  }

  /** The statement that streams a batch into {@code into}. */
  String load(String into) {
    StringBuilder sql = new StringBuilder("LOAD DATA LOCAL INFILE 'millrace' ");
    if (mode == WriteMode.REPLACE) {
      sql.append("REPLACE ");
    }
    sql.append("INTO TABLE ")
        .append(into)
        .append(" CHARACTER SET binary FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\'")
        .append(" LINES TERMINATED BY '\\n' (");
    StringBuilder conversions = new StringBuilder();
    for (int i = 0; i < plans.size(); i++) {
      ColumnPlan plan = plans.get(i);
      sql.append(i == 0 ? "" : ",");
      if (plan.convertOnLoad()) {
        String variable = "@c" + i;
        sql.append(variable);
        conversions
            .append(conversions.isEmpty() ? " SET " : ",")
            .append(plan.target().quoted())
            .append("=CONVERT(")
            .append(variable)
            .append(" USING utf8mb4)");
      } else {
        sql.append(plan.target().quoted());
      }
    }
    return sql.append(')').append(conversions).toString();
  }

  /**
   * What stands before the records of an INSERT.
   *
   * @param ignore true for one that the server goes on with whatever is wrong with a record, and
   *     only warns; the caller looks at the warnings
   */
  String insertHead(Set<Integer> leftOut, boolean ignore) {
    return (ignore ? "INSERT IGNORE INTO " : mode.verb())
        + table
        + " ("
        + columns(leftOut)
        + ") VALUES ";
  }

  /** What stands behind them. */
  String insertTail(Set<Integer> leftOut) {
    return mode == WriteMode.UPDATE ? onDuplicate(leftOut) : "";
  }

  /** Moves what stands in another table with the same columns into this one. */
  String insertSelect(String from, String order) {
    String columns = columns(Set.of());
    String tail = mode == WriteMode.UPDATE ? onDuplicate(Set.of()) : "";
    return mode.verb()
        + table
        + " ("
        + columns
        + ") SELECT "
        + columns
        + " FROM "
        + from
        + order
        + tail;
  }

  private String columns(Set<Integer> leftOut) {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < plans.size(); i++) {
      if (!leftOut.contains(i)) {
        names.append(names.isEmpty() ? "" : ",").append(plans.get(i).target().quoted());
      }
    }
    return names.toString();
  }

  private String onDuplicate(Set<Integer> leftOut) {
    String changes =
        new TreeSet<>(updated)
            .stream()
                .filter(i -> !leftOut.contains(i))
                .map(i -> plans.get(i).target().quoted())
                .map(name -> name + "=VALUES(" + name + ")")
                .collect(Collectors.joining(","));
    if (changes.isEmpty()) {
      // Nothing to change: the row that is there stays as it is.
      String any = plans.get(0).target().quoted();
      changes = any + "=" + table + "." + any;
    }
    return " ON DUPLICATE KEY UPDATE " + changes;
  }

  /** A temporary table that takes the same records without any key, in their order. */
  String createTemporary(String name) {
    String columns =
        plans.stream()
            .map(plan -> plan.target())
            .map(
                target ->
                    target.quoted()
                        + " "
                        + target.column().columnType()
                        + (target.column().charset() == null
                            ? ""
                            : " CHARACTER SET "
                                + target.column().charset()
                                + " COLLATE "
                                + target.column().collation())
                        + " NULL")
            .collect(Collectors.joining(","));
    return "CREATE TEMPORARY TABLE "
        + name
        + " ("
        + columns
        + ",`"
        + ORDER_COLUMN
        + "` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB";
  }

  /** The column that keeps the order of records in a temporary table. */
  static final String ORDER_COLUMN = "millrace_order";
}
