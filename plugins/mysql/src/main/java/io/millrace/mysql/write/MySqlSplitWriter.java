package io.millrace.mysql.write;

import io.millrace.api.Cancellation;
import io.millrace.api.Narrowing;
import io.millrace.api.Sensitive;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteContext;
import io.millrace.mysql.connect.MySqlConnection;
import io.millrace.mysql.type.MySqlTypes;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one try of one split in one transaction that also holds the split's row in the ledger. */
final class MySqlSplitWriter implements SplitWriter {

  /** Rows in one INSERT where the task sets no bound: bytes bound it first. */
  private static final int UNBOUNDED = Integer.MAX_VALUE;

  private static final String STAGING = "millrace_staging";

  private final Parts parts;
  private final String splitId;
  private final WriteContext context;
  private final Map<String, SplitCommit> committedHere;
  private final @Nullable Ledger ledger;
  private final Target target;
  private final WriteSession session;
  private final Cancellation.Registration registration;
  private @Nullable BatchWriter writer;
  private boolean broken;
  private boolean committed;
  private boolean closed;

  /**
   * What every split of an attempt shares.
   *
   * @param rounded takes how many values were rounded
   * @param targets looks the target up on a connection, once
   */
  record Parts(
      Prepared prepared,
      WriteOptions options,
      TaskContext task,
      ChannelSessions channels,
      Rounded rounded,
      StageSession.Work<Target> targets) {

    /** True when the server may round. */
    boolean round() {
      return task.rules().narrowing() == Narrowing.ROUND;
    }

    /** How many warnings of a statement are looked at: one for each record that is skipped. */
    int mostWarnings() {
      return options.writeMode() == WriteMode.INSERT_IGNORE ? 65_535 : 64;
    }
  }

  private MySqlSplitWriter(
      Parts parts,
      String splitId,
      WriteContext context,
      Map<String, SplitCommit> committedHere,
      Target target,
      WriteSession session) {
    this.parts = parts;
    this.splitId = splitId;
    this.context = context;
    this.committedHere = committedHere;
    this.ledger = parts.prepared().ledger();
    this.target = target;
    this.session = session;
    this.registration = context.cancellation().onCancel(session::abort);
  }

  /** Opens a try: takes the channel's session and claims the split's row in the ledger. */
  static MySqlSplitWriter open(
      Parts parts, String splitId, WriteContext context, Map<String, SplitCommit> committedHere) {
    if (!splitId.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new MillraceException(StandardError.INTERNAL, "bad split id '" + splitId + "'");
    }
    WriteSession left = parts.channels().takeIdle(context.channel()).orElse(null);
    if (left != null) {
      try {
        return begin(parts, splitId, context, committedHere, left);
      } catch (MillraceException e) {
        // The server may have ended the idle connection; a new one tells whether that was all.
        if (!e.isRetryable()) {
          throw e;
        }
        context.cancellation().throwIfCancelled();
      }
    }
    return begin(parts, splitId, context, committedHere, connect(parts, splitId, context));
  }

  private static WriteSession connect(Parts parts, String splitId, WriteContext context) {
    MySqlConnection connection = parts.channels().connect(context.cancellation());
    boolean ready = false;
    Cancellation.Registration registration = connection.abortOn(context.cancellation());
    try (registration) {
      Prepared prepared = parts.prepared();
      Ledger ledger = prepared.ledger();
      if (ledger != null) {
        // Only the newest attempt may end the connections it finds.
        ledger.checkEpoch(connection, prepared.epoch());
      }
      try {
        new AttemptLocks(prepared.instance())
            .acquire(connection, context.channel(), context.cancellation());
      } catch (SQLException e) {
        if (ServerErrors.passes(e)) {
          throw e;
        }
        // See MySqlWriter.lock: the epoch keeps old writers out.
      }
      WriteSession session = new WriteSession(connection, parts.round(), parts.mostWarnings());
      ready = true;
      return session;
    } catch (SQLException e) {
      context.cancellation().throwIfCancelled();
      throw ServerErrors.translate(e, "cannot open a session for split " + splitId);
    } finally {
      if (!ready) {
        connection.abort();
      }
    }
  }

  private static MySqlSplitWriter begin(
      Parts parts,
      String splitId,
      WriteContext context,
      Map<String, SplitCommit> committedHere,
      WriteSession session) {
    boolean ready = false;
    Cancellation.Registration registration = context.cancellation().onCancel(session::abort);
    try (registration) {
      Target target = parts.targets().run(session.connection());
      session.execute("START TRANSACTION");
      Ledger ledger = parts.prepared().ledger();
      if (ledger != null) {
        ledger.lockEpoch(session.connection(), parts.prepared().epoch());
        claim(ledger, session, splitId, parts.prepared().epoch());
      }
      ready = true;
      return new MySqlSplitWriter(parts, splitId, context, committedHere, target, session);
    } catch (SQLException e) {
      context.cancellation().throwIfCancelled();
      throw ServerErrors.translate(e, "cannot begin split " + splitId);
    } finally {
      if (!ready) {
        session.abort();
      }
    }
  }

  private static void claim(Ledger ledger, WriteSession session, String splitId, long epoch)
      throws SQLException {
    try {
      ledger.claim(session.connection(), splitId, epoch);
    } catch (SQLException e) {
      if (e.getErrorCode() == ServerErrors.DUPLICATE) {
        throw new MillraceException(
            StandardError.INTERNAL,
            "split " + splitId + " is already committed; it must not be written again",
            e);
      }
      throw e;
    }
  }

