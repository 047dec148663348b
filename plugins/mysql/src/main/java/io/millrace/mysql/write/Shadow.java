package io.millrace.mysql.write;

import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.type.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The shadow table of one instance and how it is published. Every step can be told from what tables
 * are there and what the ledger says, so that an interrupted one is finished.
 */
final class Shadow {

  /** The entry of its creation in the ledger. */
  static final String CREATED = "#shadow";

  private static final String PUBLISHED = "#publish";

  private final Prepared prepared;
  private final StageSession session;
  private final @Nullable Ledger ledger;

  Shadow(Prepared prepared, StageSession session) {
    this.prepared = prepared;
    this.session = session;
    this.ledger = prepared.ledger();
  }

  /** Creates the shadow table anew, unless this instance has done so. */
  void create() {
    TableName shadow = prepared.shadow();
    session.once(
        ledger,
        prepared.epoch(),
        CREATED,
        "cannot create the shadow table " + shadow,
        open -> {
          if (exists(open, prepared.aside())) {
            throw new MillraceException(
                StandardError.WRITE_REFUSED,
                "table "
                    + prepared.aside()
                    + " is left over from an interrupted swap; compare it with "
                    + prepared.target()
                    + " and drop or rename it");
          }
          session.ownSql(open, "DROP TABLE IF EXISTS " + shadow.quoted());
          session.ownSql(
              open, "CREATE TABLE " + shadow.quoted() + " LIKE " + prepared.target().quoted());
        });
  }

  /** How many rows a table has. The server reads its smallest index for it. */
  static long rows(MySqlConnection open, TableName table) throws SQLException {
    try (java.sql.Statement statement = open.statement();
        ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + table.quoted())) {
      row.next();
      return row.getLong(1);
    }
  }

  /**
   * Puts the shadow in the target's place; finishes what was interrupted.
   *
   * @param check throws when the shadow must not be published
   */
  void swap(StageSession.Action check) {
    TableName target = prepared.target();
    TableName shadow = prepared.shadow();
    TableName aside = prepared.aside();
    String what = "cannot swap " + shadow + " for " + target;
    session.run(
        what,
        open -> {
          checkEpoch(open);
          boolean published = ledger != null && ledger.has(open, PUBLISHED);
          boolean shadowThere = exists(open, shadow);
          boolean asideThere = exists(open, aside);
          if (!published && shadowThere) {
            if (asideThere) {
              throw unclear(aside, "and the shadow table is there as well");
            }
            check.run(open);
            session.ownSql(
                open,
                "RENAME TABLE "
                    + target.quoted()
                    + " TO "
                    + aside.quoted()
                    + ", "
                    + shadow.quoted()
                    + " TO "
                    + target.quoted());
            asideThere = true;
          } else if (!published && !asideThere && ledger != null) {
            throw unclear(shadow, "is missing although nothing was published");
          }
          if (!published && ledger != null) {
            ledger.claim(open, PUBLISHED, prepared.epoch());
          }
          if (asideThere) {
            session.ownSql(open, "DROP TABLE IF EXISTS " + aside.quoted());
          }
        });
  }

  /**
   * Moves the shadow's records into the target in one transaction; finishes what was interrupted.
   *
   * @param move the statement
   * @param moved is given the number of records that the server moved; throws when it is not right
   * @param check throws when what was moved must not stay
   */
  void append(String move, LongConsumer moved, StageSession.Action check, StageContext context) {
    TableName shadow = prepared.shadow();
    String what = "cannot append " + shadow + " to " + prepared.target() + ", which is unchanged";
    boolean done =
        session.once(
            ledger,
            prepared.epoch(),
            PUBLISHED,
            what,
            open -> {
              if (!exists(open, shadow)) {
                throw unclear(shadow, "is missing although nothing was published");
              }
              strictly(open, () -> moved.accept(session.ownSql(open, move)));
              check.run(open);
            });
    if (!done) {
      context.log().info("the records were already appended");
    }
    session.run(
        "cannot drop the shadow table " + shadow,
        open -> session.ownSql(open, "DROP TABLE IF EXISTS " + shadow.quoted()));
  }

  private interface Statement {
    void run() throws SQLException;
  }

  /** The user's sql_mode might refuse zero dates or change zeros on their way. */
  private static void strictly(MySqlConnection open, Statement statement) throws SQLException {
    open.execute(
        "SET @millrace_mode=@@SESSION.sql_mode, SESSION sql_mode='" + WriteSession.SQL_MODE + "'");
    statement.run();
    open.execute("SET SESSION sql_mode=@millrace_mode");
  }

  private static MillraceException unclear(TableName table, String why) {
    return new MillraceException(
        StandardError.WRITE_REFUSED,
        "cannot publish: table "
            + table
            + " "
            + why
            + "; someone else changed it. Start the instance anew");
  }

  /** Removes what was not published; a swap that has happened is finished. */
  void discard() {
    session.run(
        "cannot remove the shadow table " + prepared.shadow(),
        open -> {
          session.ownSql(open, "DROP TABLE IF EXISTS " + prepared.shadow().quoted());
          if (prepared.publish() == PublishMode.SWAP && exists(open, prepared.target())) {
            session.ownSql(open, "DROP TABLE IF EXISTS " + prepared.aside().quoted());
          }
        });
  }

  /** True when it or the table that was put aside for it is there. */
  boolean isThere() {
    return session.call(
        "cannot look for the shadow table " + prepared.shadow(),
        open -> exists(open, prepared.shadow()) || exists(open, prepared.aside()));
  }

  /** The same where something is there. */
  void sweep() {
    if (isThere()) {
      discard();
    }
  }

  @Override
  public String toString() {
    return prepared.shadow().toString();
  }

  private void checkEpoch(MySqlConnection open) throws SQLException {
    if (ledger != null) {
      ledger.checkEpoch(open, prepared.epoch());
    }
  }

  static boolean exists(MySqlConnection open, TableName table) throws SQLException {
    try (PreparedStatement statement =
        open.jdbc()
            .prepareStatement(
                "SELECT 1 FROM information_schema.TABLES"
                    + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?")) {
      statement.setString(1, table.database());
      statement.setString(2, table.name());
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }
}
