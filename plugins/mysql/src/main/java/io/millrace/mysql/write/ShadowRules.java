package io.millrace.mysql.write;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.type.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Refuses publishing through a shadow table where it would lose something of the target. */
final class ShadowRules {

  private final MySqlConnection connection;
  private final TableName table;

  ShadowRules(MySqlConnection connection, TableName table) {
    this.connection = connection;
    this.table = table;
  }

  /**
   * Checks everything that can be known before something is written.
   *
   * @throws MillraceException with {@link StandardError#CONFIGURATION} that names every reason
   */
  void check(PublishMode mode, boolean view) throws SQLException {
    List<String> reasons = new ArrayList<>();
    if (view) {
      reasons.add("it is a view");
    }
    if (mode == PublishMode.SWAP) {
      add(
          reasons,
          "it has the foreign key %s",
          "SELECT CONSTRAINT_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS"
              + " WHERE CONSTRAINT_SCHEMA = ? AND TABLE_NAME = ?");
      add(
          reasons,
          "a foreign key of %s refers to it",
          "SELECT DISTINCT TABLE_NAME FROM information_schema.KEY_COLUMN_USAGE"
              + " WHERE REFERENCED_TABLE_SCHEMA = ? AND REFERENCED_TABLE_NAME = ?");
      add(
          reasons,
          "it has the trigger %s",
          "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS"
              + " WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ?");
    }
    Set<String> wanted = new HashSet<>(Set.of("CREATE", "DROP", "INSERT", "SELECT"));
    if (mode == PublishMode.SWAP) {
      wanted.add("ALTER");
    }
    wanted.removeAll(granted());
    if (!wanted.isEmpty() && !hasRoles()) {
      reasons.add(
          "the account lacks "
              + String.join(", ", wanted.stream().sorted().toList())
              + " on the database "
              + table.database());
    }
    if (!reasons.isEmpty()) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "publish: "
              + mode.name().toLowerCase(java.util.Locale.ROOT)
              + " is not possible for table "
              + table
              + ": "
              + String.join("; ", reasons)
              + ". Use publish: direct");
    }
  }

  private void add(List<String> reasons, String form, String sql) throws SQLException {
    try (PreparedStatement statement = connection.jdbc().prepareStatement(sql)) {
      statement.setString(1, table.database());
      statement.setString(2, table.name());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          reasons.add(form.formatted(row.getString(1)));
        }
      }
    }
  }

  /** Privileges on any table of the database: the shadow has another name than the target. */
  private Set<String> granted() throws SQLException {
    Set<String> granted = new HashSet<>();
    String grantee =
        "CONCAT('''', SUBSTRING_INDEX(CURRENT_USER(), '@', LENGTH(CURRENT_USER()) -"
            + " LENGTH(REPLACE(CURRENT_USER(), '@', ''))), '''@''',"
            + " SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')";
    try (PreparedStatement statement =
        connection
            .jdbc()
            .prepareStatement(
                "SELECT PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES WHERE GRANTEE = "
                    + grantee
                    + " UNION SELECT PRIVILEGE_TYPE FROM information_schema.SCHEMA_PRIVILEGES"
                    + " WHERE GRANTEE = "
                    + grantee
                    + " AND ? LIKE TABLE_SCHEMA")) {
      statement.setString(1, table.database());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          granted.add(row.getString(1));
        }
      }
    }
    return granted;
  }

  /** Privileges that come with a role are not in those tables; the server will tell. */
  private boolean hasRoles() {
    try (Statement statement = connection.statement();
        ResultSet row = statement.executeQuery("SELECT CURRENT_ROLE()")) {
      return row.next() && row.getString(1) != null && !row.getString(1).equals("NONE");
    } catch (SQLException e) {
      // MySQL 5.7 has no roles.
      return false;
    }
  }
}
