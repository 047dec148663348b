package io.millrace.mysql.mark;

import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.type.TableName;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The mark that a writer leaves at its server: a user lock with a random name, which another
 * connection sees exactly when it leads to the same server, by whatever host name or proxy.
 *
 * @param table the target as its server writes its name
 * @param visible when others see what is written
 * @param lock the lock's name; empty where the server refuses user locks
 * @param server the writer's server
 */
public record WriteMark(TableName table, Visible visible, String lock, ServerIdentity server) {

  private static final String KIND = "mysql:";

  /** When what is written, and what stage 1 removes, is seen by others. */
  public enum Visible {
    /** When everything was read: splits write to a table of their own. */
    IN_THE_END,
    /** With the commit of each split. */
    WITH_EACH_SPLIT,
    /** At once, or preSql changes what is there before anything is read. */
    AT_ONCE
  }

  /**
   * Takes the lock, which lasts as long as the connection.
   *
   * @throws SQLException when the server cannot be asked
   */
  public static WriteMark place(MySqlConnection connection, TableName table, Visible visible)
      throws SQLException {
    // Without the lock, what the servers say of themselves is left.
    return new WriteMark(table, visible, connection.lock(), ServerIdentity.of(connection));
  }

  /** The mark that a text is; empty for one of another kind of system. */
  public static Optional<WriteMark> parse(String text) {
    if (!text.startsWith(KIND)) {
      return Optional.empty();
    }
    Map<String, String> values = new TreeMap<>();
    for (String pair : text.substring(KIND.length()).split("&")) {
      int equals = pair.indexOf('=');
      values.put(
          pair.substring(0, equals),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return Optional.of(
        new WriteMark(
            new TableName(values.get("database"), values.get("table")),
            Visible.valueOf(values.get("visible")),
            values.get("lock"),
            new ServerIdentity(
                values.get("uuid"), values.get("serverId"), values.get("cluster"), false, "")));
  }

  /** The mark as a text that {@link #parse} understands. */
  public String text() {
    return KIND
        + pair("database", table.database())
        + pair("&table", table.name())
        + pair("&visible", visible.name())
        + pair("&lock", lock)
        + pair("&uuid", server.uuid())
        + pair("&serverId", server.serverId())
        + pair("&cluster", server.cluster());
  }

  private static String pair(String name, String value) {
    return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /** What another connection leads to, seen from the writer's server. */
  public enum Place {
    /** The same server. */
    SAME,
    /** A server that may hold the same data: of the same cluster, or a replica. */
    COPY,
    /** A server of which nothing is known to be shared. */
    OTHER
  }

  /** Where a connection leads to. Only while the writer's connection lives. */
  public Place seenFrom(MySqlConnection connection) throws SQLException {
    if (!lock.isEmpty()) {
      try (Statement statement = connection.statement();
          ResultSet row = statement.executeQuery("SELECT IS_USED_LOCK('" + lock + "')")) {
        if (row.next() && row.getString(1) != null) {
          return Place.SAME;
        }
      } catch (SQLException e) {
        if (String.valueOf(e.getSQLState()).startsWith("08")) {
          throw e;
        }
        // Refused here as in some clusters.
      }
    }
    boolean mariaDb = connection.server().version().mariaDb();
    return ServerIdentity.of(connection).mayFollow(server, mariaDb) ? Place.COPY : Place.OTHER;
  }
}
