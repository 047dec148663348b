package io.millrace.mysql.connect;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Millrace sets in sessions of its own, why, and what happens where a server refuses it: some
 * want a privilege for what others let anybody set. A setting without which rows are still right
 * fails no task.
 *
 * <p>The zone of a session and {@code sql_select_limit}, by which no result is cut, are needed and
 * set by {@link MySqlConnections}; {@code timestamp} by the planning of splits, which says what
 * becomes of now() without it; {@code sql_mode} around the making of a shadow table, where it is
 * needed as well.
 */
public enum SessionSetting {

  /**
   * Mode, zone, character sets, notes and autocommit of a session that writes: by them a value is
   * stored as it was read or told to be none, so they are needed.
   */
  WRITE_VALUES(true),

  /**
   * {@code max_error_count}: how many warnings of a statement the server keeps. Where it is
   * refused, as by MySQL 9.7 to ordinary accounts, the server's own number serves, unless that is 0
   * and nothing could be asked for.
   */
  KEPT_WARNINGS(false),

  /**
   * READ COMMITTED of a session that writes: channels wait for each other less. Without it they
   * wait, and deadlocks are tried again.
   */
  FEWER_LOCKS(false),

  /** REPEATABLE READ of a session that reads: one statement sees one state, so it is needed. */
  ONE_STATE(true),

  /** The mode of a session that reads: no text is filled up with spaces. */
  PLAIN_CHARS(true),

  /**
   * {@code net_write_timeout}: how long the server waits for a reader that is slow. Without it a
   * connection may be lost where the writer is slower than that, and the split is tried again.
   */
  PATIENCE(false),

  /**
   * {@code information_schema_stats_expiry}: how old the size of a table may be. Without it splits
   * may be cut by yesterday's size, which makes them uneven and not wrong.
   */
  FRESH_STATISTICS(false);

  private static final Logger LOG = LoggerFactory.getLogger(SessionSetting.class);

  /** No privilege, unknown, not to be set, or of the whole server only. */
  private static final Set<Integer> REFUSALS = Set.of(1227, 1193, 1238, 1229, 1621);

  private final boolean needed;

  SessionSetting(boolean needed) {
    this.needed = needed;
  }

  /** True when rows could be wrong without it, so that a refusal is an error. */
  public boolean isNeeded() {
    return needed;
  }

  /**
   * Sets it.
   *
   * @return false when the server refuses it and rows are right all the same
   * @throws SQLException when it is refused and needed, or the statement fails otherwise
   */
  public boolean set(Statement statement, String sql) throws SQLException {
    try {
      statement.execute(sql);
      return true;
    } catch (SQLException e) {
      if (needed || !REFUSALS.contains(e.getErrorCode())) {
        throw e;
      }
      LOG.debug("refused and left out: {}: {}", sql, e.getMessage());
      return false;
    }
  }
}
