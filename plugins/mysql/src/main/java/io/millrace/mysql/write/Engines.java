package io.millrace.mysql.write;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.type.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;

/**
 * What a table's storage engine promises. Only engines that are known to take a transaction back
 * count as transactional: what servers say of the others is not reliable (FEDERATED says that it
 * has transactions and commits each statement, others cannot go back to a savepoint).
 */
final class Engines {

  private static final Set<String> TRANSACTIONAL = Set.of("innodb");
  private static final String KEEPS_NOTHING = "blackhole";

  private Engines() {}

  /** The engine of a table; empty for a view and where there is no such table. */
  static String of(MySqlConnection connection, TableName table) throws SQLException {
    try (PreparedStatement statement =
        connection
            .jdbc()
            .prepareStatement(
                "SELECT ENGINE FROM information_schema.TABLES"
                    + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?")) {
      statement.setString(1, table.database());
      statement.setString(2, table.name());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getString(1) != null ? row.getString(1) : "";
      }
    }
  }

  static boolean isTransactional(String engine) {
    return TRANSACTIONAL.contains(engine.toLowerCase(Locale.ROOT));
  }

  /**
   * Why what is written to a table may not be taken back; empty where it can.
   *
   * @param engine the table's engine; empty for a view
   * @throws MillraceException with {@link StandardError#CONFIGURATION} for a table that keeps
   *     nothing
   */
  static String doubt(MySqlConnection connection, TableName table, String engine)
      throws SQLException {
    if (engine.isEmpty()) {
      return table + " is a view, whose tables may not know transactions";
    }
    if (engine.toLowerCase(Locale.ROOT).equals(KEEPS_NOTHING)) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "table "
              + table
              + " uses the engine "
              + engine
              + ", which keeps nothing of what is written to it; convert it, for example to InnoDB");
    }
    if (!isTransactional(engine)) {
      return "table "
          + table
          + " uses the engine "
          + engine
          + ", which is not known to have transactions";
    }
    return new TriggerReach(connection).doubt(table);
  }
}
