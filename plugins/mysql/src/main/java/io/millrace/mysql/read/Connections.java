package io.millrace.mysql.read;

import io.millrace.api.StageContext;
import io.millrace.api.TaskContext;
import io.millrace.jdbc.JdbcEndpoint;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.connect.MySqlConnections;
import io.millrace.mysql.connect.MySqlErrors;
import io.millrace.mysql.connect.ServerTrust;
import io.millrace.mysql.connect.SessionSettings;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Lends the connections of one attempt, one user at a time; what comes back is lent again. A
 * one-row task so needs a single connection. Safe for use by several threads.
 */
final class Connections implements AutoCloseable {

  private final List<MySqlConnections> sources;
  private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
  private final List<Deque<MySqlConnection>> idle;
  private boolean closed;

  /**
   * @param certificates those of the data source
   */
  Connections(List<JdbcEndpoint> endpoints, SessionSettings settings, TaskContext task) {
    ServerTrust trust = new ServerTrust(task.certificates(), warnings::add);
    this.sources =
        endpoints.stream()
            .map(
                endpoint ->
                    new MySqlConnections(
                        endpoint, trust, settings, task.files(), task.clock(), warnings::add))
            .toList();
    this.idle = sources.stream().<Deque<MySqlConnection>>map(source -> new ArrayDeque<>()).toList();
  }

  MySqlConnections source(int index) {
    return sources.get(index);
  }

  /** A connection that works, as far as can be told. */
  MySqlConnection borrow(int source, StageContext context) {
    MySqlConnection found;
    while ((found = poll(source)) != null) {
      // A proxy may have dropped it already while the last records were waited for.
      if (found.answers()) {
        return found;
      }
      found.abort();
    }
    MySqlConnection opened = sources.get(source).open(context.cancellation());
    makeKillable(opened);
    String warning;
    while ((warning = warnings.poll()) != null) {
      context.log().warn(warning);
    }
    return opened;
  }

  private static void makeKillable(MySqlConnection opened) {
    boolean open = false;
    try {
      opened.makeKillable();
      open = true;
    } catch (SQLException e) {
      throw MySqlErrors.translate(e, MySqlErrors.Doing.CONNECTING, "the new connection was lost");
    } finally {
      if (!open) {
        opened.abort();
      }
    }
  }

  private synchronized MySqlConnection poll(int source) {
    return idle.get(source).pollLast();
  }

  /** Cuts a connection in the middle of what it does, and has the server end that. */
  void abandon(int source, MySqlConnection connection) {
    sources.get(source).abandon(connection);
  }

  /** Takes a connection back that can be used again. */
  void giveBack(int source, MySqlConnection connection) {
    synchronized (this) {
      if (!closed) {
        idle.get(source).addLast(connection);
        return;
      }
    }
    connection.close();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    for (int source = 0; source < idle.size(); source++) {
      MySqlConnection found;
      while ((found = poll(source)) != null) {
        found.close();
      }
    }
  }
}
