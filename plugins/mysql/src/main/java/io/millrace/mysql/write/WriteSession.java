package io.millrace.mysql.write;

import com.mysql.cj.NativeSession;
import com.mysql.cj.conf.PropertyKey;
import com.mysql.cj.conf.RuntimeProperty;
import com.mysql.cj.exceptions.CJException;
import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.jdbc.JdbcStatement;
import com.mysql.cj.jdbc.StatementImpl;
import com.mysql.cj.jdbc.exceptions.SQLExceptionsMapping;
import com.mysql.cj.jdbc.result.ResultSetFactory;
import com.mysql.cj.protocol.a.NativePacketPayload;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.connect.SessionSetting;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection that writes records: its session is strict and in UTC, and every answer of the
 * server is read. Used by one thread; {@link #abort} by any.
 */
final class WriteSession implements AutoCloseable {

  /**
   * Strict for every engine; 0 in an AUTO_INCREMENT column stays 0; dates are kept as they are,
   * with or without a place in the calendar. Backslashes escape, which the encoders rely on.
   */
  static final String SQL_MODE =
      "STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION";

  private static final String ROUNDING_MODE =
      "CONCAT('"
          + SQL_MODE
          + "',IF(FIND_IN_SET('TIME_TRUNCATE_FRACTIONAL',@@SESSION.sql_mode)"
          + ",',TIME_TRUNCATE_FRACTIONAL',''),IF(FIND_IN_SET('TIME_ROUND_FRACTIONAL',"
          + "@@SESSION.sql_mode),',TIME_ROUND_FRACTIONAL',''))";

  private static final byte COM_QUERY = 3;
  private static final int UNKNOWN_VARIABLE = 1193;
  private static final int NOT_TAKEN_BACK = 1196;

  private final MySqlConnection connection;
  private final Statement statement;
  private @Nullable PreparedStatement inPieces;

  /**
   * Sets the session up; the user's own session statements have run before.
   *
   * @param mostWarnings how many warnings of a statement the server keeps, up to 65535
   * @param round true when the server may round values, by the rule for fractions of a second that
   *     the user's own sql_mode sets; it then tells only of other changes
   */
  WriteSession(MySqlConnection connection, boolean round, int mostWarnings) throws SQLException {
    this.connection = connection;
    this.statement = connection.statement();
    SessionSetting.WRITE_VALUES.set(
        statement,
        "SET SESSION sql_mode="
            + (round ? ROUNDING_MODE : "'" + SQL_MODE + "'")
            + ", time_zone='+00:00', character_set_client=utf8mb4,"
            + " character_set_results=utf8mb4, character_set_connection=utf8mb4, sql_notes="
            + (round ? 0 : 1)
            + ", autocommit=1");
    if (!SessionSetting.KEPT_WARNINGS.set(
        statement, "SET SESSION max_error_count=" + mostWarnings)) {
      requireWarnings();
    }
    if (!logsStatements()) {
      // Fewer locks between keys, so channels that write side by side seldom wait for each other.
      SessionSetting.FEWER_LOCKS.set(
          statement, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    }
  }

  /** Which values were changed, and whether a rollback was whole, is told by warnings alone. */
  private void requireWarnings() throws SQLException {
    if (number("SELECT @@max_error_count") < 1) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          "the server keeps no warnings (max_error_count is 0), and the account may not set it:"
              + " what became of values could not be known; set it to 64 or more in the server, or"
              + " grant the account SESSION_VARIABLES_ADMIN");
    }
  }

  /** A binary log of statements needs the repeatable reads that are the default. */
  private boolean logsStatements() throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT @@log_bin, @@binlog_format")) {
      row.next();
      return row.getInt(1) != 0 && "STATEMENT".equalsIgnoreCase(row.getString(2));
    } catch (SQLException e) {
      if (e.getErrorCode() == UNKNOWN_VARIABLE) {
        // A server that has no such choice any more logs rows.
        return false;
      }
      throw e;
    }
  }

  MySqlConnection connection() {
    return connection;
  }

  /** What the protocol wants before the text of a statement. */
  byte[] commandHead() throws SQLException {
    boolean attributes =
        connection
            .jdbc()
            .unwrap(JdbcConnection.class)
            .getSession()
            .getServerSession()
            .supportsQueryAttributes();
    // No query attributes, in one set.
    return attributes ? new byte[] {COM_QUERY, 0, 1} : new byte[] {COM_QUERY};
  }

  /** Runs a statement. */
  Answer execute(String sql) throws SQLException {
    statement.execute(sql);
    return answer();
  }

  /**
   * Rolls back.
   *
   * @param sql the statement that does
   * @return true when the server could not take everything back
   */
  boolean rollback(String sql) throws SQLException {
    return execute(sql).warnings() > 0
        && warnings().stream().anyMatch(warning -> warning.code() == NOT_TAKEN_BACK);
  }

  /**
   * Runs {@code LOAD DATA LOCAL INFILE} with what the stream gives as the file. Only while it runs
   * does the driver answer a server that asks for a file, and then with the stream, whatever the
   * file's name is.
   */
  Answer load(String sql, InputStream content) throws SQLException {
    JdbcStatement driver = statement.unwrap(JdbcStatement.class);
    RuntimeProperty<Boolean> allowed =
        connection
            .jdbc()
            .unwrap(JdbcConnection.class)
            .getPropertySet()
            .getBooleanProperty(PropertyKey.allowLoadLocalInfile);
    driver.setLocalInfileInputStream(content);
    allowed.setValue(true);
    try {
      statement.execute(sql);
      return answer();
    } finally {
      allowed.setValue(false);
      driver.setLocalInfileInputStream(null);
    }
  }

  /** Runs a statement that was made as bytes behind {@link #commandHead()}. */
  Answer send(ByteSink sink) throws SQLException {
    JdbcConnection jdbc = connection.jdbc().unwrap(JdbcConnection.class);
    StatementImpl driver = statement.unwrap(StatementImpl.class);
    NativeSession session = (NativeSession) jdbc.getSession();
    NativePacketPayload packet = new NativePacketPayload(sink.bytes());
    packet.setPosition(sink.size());
    try {
      var result =
          session.execSQL(
              driver, null, -1, packet, false, new ResultSetFactory(jdbc, driver), null, false);
      return Answer.of(
          result.getServerInfo(), session.getProtocol().getWarningCount(), result.getUpdateCount());
    } catch (CJException e) {
      throw SQLExceptionsMapping.translateException(e, jdbc.getExceptionInterceptor());
    }
  }

  /**
   * Runs a statement whose values are sent in pieces. It stays open until the next one, so that
   * {@link #warnings} are still those of it.
   */
  Answer send(LongInsert insert) throws SQLException {
    JdbcConnection jdbc = connection.jdbc().unwrap(JdbcConnection.class);
    PreparedStatement earlier = inPieces;
    if (earlier != null) {
      inPieces = null;
      earlier.close();
    }
    PreparedStatement now = jdbc.serverPrepareStatement(insert.sql());
    inPieces = now;
    for (int i = 0; i < insert.values().size(); i++) {
      LongInsert.Value value = insert.values().get(i);
      now.setBinaryStream(
          i + 1,
          new ByteArrayInputStream(value.buffer(), value.offset(), value.length()),
          value.length());
    }
    now.execute();
    NativeSession session = (NativeSession) jdbc.getSession();
    var result = now.unwrap(JdbcStatement.class).getResultSetInternal();
    return Answer.of(
        result.getServerInfo(), session.getProtocol().getWarningCount(), result.getUpdateCount());
  }

  private Answer answer() throws SQLException {
    var result = statement.unwrap(JdbcStatement.class).getResultSetInternal();
    NativeSession session =
        (NativeSession) connection.jdbc().unwrap(JdbcConnection.class).getSession();
    int warnings = session.getProtocol().getWarningCount();
    return result == null || result.hasRows()
        ? new Answer(-1, 0, warnings, 0)
        : Answer.of(result.getServerInfo(), warnings, result.getUpdateCount());
  }

  /** The warnings of the statement before. */
  List<ServerWarning> warnings() throws SQLException {
    List<ServerWarning> warnings = new ArrayList<>();
    try (ResultSet row = statement.executeQuery("SHOW WARNINGS")) {
      while (row.next()) {
        warnings.add(new ServerWarning(row.getInt(2), row.getString(3)));
      }
    }
    return warnings;
  }

  /** One number that a query gives; -1 for NULL or no row. */
  long number(String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      if (!row.next()) {
        return -1;
      }
      long value = row.getLong(1);
      return row.wasNull() ? -1 : value;
    }
  }

  /** Cuts the connection; any thread may call it. */
  void abort() {
    connection.abort();
  }

  @Override
  public void close() {
    connection.close();
  }
}
