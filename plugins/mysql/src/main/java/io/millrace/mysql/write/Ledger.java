package io.millrace.mysql.write;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.mysql.connect.MySqlConnection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one instance has in the ledger: a row for each committed split, for each statement of the
 * user that ran, one whose epoch says which attempt may commit, and one that says whose it is. A
 * split's row is inserted at the beginning of its transaction and commits with its records, so that
 * both are there or neither.
 *
 * @param table the quoted table
 * @param instance the instance, of letters, digits and dashes
 * @param generation rises each time the instance is started anew
 */
record Ledger(String table, String instance, int generation) {

  private static final String EPOCH = "#epoch";

  /** Its epoch is the time of the last claim in milliseconds, its seal the owner. */
  private static final String TASK = "#task";

  /** Entries that are removed by one statement. */
  private static final int AT_ONCE = 500;

  /** Creates the table where it is not there. The columns are never changed once released. */
  static String createSql(String table) {
    return "CREATE TABLE IF NOT EXISTS "
        + table
        + " (instance VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,"
        + " generation INT NOT NULL,"
        + " entry VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,"
        + " epoch BIGINT NOT NULL,"
        + " records_read BIGINT NOT NULL DEFAULT 0,"
        + " records_written BIGINT NOT NULL DEFAULT 0,"
        + " records_dirty BIGINT NOT NULL DEFAULT 0,"
        + " bytes_read BIGINT NOT NULL DEFAULT 0,"
        + " dirty_seal VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',"
        + " PRIMARY KEY (instance, generation, entry)"
        + ") ENGINE=InnoDB COMMENT='Millrace: which splits are committed; keep while tasks run'";
  }

  private String here() {
    return " WHERE instance = '" + instance + "' AND generation = " + generation;
  }

  private String key(String entry) {
    return here() + " AND entry = '" + entry + "'";
  }

  private static void run(MySqlConnection connection, String sql) throws SQLException {
    connection.execute(sql);
  }

  /**
   * The instances of an owner that no attempt has claimed since a moment.
   *
   * @param before in milliseconds since 1970
   */
  static List<Ledger> left(MySqlConnection connection, String table, String owner, long before)
      throws SQLException {
    List<Ledger> left = new ArrayList<>();
    try (Statement statement = connection.statement();
        ResultSet row =
            statement.executeQuery(
                "SELECT instance, MAX(generation) FROM "
                    + table
                    + " WHERE entry = '"
                    + TASK
                    + "' AND dirty_seal = "
                    + Literals.text(owner)
                    + " GROUP BY instance HAVING MAX(epoch) < "
                    + before)) {
      while (row.next()) {
        left.add(new Ledger(table, row.getString(1), row.getInt(2)));
      }
    }
    return left;
  }

  /**
   * Notes whose the instance is, and since when. Comes before anything else of it, so that whatever
   * is left of it can be found.
   */
  void own(MySqlConnection connection, String owner, long millis) throws SQLException {
    run(
        connection,
        "INSERT INTO "
            + table
            + " (instance, generation, entry, epoch, dirty_seal) VALUES ('"
            + instance
            + "', "
            + generation
            + ", '"
            + TASK
            + "', "
            + millis
            + ", "
            + Literals.text(owner)
            + ") ON DUPLICATE KEY UPDATE epoch = VALUES(epoch), dirty_seal = VALUES(dirty_seal)");
  }

  /**
   * Makes an attempt the newest of an instance that an earlier one has prepared.
   *
   * @throws MillraceException with {@link StandardError#FENCED} when a newer one is there, or the
   *     instance is not in the ledger any more: what it had committed is then not known, and would
   *     be written again
   */
  void takeOver(MySqlConnection connection, long epoch) throws SQLException {
    run(connection, "UPDATE " + table + " SET epoch = GREATEST(epoch, " + epoch + ")" + key(EPOCH));
    requireNewest(connection, epoch, "");
  }

  /** From here on no attempt of the instance can commit, or take it over. */
  void shut(MySqlConnection connection) throws SQLException {
    run(
        connection,
        "DELETE FROM "
            + table
            + " WHERE instance = '"
            + instance
            + "' AND generation <= "
            + generation
            + " AND entry = '"
            + EPOCH
            + "'");
  }

  /**
   * Makes an attempt the newest.
   *
   * @throws MillraceException with {@link StandardError#FENCED} when a newer one is there
   */
  void raise(MySqlConnection connection, long epoch) throws SQLException {
    run(
        connection,
        "INSERT INTO "
            + table
            + " (instance, generation, entry, epoch) VALUES ('"
            + instance
            + "', "
            + generation
            + ", '"
            + EPOCH
            + "', "
            + epoch
            + ") ON DUPLICATE KEY UPDATE epoch = GREATEST(epoch, "
            + epoch
            + ")");
    requireNewest(connection, epoch, "");
    // An instance that starts anew leaves nothing that a writer of before could commit with.
    run(
        connection,
        "DELETE FROM "
            + table
            + " WHERE instance = '"
            + instance
            + "' AND generation < "
            + generation);
  }

  /**
   * Locks the epoch until the transaction ends, so that whoever takes over waits for it, and checks
   * it.
   *
   * @throws MillraceException with {@link StandardError#FENCED} when a newer attempt is there
   */
  void lockEpoch(MySqlConnection connection, long epoch) throws SQLException {
    requireNewest(connection, epoch, " LOCK IN SHARE MODE");
  }

