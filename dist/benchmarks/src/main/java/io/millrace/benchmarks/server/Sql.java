package io.millrace.benchmarks.server;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Asks for one value. */
final class Sql {

  private Sql() {}

  /** The first column of the first row, or an empty text. */
  static String text(Connection connection, String sql) throws SQLException {
    return column(connection, sql, 1);
  }

  /** A counter of the server, such as the number of dirty pages. */
  static long status(Connection connection, String name) throws SQLException {
    String value = column(connection, "SHOW GLOBAL STATUS LIKE '" + name + "'", 2);
    return value.isEmpty() ? 0 : Long.parseLong(value);
  }

  private static String column(Connection connection, String sql, int column) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      String value = rows.next() ? rows.getString(column) : null;
      return value == null ? "" : value;
    }
  }
}
