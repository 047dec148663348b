package io.millrace.mysql.write;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.mysql.connect.MySqlConnection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The user locks that an instance's connections hold while they live, so that an attempt that takes
 * over can find the connections of earlier ones in the server itself and end them. What was sent on
 * them has then either happened or never will.
 */
final class AttemptLocks {

  /** The channel of the connection that prepares and publishes. */
  static final int STAGE = -1;

  private static final Logger LOG = LoggerFactory.getLogger(AttemptLocks.class);
  private static final int MOST_CHANNELS = 64;
  private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long PAUSE_MILLIS = 20;
  private static final int UNKNOWN_CONNECTION = 1094;

  private final String prefix;

  AttemptLocks(String instance) {
    // At most 64 characters, which the server allows.
    this.prefix = "millrace:" + hash(instance) + ":";
  }

  /** Twenty hexadecimal digits that stand for a text. */
  static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 10);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private String name(int channel) {
    return prefix + (channel == STAGE ? "stage" : channel);
  }

  /**
   * Takes a channel's lock. The caller knows that its attempt is the newest: a connection that
   * holds the lock is left over and is ended.
   */
  void acquire(MySqlConnection connection, int channel, Cancellation cancellation)
      throws SQLException {
    long deadline = System.nanoTime() + WAIT_NANOS;
    while (true) {
      Long got = number(connection, "SELECT GET_LOCK('" + name(channel) + "', 0)");
      if (got != null && got == 1) {
        return;
      }
      if (got == null) {
        throw new SQLException("the server refuses user locks (GET_LOCK)");
      }
      Long holder = number(connection, "SELECT IS_USED_LOCK('" + name(channel) + "')");
      if (holder != null) {
        kill(connection, holder);
      }
      pause(deadline, holder == null ? Set.of() : Set.of(holder), cancellation);
    }
  }

  /** Ends every other connection of the instance and waits until the server is rid of them. */
  void evictAll(MySqlConnection connection, Cancellation cancellation) throws SQLException {
    evict(connection, all(), cancellation);
  }

  /**
   * Takes the stage's lock when no connection of the instance lives, so that an attempt that begins
   * meanwhile finds this connection and ends it.
   *
   * @return false when one lives, or when the server has no such locks and so nobody can tell
   */
  boolean acquireIdle(MySqlConnection connection) throws SQLException {
    Long got = number(connection, "SELECT GET_LOCK('" + name(STAGE) + "', 0)");
    if (got == null || got != 1) {
      return false;
    }
    Set<Long> others = holders(connection, all());
    others.remove(connection.server().connectionId());
    if (others.isEmpty()) {
      return true;
    }
    release(connection);
    return false;
  }

  /** Gives the stage's lock back. */
  void release(MySqlConnection connection) {
    try {
      number(connection, "SELECT RELEASE_LOCK('" + name(STAGE) + "')");
    } catch (SQLException e) {
      // The connection is gone, and its locks with it.
      LOG.debug("a lock could not be released", e);
    }
  }

  private static List<Integer> all() {
    List<Integer> channels = new ArrayList<>();
    channels.add(STAGE);
    for (int channel = 0; channel < MOST_CHANNELS; channel++) {
      channels.add(channel);
    }
    return channels;
  }

  private void evict(MySqlConnection connection, List<Integer> channels, Cancellation cancellation)
      throws SQLException {
    long deadline = System.nanoTime() + WAIT_NANOS;
    Set<Long> killed = new TreeSet<>();
    while (true) {
      Set<Long> holders = holders(connection, channels);
      holders.remove(connection.server().connectionId());
      if (holders.isEmpty()) {
        return;
      }
      for (long holder : holders) {
        if (killed.add(holder)) {
          LOG.info("ending connection {} of an earlier attempt", holder);
          kill(connection, holder);
        }
      }
      pause(deadline, holders, cancellation);
    }
  }

  /**
   * Ends one connection of this attempt whose fate is unknown, and waits for it.
   *
   * @param channel the channel whose lock it held
   */
  void end(MySqlConnection connection, int channel, long connectionId, Cancellation cancellation)
      throws SQLException {
    long deadline = System.nanoTime() + WAIT_NANOS;
    boolean killed = false;
    while (holders(connection, List.of(channel)).contains(connectionId)) {
      if (!killed) {
        kill(connection, connectionId);
        killed = true;
      }
      pause(deadline, Set.of(connectionId), cancellation);
    }
  }

  private Set<Long> holders(MySqlConnection connection, List<Integer> channels)
      throws SQLException {
    StringBuilder sql = new StringBuilder("SELECT ");
    for (int i = 0; i < channels.size(); i++) {
      sql.append(i == 0 ? "" : ",")
          .append("IS_USED_LOCK('")
          .append(name(channels.get(i)))
          .append("')");
    }
    Set<Long> holders = new TreeSet<>();
    try (Statement statement = connection.statement();
        ResultSet row = statement.executeQuery(sql.toString())) {
      row.next();
      for (int i = 1; i <= channels.size(); i++) {
        long holder = row.getLong(i);
        if (!row.wasNull()) {
          holders.add(holder);
        }
      }
    }
    return holders;
  }

  private static void kill(MySqlConnection connection, long id) throws SQLException {
    try {
      connection.execute("KILL " + id);
    } catch (SQLException e) {
      if (e.getErrorCode() != UNKNOWN_CONNECTION) {
        // Another account's: it is waited for, and the wait has an end.
        LOG.warn("cannot end connection {}: {}", id, e.getMessage());
      }
    }
  }

  private void pause(long deadline, Set<Long> holders, Cancellation cancellation) {
    cancellation.throwIfCancelled();
    if (System.nanoTime() > deadline) {
      throw new MillraceException(
          StandardError.WRITE,
          "connection "
              + holders
              + " of an earlier attempt is still there after 30 s; end it with KILL, or wait for"
              + " the server to finish its rollback, and run the task again");
    }
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MillraceException(StandardError.CANCELLED, "interrupted while waiting", e);
    }
  }

  private static @org.jspecify.annotations.Nullable Long number(
      MySqlConnection connection, String sql) throws SQLException {
    try (Statement statement = connection.statement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      long value = row.getLong(1);
      return row.wasNull() ? null : value;
    }
  }
}
