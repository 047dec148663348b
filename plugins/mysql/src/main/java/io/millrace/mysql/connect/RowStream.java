package io.millrace.mysql.connect;

import com.mysql.cj.NativeSession;
import com.mysql.cj.conf.PropertyKey;
import com.mysql.cj.conf.RuntimeProperty;
import com.mysql.cj.exceptions.CJException;
import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.jdbc.exceptions.SQLExceptionsMapping;
import com.mysql.cj.jdbc.result.ResultSetInternalMethods;
import com.mysql.cj.protocol.ResultsetRows;
import com.mysql.cj.protocol.a.NativePacketPayload;
import com.mysql.cj.protocol.a.NativeProtocol;
import com.mysql.cj.result.Field;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A result that is read row by row as the server's own packets, without copying a value.
 *
 * <p>Connector/J reads every row of a streamed text result into one buffer that it uses again. The
 * row is taken from that buffer: each value is a length-encoded string, {@code 0xfb} stands for
 * NULL. Measured on rows of 16 columns, reading and converting so costs 0.4 CPU-s per million rows;
 * {@code ResultSet.getBytes}, which copies every value under a lock, costs 0.6 without converting.
 */
public final class RowStream implements AutoCloseable {

  /** The most bytes of one packet; a larger row comes in several. */
  private static final int LARGEST_PACKET = (1 << 24) - 1;

  private final MySqlConnection connection;
  private final Statement statement;
  private final ResultsetRows rows;
  private final NativeProtocol protocol;
  private NativePacketPayload packet;
  private boolean ended;

  private RowStream(
      MySqlConnection connection,
      Statement statement,
      ResultsetRows rows,
      NativeProtocol protocol) {
    this.connection = connection;
    this.statement = statement;
    this.rows = rows;
    this.protocol = protocol;
    this.packet = protocol.getReusablePacket();
  }

  /**
   * Runs a statement and stands before its first row. The connection can do nothing else until the
   * stream is closed.
   *
   * @throws SQLException when the statement fails, or gives no result
   */
  public static RowStream open(MySqlConnection connection, String sql) throws SQLException {
    Statement statement = connection.statement();
    boolean open = false;
    try {
      NativeSession session =
          (NativeSession) connection.jdbc().unwrap(JdbcConnection.class).getSession();
      // The server's max_allowed_packet binds what it is sent. A row of it may be larger, which the
      // driver would take for an error.
      RuntimeProperty<Integer> limit =
          session.getPropertySet().getProperty(PropertyKey.maxAllowedPacket);
      if (limit.getValue() < LARGEST_PACKET) {
        limit.setValue(LARGEST_PACKET);
      }
      // The driver's way of saying: row by row, as they arrive.
      statement.setFetchSize(Integer.MIN_VALUE);
      if (!statement.execute(sql)) {
        throw new SQLException("the statement gives no result: " + sql, "0A000");
      }
      ResultsetRows rows = ((ResultSetInternalMethods) statement.getResultSet()).getRows();
      RowStream stream = new RowStream(connection, statement, rows, session.getProtocol());
      open = true;
      return stream;
    } finally {
      if (!open) {
        statement.close();
      }
    }
  }

  /** The result's columns. */
  public Field[] fields() {
    return rows.getMetadata().getFields();
  }

  /** Moves to the next row; false at the end. Blocks until the server sends it. */
  public boolean next() throws SQLException {
    if (ended) {
      return false;
    }
    try {
      ended = rows.next() == null;
      packet = protocol.getReusablePacket();
      return !ended;
    } catch (CJException e) {
      SQLException error = SQLExceptionsMapping.translateException(e);
      // An error of the server ends the result in order; one of the line leaves it open.
      ended = error.getErrorCode() > 0 && !String.valueOf(error.getSQLState()).startsWith("08");
      throw error;
    }
  }

  /** The buffer that holds the row; valid until the next call of {@link #next}. */
  public byte[] buffer() {
    return packet.getByteBuffer();
  }

  /** Where the row's first value begins in {@link #buffer()}. */
  public int offset() {
    return packet.getPosition();
  }

  /** Where the row ends in {@link #buffer()}. */
  public int end() {
    return packet.getPayloadLength();
  }

  /** True when the last row was passed, so that the connection can be used again. */
  public boolean isEnded() {
    return ended;
  }

  /** Ends the result. In the middle of it the connection is cut instead of reading the rest. */
  @Override
  public void close() {
    if (!ended) {
      connection.abort();
      return;
    }
    try {
      statement.close();
    } catch (SQLException | RuntimeException e) {
      connection.abort();
    }
  }
}
