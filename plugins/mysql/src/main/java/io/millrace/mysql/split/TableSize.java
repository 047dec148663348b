package io.millrace.mysql.split;

import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.connect.SessionSetting;
import io.millrace.mysql.type.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * How large a table is by the server's statistics, which may be old or missing.
 *
 * @param rows estimated rows
 * @param bytes size of its rows in bytes, without secondary indexes
 */
public record TableSize(long rows, long bytes) {

  /** Asks the server; it answers from its statistics, so this is fast. */
  public static TableSize of(MySqlConnection connection, TableName table) throws SQLException {
    if (connection.server().version().isMySqlFrom(8, 0, 0)) {
      // By default MySQL 8 repeats for a day what it once said.
      try (Statement statement = connection.statement()) {
        SessionSetting.FRESH_STATISTICS.set(
            statement, "SET SESSION information_schema_stats_expiry = 0");
      }
    }
    try (PreparedStatement statement =
        connection
            .jdbc()
            .prepareStatement(
                "SELECT TABLE_ROWS, DATA_LENGTH FROM information_schema.TABLES"
                    + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?")) {
      statement.setString(1, table.database());
      statement.setString(2, table.name());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? new TableSize(row.getLong(1), row.getLong(2)) : new TableSize(0, 0);
      }
    }
  }
}
