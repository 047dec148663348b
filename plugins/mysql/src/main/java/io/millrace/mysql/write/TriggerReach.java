package io.millrace.mysql.write;

import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.type.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Follows the triggers of a table, what they call and the triggers of what they write, to a table
 * that cannot take back what was written. Names are compared, statements are not understood: a name
 * of such a table counts as written where it might be. Triggers and routines that the account may
 * not see are not found; {@link BatchWriter} notices what they do when it goes back.
 */
final class TriggerReach {

  private static final Set<String> READING = Set.of("FROM", "JOIN");
  private static final Set<String> WRITES_WHAT_IT_READS = Set.of("DELETE", "UPDATE");

  private final MySqlConnection connection;
  private final Set<String> seen = new HashSet<>();
  private final Deque<Body> open = new ArrayDeque<>();

  TriggerReach(MySqlConnection connection) {
    this.connection = connection;
  }

  /**
   * The text of a trigger or routine.
   *
   * @param what what it is, for messages
   * @param database the database that its bare names mean
   */
  private record Body(String what, String database, String sql, String sqlMode) {}

  /** Why what the table's triggers do may not be taken back; empty where it can. */
  String doubt(TableName table) throws SQLException {
    addTriggers(table, "");
    while (!open.isEmpty()) {
      String found = doubt(open.pop());
      if (!found.isEmpty()) {
        return found;
      }
    }
    return "";
  }

  private void addTriggers(TableName table, String path) throws SQLException {
    if (!seen.add("table " + table)) {
      return;
    }
    try (PreparedStatement statement =
        connection
            .jdbc()
            .prepareStatement(
                "SELECT TRIGGER_NAME, ACTION_STATEMENT, SQL_MODE FROM information_schema.TRIGGERS"
                    + " WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ?")) {
      statement.setString(1, table.database());
      statement.setString(2, table.name());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          open.push(
              new Body(
                  path + "trigger " + row.getString(1) + " of " + table,
                  table.database(),
                  row.getString(2),
                  row.getString(3)));
        }
      }
    }
  }

  private String doubt(Body body) throws SQLException {
    UserSql words =
        new UserSql(new TableName(body.database, ""), body.database, body.sqlMode, false);
    Set<String> known = new HashSet<>();
    boolean mayWriteWhatItReads = false;
    for (UserSql.Named named : words.names(body.sql)) {
      mayWriteWhatItReads |= WRITES_WHAT_IT_READS.contains(named.name().toUpperCase(Locale.ROOT));
    }
    for (UserSql.Named named : words.names(body.sql)) {
      TableName name =
          new TableName(
              named.database().isEmpty() ? body.database : named.database(), named.name());
      boolean read =
          READING.contains(named.wordBefore().toUpperCase(Locale.ROOT)) && !mayWriteWhatItReads;
      if (!read && known.add(name.toString())) {
        String found = follow(body, name);
        if (!found.isEmpty()) {
          return found;
        }
      }
    }
    return "";
  }

  private String follow(Body from, TableName name) throws SQLException {
    String engine = Engines.of(connection, name);
    if (!engine.isEmpty()) {
      if (!Engines.isTransactional(engine)) {
        return from.what
            + " may write to table "
            + name
            + ", whose engine "
            + engine
            + " cannot take it back";
      }
      addTriggers(name, from.what + ", and so ");
    }
    return addRoutine(from, name);
  }

  private String addRoutine(Body from, TableName name) throws SQLException {
    if (!seen.add("routine " + name)) {
      return "";
    }
    try (PreparedStatement statement =
        connection
            .jdbc()
            .prepareStatement(
                "SELECT ROUTINE_DEFINITION, SQL_MODE FROM information_schema.ROUTINES"
                    + " WHERE ROUTINE_SCHEMA = ? AND ROUTINE_NAME = ?")) {
      statement.setString(1, name.database());
      statement.setString(2, name.name());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String sql = row.getString(1);
          if (sql == null) {
            return from.what + " calls " + name + ", whose text the account may not see";
          }
          open.push(
              new Body(
                  from.what + ", which may call " + name + ",",
                  name.database(),
                  sql,
                  row.getString(2)));
        }
      }
    }
    return "";
  }
}
