package io.millrace.mysql.write;

import io.millrace.api.Sensitive;
import io.millrace.jdbc.Identifiers;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.type.TableName;
import java.sql.SQLException;
import java.util.List;

/** Sees to it that the ledger is there and can be used. */
final class LedgerSetup {

  private LedgerSetup() {}

  /**
   * What became of it.
   *
   * @param usable true when splits can be counted exactly once
   * @param reason why not; empty when usable
   */
  record Result(boolean usable, String reason) {}

  private static final int DUPLICATE_COLUMN = 1060;
  private static final int NO_SUCH_TABLE = 1146;

  /** Uses the ledger that is there, or creates it beside the target. */
  static Result prepare(MySqlConnection connection, TableName target, String name)
      throws SQLException {
    TableName ledger = new TableName(target.database(), name);
    try {
      if (!Shadow.exists(connection, ledger)) {
        connection.execute(Ledger.createSql(quoted(ledger)));
      }
      write(connection, ledger);
    } catch (SQLException e) {
      return denied(ledger, e);
    }
    return found(connection, ledger);
  }

  /** Whether {@link #prepare} would succeed; changes nothing. */
  static Result look(MySqlConnection connection, TableName target, String name)
      throws SQLException {
    TableName ledger = new TableName(target.database(), name);
    try {
      if (Shadow.exists(connection, ledger)) {
        write(connection, ledger);
        return found(connection, ledger);
      }
      expect(
          DUPLICATE_COLUMN,
          // A server looks for the right first, and then at the columns.
          () -> connection.execute("CREATE TABLE " + quoted(ledger) + " (entry INT, entry INT)"));
      for (String sql : writing(ledger)) {
        expect(NO_SUCH_TABLE, () -> connection.execute(sql));
      }
      return new Result(true, "");
    } catch (SQLException e) {
      return denied(ledger, e);
    }
  }

  private interface Action {
    void run() throws SQLException;
  }

  private static void expect(int code, Action action) throws SQLException {
    try {
      action.run();
    } catch (SQLException e) {
      if (e.getErrorCode() != code) {
        throw e;
      }
    }
  }

  private static void write(MySqlConnection connection, TableName ledger) throws SQLException {
    for (String sql : writing(ledger)) {
      connection.execute(sql);
    }
  }

  /** Whether it can be written is asked with what changes nothing. */
  private static List<String> writing(TableName ledger) {
    String quoted = quoted(ledger);
    return List.of(
        "DELETE FROM " + quoted + " WHERE instance = ''",
        "INSERT INTO "
            + quoted
            + " (instance, generation, entry, epoch) SELECT '', 0, '', 0 FROM "
            + quoted
            + " WHERE instance = ''",
        "UPDATE " + quoted + " SET epoch = epoch WHERE instance = ''");
  }

  private static Result found(MySqlConnection connection, TableName ledger) throws SQLException {
    return Engines.isTransactional(Engines.of(connection, ledger))
        ? new Result(true, "")
        : new Result(
            false, "the ledger table " + ledger + " is not an InnoDB table; drop it or convert it");
  }

  private static Result denied(TableName ledger, SQLException e) throws SQLException {
    if (!ServerErrors.isDenied(e)) {
      throw e;
    }
    return new Result(
        false,
        "the account may not create or write the ledger table "
            + ledger
            + " ("
            + Sensitive.message(e)
            + "); grant CREATE, SELECT, INSERT, UPDATE and DELETE on it");
  }

  private static String quoted(TableName ledger) {
    return Identifiers.BACKTICK.quote(ledger.database(), ledger.name());
  }
}
