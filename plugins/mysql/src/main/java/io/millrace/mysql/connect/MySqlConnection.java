package io.millrace.mysql.connect;

import io.millrace.api.Cancellation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * One open connection whose session is set up. Used by one thread, except {@link #abort}, which any
 * thread may call.
 */
public final class MySqlConnection implements AutoCloseable {

  private final Connection jdbc;
  private final ServerFacts server;

  /** See {@link #makeKillable}. */
  private volatile String life = "";

  MySqlConnection(Connection jdbc, ServerFacts server) {
    this.jdbc = jdbc;
    this.server = server;
  }

  /**
   * What the server said about itself and this session when it was opened.
   *
   * @param version flavour and version
   * @param connectionId what {@code KILL} takes
   * @param sqlMode the session's sql_mode before the user's own session statements
   * @param maxAllowedPacket the largest packet in bytes
   */
  public record ServerFacts(
      ServerVersion version, long connectionId, String sqlMode, long maxAllowedPacket) {}

  /**
   * Takes a user lock with a random name, by which another connection can tell that it leads to the
   * same server and that this one lives: {@code IS_USED_LOCK} gives this connection's id there and
   * nowhere else. It lasts as long as the connection.
   *
   * @return its name; empty where the server refuses user locks, as some clusters do
   * @throws SQLException when the connection is lost
   */
  public String lock() throws SQLException {
    String name = "millrace:" + UUID.randomUUID();
    try (Statement statement = statement();
        ResultSet row = statement.executeQuery("SELECT GET_LOCK('" + name + "', 0)")) {
      return row.next() && row.getInt(1) == 1 ? name : "";
    } catch (SQLException e) {
      if (String.valueOf(e.getSQLState()).startsWith("08")) {
        throw e;
      }
      return "";
    }
  }

  /** The driver's connection. */
  public Connection jdbc() {
    return jdbc;
  }

  /** What the server said when the connection was opened. */
  public ServerFacts server() {
    return server;
  }

  /**
   * Lets {@link MySqlConnections#abandon} tell this connection from another one that has the same
   * id at another server, or after a restart. Where the server refuses user locks, what it does for
   * an abandoned connection ends when it notices that nobody is there.
   *
   * @throws SQLException when the connection is lost
   */
  public void makeKillable() throws SQLException {
    life = lock();
  }

  /** The lock of {@link #makeKillable}; empty where there is none. */
  String life() {
    return life;
  }

  /** Runs a statement and drops its result. */
  public void execute(String sql) throws SQLException {
    try (Statement statement = statement()) {
      statement.execute(sql);
    }
  }

  /** A statement that passes SQL on as it is: braces in it are no JDBC escapes. */
  public Statement statement() throws SQLException {
    Statement statement =
        jdbc.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
    statement.setEscapeProcessing(false);
    return statement;
  }

  /** Aborts this connection when the attempt is cancelled. */
  public Cancellation.Registration abortOn(Cancellation cancellation) {
    return cancellation.onCancel(this::abort);
  }

  /**
   * Cuts the connection at once, whatever another thread does on it; that thread gets an error. The
   * server rolls back and ends its statement when it notices.
   */
  public void abort() {
    try {
      jdbc.abort(Runnable::run);
    } catch (SQLException | RuntimeException e) {
      // It is cut or was not open; there is nothing more to do.
    }
  }

  /** Asks the server for a sign of life; blocks for two seconds at most. */
  public boolean answers() {
    try {
      return jdbc.isValid(2);
    } catch (SQLException | RuntimeException e) {
      return false;
    }
  }

  /** Says goodbye to the server. Never throws. */
  @Override
  public void close() {
    try {
      jdbc.close();
    } catch (SQLException | RuntimeException e) {
      // The server or the line is gone; the connection ends all the same.
    }
  }
}
