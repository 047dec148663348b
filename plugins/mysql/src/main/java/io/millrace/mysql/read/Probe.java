package io.millrace.mysql.read;

import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.result.Field;
import io.millrace.mysql.connect.MySqlConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;

/**
 * Asks the server what a statement would give, without running it: the server prepares it, which
 * checks syntax, names and privileges.
 */
final class Probe {

  private Probe() {}

  /**
   * The columns a statement would give; empty when it gives no result.
   *
   * @throws SQLException when the server refuses it, or it holds a {@code ?} to be filled in
   */
  static List<Field> columns(MySqlConnection connection, String sql) throws SQLException {
    JdbcConnection jdbc = connection.jdbc().unwrap(JdbcConnection.class);
    try (PreparedStatement statement = jdbc.serverPrepareStatement(sql)) {
      if (statement.getParameterMetaData().getParameterCount() > 0) {
        throw new SQLException("the statement holds a '?' outside of a string", "42000");
      }
      ResultSetMetaData columns = statement.getMetaData();
      return columns == null
          ? List.of()
          : List.of(((com.mysql.cj.jdbc.result.ResultSetMetaData) columns).getFields());
    }
  }
}
