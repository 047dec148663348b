package io.millrace.mysql.read;

import com.mysql.cj.result.Field;
import io.millrace.api.Cancellation;
import io.millrace.api.Counted;
import io.millrace.api.Sensitive;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.SplitReader;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.connect.MySqlErrors;
import io.millrace.mysql.connect.RowStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Reads one split over a connection of its own. */
final class MySqlSplitReader implements SplitReader {

  private static final int GROUP_CONCAT_CUT = 1260;
  private static final int RESULT_LEFT_OUT = 1301;

  private final ReadSplit split;
  private final Connections connections;
  private final MySqlConnection connection;
  private final Cancellation.Registration registration;
  private final RowStream rows;
  private final RowParser parser;
  private final ReadContext context;
  private long position;
  private boolean closed;

  private MySqlSplitReader(
      ReadSplit split,
      Connections connections,
      MySqlConnection connection,
      Cancellation.Registration registration,
      RowStream rows,
      RowParser parser,
      ReadContext context) {
    this.split = split;
    this.connections = connections;
    this.connection = connection;
    this.registration = registration;
    this.rows = rows;
    this.parser = parser;
    this.context = context;
  }

  static MySqlSplitReader open(
      ReadSplit split,
      Schema schema,
      JsonLook look,
      int[] wallClocks,
      Connections connections,
      TaskContext.Limits limits,
      ReadContext context) {
    MySqlConnection connection = connections.borrow(split.source(), context);
    Cancellation.Registration registration = connection.abortOn(context.cancellation());
    boolean open = false;
    try {
      if (!split.timestamp().isEmpty()) {
        connection.execute(SplitPlanning.setTimestamp(split.timestamp()));
      }
      ZoneId zone = wallClocks.length == 0 ? ZoneOffset.UTC : zone(connection, context);
      RepeatedHour repeated = new RepeatedHour(schema.size(), wallClocks, zone);
      RowStream rows = RowStream.open(connection, look.in(split, connection.server().version()));
      RowParser parser =
          new RowParser(
              schema,
              split.guarded(),
              split.lossy(),
              look.columns(),
              repeated,
              connections.source(split.source()).nullForZeroDate(),
              limits.maxValueBytes());
      checkWidth(split, parser, rows.fields());
      open = true;
      return new MySqlSplitReader(
          split, connections, connection, registration, rows, parser, context);
    } catch (SQLException e) {
      context.cancellation().throwIfCancelled();
      throw MySqlErrors.translate(e, MySqlErrors.Doing.READING, "split " + split.id());
    } finally {
      if (!open) {
        registration.close();
        connections.abandon(split.source(), connection);
      }
    }
  }

  /** The session's zone, which the user's statements may have set. */
  private static ZoneId zone(MySqlConnection connection, ReadContext context) throws SQLException {
    try (Statement statement = connection.statement();
        ResultSet row = statement.executeQuery("SELECT @@SESSION.time_zone")) {
      return row.next() ? ZoneId.of(row.getString(1)) : context.task().zone();
    } catch (DateTimeException e) {
      // SYSTEM, or a name of the server's own: the nearest that is known.
      return context.task().zone();
    }
  }

  private static void checkWidth(ReadSplit split, RowParser parser, Field[] fields) {
    if (fields.length != parser.width()) {
      throw new MillraceException(
          StandardError.READ_REFUSED,
          "split "
              + split.id()
              + " gives "
              + Counted.of(fields.length, "column", "columns")
              + " where "
              + parser.width()
              + " were planned: the table has changed; run the task anew");
    }
  }

  @Override
  public boolean read(RecordBatch into) {
    try {
      while (rows.next()) {
        parser.append(rows.buffer(), rows.offset(), ++position, into, context.dirty(), rows.end());
        if (into.isFull()) {
          return true;
        }
      }
      refuseCutValues();
      if (parser.zeroDates() > 0) {
        context
            .log()
            .info(
                "split "
                    + split.id()
                    + ": "
                    + Counted.of(parser.zeroDates(), "date", "dates")
                    + " such as 0000-00-00 became NULL (zeroDateTimeBehavior in the jdbcUrl)");
      }
      return false;
    } catch (SQLException e) {
      context.cancellation().throwIfCancelled();
      throw MySqlErrors.translate(
          e, MySqlErrors.Doing.READING, "split " + split.id() + " behind row " + position);
    }
  }

  /** A function whose result is too long gives a part of it, or NULL, and the server only warns. */
  private void refuseCutValues() throws SQLException {
    try (Statement statement = connection.statement();
        ResultSet row = statement.executeQuery("SHOW WARNINGS")) {
      while (row.next()) {
        int number = row.getInt(2);
        if (number == GROUP_CONCAT_CUT || number == RESULT_LEFT_OUT) {
          throw new MillraceException(
              StandardError.READ_REFUSED,
              "split "
                  + split.id()
                  + ": the server cut or left out a value: "
                  + Sensitive.mark(row.getString(3))
                  + " (warning "
                  + number
                  + "); raise "
                  + (number == GROUP_CONCAT_CUT
                      ? "group_concat_max_len in 'session'"
                      : "max_allowed_packet at the server")
                  + ", or read the columns as they are");
        }
      }
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    registration.close();
    if (!rows.isEnded()) {
      connections.abandon(split.source(), connection);
      return;
    }
    rows.close();
    if (context.cancellation().isCancelled()) {
      connection.abort();
    } else {
      connections.giveBack(split.source(), connection);
    }
  }
}
