package io.millrace.mysql;

import io.millrace.testkit.server.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for what a server says of the connections to a database of tests. */
public final class Waiting {

  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final int PAUSE_MILLIS = 10;

  /** InnoDB tells what it told before until nobody has asked it for 100 ms. */
  private static final int PAUSE_OF_INNODB_MILLIS = 120;

  private final TestServer server;
  private final String database;

  public Waiting(TestServer server, String database) {
    this.server = server;
    this.database = database;
  }

  /** Waits until a statement waits for a row that somebody else has locked. */
  public void untilALockIsWaitedFor() throws Exception {
    until(
        "a statement waits for a lock",
        PAUSE_OF_INNODB_MILLIS,
        () ->
            connections(
                    "ID IN (SELECT trx_mysql_thread_id FROM information_schema.INNODB_TRX"
                        + " WHERE trx_state = 'LOCK WAIT')")
                > 0);
  }

  /** Waits until a statement sleeps. */
  public void untilAStatementSleeps() throws Exception {
    until("a statement sleeps", PAUSE_MILLIS, () -> connections("STATE = 'User sleep'") > 0);
  }

  /** Waits until no statement runs any more. */
  public void untilNothingRuns() throws Exception {
    until("nothing runs", PAUSE_MILLIS, () -> connections("INFO IS NOT NULL") == 0);
  }

  /** Waits until every connection to the database has ended, and with it what it was told to do. */
  public void untilNobodyIsConnected() throws Exception {
    until("nobody is connected", PAUSE_MILLIS, () -> connections("TRUE") == 0);
  }

  /** Waits until something is so. */
  public static void until(String what, Callable<Boolean> condition) throws Exception {
    until(what, PAUSE_MILLIS, condition);
  }

  private static void until(String what, int pauseMillis, Callable<Boolean> condition)
      throws Exception {
    long end = System.nanoTime() + LONGEST_NANOS;
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not come about that " + what);
      }
      Thread.sleep(pauseMillis);
    }
  }

  private long connections(String condition) throws SQLException {
    // Of no database, so that it does not see itself.
    try (Connection connection = server.connect("");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = '"
                    + database
                    + "' AND "
                    + condition)) {
      row.next();
      return row.getLong(1);
    }
  }
}
