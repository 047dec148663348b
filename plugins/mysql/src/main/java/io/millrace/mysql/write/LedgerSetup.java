package io.millrace.mysql.write;

import io.millrace.api.Sensitive;
import io.millrace.jdbc.Identifiers;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.type.TableName;
import java.sql.SQLException;

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

  /** Uses the ledger that is there, or creates it beside the target. */
  static Result prepare(MySqlConnection connection, TableName target, String name)
      throws SQLException {
    TableName ledger = new TableName(target.database(), name);
    String quoted = Identifiers.BACKTICK.quote(ledger.database(), ledger.name());
    try {
      if (!Shadow.exists(connection, ledger)) {
        connection.execute(Ledger.createSql(quoted));
      }
      // Whether it can be written is asked with what changes nothing.
      connection.execute("DELETE FROM " + quoted + " WHERE instance = ''");
      connection.execute(
          "INSERT INTO "
              + quoted
              + " (instance, generation, entry, epoch) SELECT '', 0, '', 0 FROM "
              + quoted
              + " WHERE instance = ''");
      connection.execute("UPDATE " + quoted + " SET epoch = epoch WHERE instance = ''");
    } catch (SQLException e) {
      if (ServerErrors.isDenied(e)) {
        return new Result(
            false,
            "the account may not create or write the ledger table "
                + ledger
                + " ("
                + Sensitive.message(e)
                + "); grant CREATE, SELECT, INSERT, UPDATE and DELETE on it");
      }
      throw e;
    }
    return Engines.isTransactional(Engines.of(connection, ledger))
        ? new Result(true, "")
        : new Result(
            false, "the ledger table " + ledger + " is not an InnoDB table; drop it or convert it");
  }
}
