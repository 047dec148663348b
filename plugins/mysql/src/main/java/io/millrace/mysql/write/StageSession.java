package io.millrace.mysql.write;

import com.mysql.cj.jdbc.JdbcStatement;
import io.millrace.api.Cancellation;
import io.millrace.api.Counted;
import io.millrace.api.Sensitive;
import io.millrace.api.StageContext;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.connect.MySqlConnections;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one call of stage 1 or 4: it prepares, publishes and runs the user's own SQL,
 * in the task's time zone and with the server's own sql_mode. Used by one thread.
 */
final class StageSession implements AutoCloseable {

  private final MySqlConnection connection;
  private final StageContext context;
  private final Cancellation.Registration registration;

  private StageSession(MySqlConnection connection, StageContext context) {
    this.connection = connection;
    this.context = context;
    this.registration = connection.abortOn(context.cancellation());
  }

  static StageSession open(MySqlConnections connections, StageContext context) {
    return new StageSession(connections.open(context.cancellation()), context);
  }

  MySqlConnection connection() {
    return connection;
  }

  /** What is done with a connection. */
  @FunctionalInterface
  interface Work<T> {
    T run(MySqlConnection connection) throws SQLException;
  }

  /** Does something and puts a database error in Millrace's terms. */
  <T> T call(String what, Work<T> work) {
    try {
      return work.run(connection);
    } catch (SQLException e) {
      context.cancellation().throwIfCancelled();
      throw ServerErrors.translate(e, what);
    }
  }

  /** What is done with a connection, without a result. */
  @FunctionalInterface
  interface Action {
    void run(MySqlConnection connection) throws SQLException;
  }

  /** Does something and puts a database error in Millrace's terms. */
  void run(String what, Action action) {
    call(
        what,
        open -> {
          action.run(open);
          return "";
        });
  }

  /**
   * Does something that the ledger does not know to be done, and enters it, in one transaction
   * where it is not DDL. A statement of DDL commits by itself: a crash just behind it repeats it.
   *
   * @param ledger null where there is none: then it is always done
   * @return false when it had been done before
   */
  boolean once(@Nullable Ledger ledger, long epoch, String entry, String what, Action action) {
    if (ledger == null) {
      run(what, action);
      return true;
    }
    return call(
        what,
        open -> {
          open.execute("START TRANSACTION");
          boolean finished = false;
          try {
            ledger.lockEpoch(open, epoch);
            if (ledger.has(open, entry)) {
              return false;
            }
            action.run(open);
            ledger.claim(open, entry, epoch);
            open.execute("COMMIT");
            finished = true;
            return true;
          } finally {
            if (!finished) {
              rollback(open);
            }
          }
        });
  }

  private static void rollback(MySqlConnection open) {
    try {
      open.execute("ROLLBACK");
    } catch (SQLException e) {
      // The connection is gone, and with it the transaction.
      open.abort();
    }
  }

  /**
   * Runs a statement of the user and writes it with its duration to the stage's log.
   *
   * @return the records the server says it processed, or the rows it changed where it does not say;
   *     -1 after a query
   */
  long userSql(MySqlConnection open, String name, String sql) throws SQLException {
    long start = System.nanoTime();
    long rows;
    long records = -1;
    try (Statement statement = open.statement()) {
      rows = statement.execute(sql) ? -1 : statement.getLargeUpdateCount();
      if (rows >= 0) {
        String info = statement.unwrap(JdbcStatement.class).getResultSetInternal().getServerInfo();
        records = Answer.of(info, 0, rows).records();
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    context
        .log()
        .info(
            String.format(
                Locale.ROOT,
                "%s took %.3f s%s: %s",
                name,
                seconds,
                rows < 0 ? "" : ", " + Counted.of(rows, "row", "rows"),
                Sensitive.mark(sql)));
    return records < 0 ? rows : records;
  }

  /** The same for a statement of our own. */
  long ownSql(MySqlConnection open, String sql) throws SQLException {
    return userSql(open, "statement", sql);
  }

  @Override
  public void close() {
    registration.close();
    connection.close();
  }
}