  @Override
  public long write(RecordBatch batch) {
    if (batch.size() == 0) {
      return 0;
    }
    boolean done = false;
    try {
      BatchWriter batches = writer == null ? batchWriter(batch) : writer;
      writer = batches;
      long taken = batches.write(batch, context.dirty());
      done = true;
      return taken;
    } catch (SQLException e) {
      context.cancellation().throwIfCancelled();
      throw ServerErrors.translate(e, "split " + splitId + " into " + parts.prepared().written());
    } finally {
      broken |= !done;
    }
  }

  @Override
  public void keepAlive() {
    boolean done = false;
    try {
      session.execute("DO 0");
      done = true;
    } catch (SQLException e) {
      context.cancellation().throwIfCancelled();
      throw ServerErrors.translate(e, "split " + splitId + " while it waits for records");
    } finally {
      broken |= !done;
    }
  }

  @Override
  public long skipped() {
    return writer == null ? 0 : writer.skipped();
  }

  private BatchWriter batchWriter(RecordBatch batch) throws SQLException {
    WriteOptions options = parts.options();
    WriteSql sql =
        target
            .writeSql(session.connection(), batch.schema(), options, parts.task())
            .into(parts.prepared().written().quoted());
    boolean load =
        options.load() == LoadMode.AUTO && parts.channels().mayLoad() && target.transactional();
    BatchWriter.Staging staging = null;
    if (load && options.writeMode() == WriteMode.UPDATE && hasGeometry(sql)) {
      // A bad one fails the statement, and MariaDB then cannot take back what the temporary table
      // has got.
      load = false;
    } else if (load && options.writeMode() == WriteMode.UPDATE) {
      staging = staging(sql);
      load = staging != null;
    }
    return new BatchWriter(
        session,
        sql,
        new BatchWriter.Settings(
            load,
            target.transactional(),
            parts.round(),
            options.batchSize().orElse(UNBOUNDED),
            this::loadRefused),
        staging);
  }

  private static boolean hasGeometry(WriteSql sql) {
    return sql.plans().stream().anyMatch(plan -> MySqlTypes.isGeometry(plan.target().field()));
  }

  /** A temporary table of this connection, or null when the account may not make one. */
  private BatchWriter.@Nullable Staging staging(WriteSql sql) throws SQLException {
    String table =
        io.millrace.jdbc.Identifiers.BACKTICK.quote(parts.prepared().target().database(), STAGING);
    try {
      // Neither statement commits the transaction. An earlier split's table is of the same form,
      // but a task's definition may have changed in between.
      session.execute("DROP TEMPORARY TABLE IF EXISTS " + table);
      session.execute(sql.createTemporary(table));
    } catch (SQLException e) {
      if (ServerErrors.passes(e)) {
        throw e;
      }
      if (parts.channels().refuseLoad()) {
        context
            .log()
            .info(
                "writeMode update uses multi-row INSERT, because a temporary table cannot be made"
                    + " in "
                    + parts.prepared().target().database()
                    + " ("
                    + Sensitive.message(e)
                    + "); CREATE TEMPORARY TABLES would make writing faster");
      }
      return null;
    }
    return new BatchWriter.Staging(
        table,
        sql.insertSelect(table, " ORDER BY `" + WriteSql.ORDER_COLUMN + "`"),
        "DELETE FROM " + table);
  }

  private void loadRefused() {
    if (parts.channels().refuseLoad()) {
      context
          .log()
          .warn(
              "the server does not allow LOAD DATA LOCAL INFILE, so records go by multi-row INSERT;"
                  + " SET GLOBAL local_infile = 1 would make writing about twice as fast");
    }
  }

  @Override
  public SplitCommit commit(SplitTally tally) {
    if (broken) {
      throw new MillraceException(
          StandardError.INTERNAL, "split " + splitId + " failed before and cannot be committed");
    }
    boolean sent = false;
    try {
      if (writer != null) {
        target.requireUnchanged(session.connection(), parts.prepared().written());
      }
      if (ledger != null) {
        ledger.seal(session.connection(), splitId, tally);
      }
      sent = true;
      session.execute("COMMIT");
      committed = true;
    } catch (SQLException e) {
      context.cancellation().throwIfCancelled();
      throw ServerErrors.translate(e, "cannot commit split " + splitId);
    } finally {
      if (!committed) {
        broken = true;
        if (sent) {
          parts.channels().doubt(context.channel(), session.connection().server().connectionId());
        }
      }
    }
    SplitCommit commit = new SplitCommit(splitId, tally);
    committedHere.put(splitId, commit);
    if (writer != null) {
      Rounded ofSplit = new Rounded();
      writer.addRounded(ofSplit);
      parts.rounded().add(ofSplit);
      // The sum that is told in the end holds this attempt's splits only.
      ofSplit.lines().forEach(line -> context.log().info("split " + splitId + ": " + line));
    }
    return commit;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    registration.close();
    if (!committed && !broken) {
      try {
        if (session.rollback("ROLLBACK") && target.transactional()) {
          context
              .log()
              .warn(
                  "split "
                      + splitId
                      + " was taken back, but not what a trigger wrote to a table without"
                      + " transactions: it may stand there twice");
        }
      } catch (SQLException e) {
        broken = true;
      }
    }
    if (broken) {
      // Whatever the server is still doing for it ends with the connection.
      session.abort();
    } else {
      parts.channels().keep(context.channel(), session);
    }
  }
}