  /** Checks the epoch without a lock. */
  void checkEpoch(MySqlConnection connection, long epoch) throws SQLException {
    requireNewest(connection, epoch, "");
  }

  private void requireNewest(MySqlConnection connection, long epoch, String lock)
      throws SQLException {
    long newest;
    try (Statement statement = connection.statement();
        ResultSet row = statement.executeQuery("SELECT epoch FROM " + table + key(EPOCH) + lock)) {
      if (!row.next()) {
        throw new MillraceException(
            StandardError.FENCED,
            "instance "
                + instance
                + " is not in the ledger "
                + table
                + " any more: its output was given up or finished elsewhere; see what of it stands"
                + " in the target, then start it anew");
      }
      newest = row.getLong(1);
    }
    if (newest != epoch) {
      throw new MillraceException(
          StandardError.FENCED,
          "instance "
              + instance
              + " was taken over by attempt epoch "
              + newest
              + "; this attempt (epoch "
              + epoch
              + ") may not write any more");
    }
  }

  /**
   * Inserts an entry into the running transaction.
   *
   * @throws SQLException with error 1062 when it is there already
   */
  void claim(MySqlConnection connection, String entry, long epoch) throws SQLException {
    run(
        connection,
        "INSERT INTO "
            + table
            + " (instance, generation, entry, epoch) VALUES ('"
            + instance
            + "', "
            + generation
            + ", '"
            + entry
            + "', "
            + epoch
            + ")");
  }

  /** Adds to a claimed split's row what is kept with its commit. */
  void seal(MySqlConnection connection, String split, SplitTally tally) throws SQLException {
    try (Statement statement = connection.statement()) {
      int changed =
          statement.executeUpdate(
              "UPDATE "
                  + table
                  + " SET records_read = "
                  + tally.read()
                  + ", records_written = "
                  + tally.written()
                  + ", records_dirty = "
                  + tally.dirty()
                  + ", bytes_read = "
                  + tally.bytes()
                  + ", dirty_seal = "
                  + Literals.text(tally.dirtySeal())
                  + key(split));
      if (changed != 1) {
        throw new MillraceException(
            StandardError.FENCED,
            "split "
                + split
                + " has lost its row in the ledger "
                + table
                + "; it is not committed");
      }
    }
  }

  /** True when an entry is there. */
  boolean has(MySqlConnection connection, String entry) throws SQLException {
    try (Statement statement = connection.statement();
        ResultSet row = statement.executeQuery("SELECT 1 FROM " + table + key(entry))) {
      return row.next();
    }
  }

  /**
   * Checks that the ledger still has what stage 1 entered. A server that crashed, or was replaced
   * by a copy that lags, may have lost it, and then what stage 1 did may be gone as well.
   *
   * @param steps the entries of the steps of stage 1
   * @throws MillraceException with {@link StandardError#WRITE_REFUSED} that names what is missing
   */
  void requireStageOne(MySqlConnection connection, List<String> steps) throws SQLException {
    Set<String> missing = new TreeSet<>(steps);
    missing.add(EPOCH);
    missing.add(TASK);
    try (Statement statement = connection.statement();
        ResultSet row =
            statement.executeQuery(
                "SELECT entry FROM " + table + here() + " AND entry LIKE '#%'")) {
      while (row.next()) {
        missing.remove(row.getString(1));
      }
    }
    if (!missing.isEmpty()) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          "the ledger "
              + table
              + " does not have "
              + String.join(", ", missing)
              + " of instance "
              + instance
              + " any more: the server lost what it had acknowledged (a crash, a fail-over), or the"
              + " instance was given up; what stage 1 did may be gone too, so run the task from"
              + " scratch");
    }
  }

  /** The committed splits by their id. */
  Map<String, SplitCommit> commits(MySqlConnection connection) throws SQLException {
    Map<String, SplitCommit> commits = new LinkedHashMap<>();
    try (Statement statement = connection.statement();
        ResultSet row =
            statement.executeQuery(
                "SELECT entry, records_read, records_written, records_dirty, bytes_read,"
                    + " dirty_seal FROM "
                    + table
                    + here()
                    + " AND entry NOT LIKE '#%' ORDER BY entry")) {
      while (row.next()) {
        String split = row.getString(1);
        SplitTally tally =
            new SplitTally(
                row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getString(6));
        commits.put(split, new SplitCommit(split, tally));
      }
    }
    return commits;
  }

  /**
   * Removes the instance's entries, those of earlier generations included. Each by its whole key: a
   * range would also lock the row behind it, which another task's transaction may hold for long.
   */
  void forget(MySqlConnection connection) throws SQLException {
    for (int each = 1; each <= generation; each++) {
      List<String> entries = new ArrayList<>();
      try (Statement statement = connection.statement();
          ResultSet row =
              statement.executeQuery(
                  "SELECT entry FROM "
                      + table
                      + " WHERE instance = '"
                      + instance
                      + "' AND generation = "
                      + each)) {
        while (row.next()) {
          entries.add(Literals.text(row.getString(1)));
        }
      }
      for (int from = 0; from < entries.size(); from += AT_ONCE) {
        run(
            connection,
            "DELETE FROM "
                + table
                + " WHERE instance = '"
                + instance
                + "' AND generation = "
                + each
                + " AND entry IN ("
                + String.join(", ", entries.subList(from, Math.min(entries.size(), from + AT_ONCE)))
                + ")");
      }
    }
  }
}
