package io.millrace.mysql.split;

import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.connect.RowStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The statements of planning, none of which may run for long. */
final class PlanningQueries {

  /** The longest that one statement of planning may take. */
  private static final int STATEMENT_SECONDS = 5;

  /** More than any table has. */
  private static final String ALL_ROWS = "18446744073709551615";

  private static final int MYSQL_TIMED_OUT = 3024;
  private static final int MARIADB_TIMED_OUT = 1969;

  private final MySqlConnection connection;
  private final String where;

  /**
   * @param where the user's condition, or empty
   */
  PlanningQueries(MySqlConnection connection, String where) {
    this.connection = connection;
    this.where = where;
  }

  boolean hasCondition() {
    return !where.isEmpty();
  }

  /** The user's condition and another one. */
  String where(String condition) {
    String all = matching();
    return " WHERE " + (condition.isEmpty() ? all : condition + " AND " + all);
  }

  /** The user's condition, or one that always holds. */
  String matching() {
    // The line break ends a comment at the end of the user's condition.
    return where.isEmpty() ? "1 = 1" : "(" + where + "\n)";
  }

  /** The optimizer's estimate of the rows a statement looks at in its first table. */
  long explain(String select) throws SQLException {
    try (Statement statement = connection.statement();
        ResultSet row = statement.executeQuery("EXPLAIN FORMAT=TRADITIONAL " + select)) {
      return row.next() ? row.getLong("rows") : 0;
    }
  }

  /**
   * The same for each of several statements of one table, in one question, because asking takes
   * longer than answering.
   */
  long[] explain(List<String> selects) throws SQLException {
    long[] rows = new long[selects.size()];
    if (selects.size() > 1 && explainTogether(selects, rows)) {
      return rows;
    }
    for (int i = 0; i < rows.length; i++) {
      rows[i] = explain(selects.get(i));
    }
    return rows;
  }

  /** False when the answer cannot be told apart. */
  private boolean explainTogether(List<String> selects, long[] rows) throws SQLException {
    // Without a limit the order would count for nothing.
    String union =
        selects.stream()
            .map(select -> "(" + select + " LIMIT " + ALL_ROWS + ")")
            .collect(Collectors.joining(" UNION ALL "));
    try (Statement statement = connection.statement();
        ResultSet row = statement.executeQuery("EXPLAIN FORMAT=TRADITIONAL " + union)) {
      int count = 0;
      while (row.next()) {
        if (!"UNION RESULT".equals(row.getString("select_type"))) {
          if (count == rows.length) {
            return false;
          }
          rows[count++] = row.getLong("rows");
        }
      }
      return count == rows.length;
    }
  }

  /** A SELECT (without that word) that the server ends itself when it takes too long. */
  private String bounded(String afterSelect) {
    return connection.server().version().mariaDb()
        ? "SET STATEMENT max_statement_time = " + STATEMENT_SECONDS + " FOR SELECT " + afterSelect
        : "SELECT /*+ MAX_EXECUTION_TIME(" + STATEMENT_SECONDS * 1000 + ") */ " + afterSelect;
  }

  /** What is done with the rows of a result. */
  @FunctionalInterface
  interface Rows<T> {
    T read(ResultSet rows) throws SQLException;
  }

  /** Runs a SELECT; empty when it takes too long. */
  <T> Optional<T> query(String afterSelect, Rows<T> rows) throws SQLException {
    try (Statement statement = connection.statement()) {
      // Not executeQuery: the driver takes MariaDB's SET STATEMENT for one without a result.
      statement.execute(bounded(afterSelect));
      try (ResultSet result = statement.getResultSet()) {
        return Optional.of(rows.read(result));
      }
    } catch (SQLException e) {
      if (tookTooLong(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * The whole numbers a SELECT of one column gives, as 64 bits; empty when it takes too long or
   * gives more than {@code limit}.
   */
  Optional<long[]> integers(String afterSelect, int limit) throws SQLException {
    LongList values = new LongList();
    try (RowStream rows =
        RowStream.open(connection, bounded(afterSelect + " LIMIT " + (limit + 1L)))) {
      while (rows.next()) {
        values.addText(rows.buffer(), rows.offset() + 1, rows.buffer()[rows.offset()]);
      }
      return values.size() > limit ? Optional.empty() : Optional.of(values.toArray());
    } catch (SQLException e) {
      if (tookTooLong(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static boolean tookTooLong(SQLException e) {
    return e.getErrorCode() == MYSQL_TIMED_OUT || e.getErrorCode() == MARIADB_TIMED_OUT;
  }
}
