package io.millrace.mysql.write;

import io.millrace.api.Cancellation;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.connect.MySqlConnections;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One open session per channel, kept from one split to the next, and the connections on which it is
 * unknown what the server did. Safe for use by several threads.
 */
final class ChannelSessions {

  private final MySqlConnections connections;
  private final Map<Integer, WriteSession> idle = new ConcurrentHashMap<>();
  private final Map<Long, Integer> doubtful = new ConcurrentHashMap<>();
  private final AtomicBoolean loadRefused = new AtomicBoolean();

  ChannelSessions(MySqlConnections connections) {
    this.connections = connections;
  }

  /** The session that a channel left, if any. */
  Optional<WriteSession> takeIdle(int channel) {
    return Optional.ofNullable(idle.remove(channel));
  }

  /** A new connection; nothing is set up on it but the session of the user. */
  MySqlConnection connect(Cancellation cancellation) {
    return connections.open(cancellation);
  }

  /** Keeps a session whose transaction has ended. */
  void keep(int channel, WriteSession session) {
    WriteSession other = idle.put(channel, session);
    if (other != null) {
      other.close();
    }
  }

  /** Remembers a connection on which a commit was sent and not answered. */
  void doubt(int channel, long connectionId) {
    doubtful.put(connectionId, channel);
  }

  /** Ends those connections; afterwards what the ledger says stays so. */
  void endDoubtful(MySqlConnection connection, AttemptLocks locks, Cancellation cancellation)
      throws SQLException {
    for (Map.Entry<Long, Integer> entry : doubtful.entrySet()) {
      locks.end(connection, entry.getValue(), entry.getKey(), cancellation);
      doubtful.remove(entry.getKey());
    }
  }

  /** False once the server has refused {@code LOAD DATA LOCAL}. */
  boolean mayLoad() {
    return !loadRefused.get();
  }

  /** True the first time. */
  boolean refuseLoad() {
    return loadRefused.compareAndSet(false, true);
  }

  void closeIdle() {
    for (Integer channel : idle.keySet()) {
      takeIdle(channel).ifPresent(WriteSession::close);
    }
  }
}
