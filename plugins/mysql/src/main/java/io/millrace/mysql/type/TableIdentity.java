package io.millrace.mysql.type;

import io.millrace.api.read.Reader;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.connect.MySqlErrors;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What tells a table from another one that was made under its name: the number that InnoDB gave to
 * it. Inserting, changing and deleting rows, renaming and adding an index do not change it;
 * creating it again, TRUNCATE and whatever rebuilds the table does. It counts at one server only,
 * for a replica has numbers of its own.
 *
 * <p>There is none for a view, a partitioned table and other engines. Where the server demands the
 * privilege PROCESS and the account lacks it, it is {@link Reader#UNREADABLE}. The time of creation
 * is no identity: it changes with every ALTER.
 */
public final class TableIdentity {

  private static final int MISSING_PRIVILEGE = 1227;

  private TableIdentity() {}

  /**
   * The identity of a table.
   *
   * @return empty when it is not known
   */
  public static Optional<String> of(MySqlConnection connection, TableName table)
      throws SQLException {
    // MySQL 8 finds a file by its name; the table of tables has no index there.
    boolean byFile = connection.server().version().isMySqlFrom(8, 0, 4);
    String name =
        byFile ? table.database() + "/" + table.name() : fileName(table.database(), table.name());
    if (name == null) {
      return Optional.empty();
    }
    String sql =
        byFile
            ? "SELECT SPACE, NAME FROM information_schema.INNODB_TABLESPACES_BRIEF WHERE NAME = ?"
            : "SELECT TABLE_ID, NAME FROM information_schema.INNODB_SYS_TABLES WHERE NAME = ?";
    try (PreparedStatement statement = connection.jdbc().prepareStatement(sql)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          // Names may be compared without their case.
          if (row.getString(2).equals(name)) {
            return Optional.of(row.getString(1) + Reader.AT_SERVER + server(connection));
          }
        }
        return Optional.empty();
      }
    } catch (SQLException e) {
      if (MySqlErrors.isPassing(e)) {
        throw e;
      }
      if (e.getErrorCode() == MISSING_PRIVILEGE) {
        String reason = MySqlErrors.describe(e);
        return Optional.of(Reader.UNREADABLE + reason + Reader.AT_SERVER + server(connection));
      }
      // Unknown to this kind of server.
      return Optional.empty();
    }
  }

  private static String server(MySqlConnection connection) throws SQLException {
    try (Statement statement = connection.statement();
        ResultSet row = statement.executeQuery("SHOW GLOBAL VARIABLES LIKE 'server_uuid'")) {
      if (row.next() && row.getString(2) != null && !row.getString(2).isEmpty()) {
        return row.getString(2);
      }
    }
    // MariaDB has no such identifier in all versions.
    try (Statement statement = connection.statement();
        ResultSet row = statement.executeQuery("SELECT CONCAT(@@hostname, ':', @@port)")) {
      return row.next() ? String.valueOf(row.getString(1)) : "";
    }
  }

  /** The name as InnoDB writes it; null for one that is not ASCII, whose form is another. */
  static @Nullable String fileName(String database, String table) {
    StringBuilder name = new StringBuilder();
    boolean ascii = append(database, name) && append(table, name.append('/'));
    return ascii ? name.toString() : null;
  }

  private static boolean append(String part, StringBuilder name) {
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c >= 0x80) {
        return false;
      }
      name.append(
          c == '_' || Character.isLetterOrDigit(c)
              ? String.valueOf(c)
              : "@%04x".formatted((int) c));
    }
    return true;
  }
}
