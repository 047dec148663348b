package io.millrace.mysql.write;

import io.millrace.api.Counted;
import io.millrace.api.DirtyRecords;
import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Column;
import io.millrace.api.record.RecordBatch;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches within a transaction that someone else begins and commits: whole by {@code LOAD
 * DATA} where that changes nothing, else by strict statements and halving, so that a bad record
 * costs a few statements and its neighbours are written. Used by one thread.
 */
final class BatchWriter {

  private static final String SAVEPOINT = "SAVEPOINT millrace";
  private static final String BACK = "ROLLBACK TO SAVEPOINT millrace";

  /** Bytes of one INSERT: large enough that its parsing counts for more than its round trip. */
  private static final int INSERT_BYTES = 1 << 20;

  private static final int PACKET_MARGIN = 1024;
  private static final int LARGE_VALUE = 1 << 20;
  private static final int FAILED_LOADS = 3;
  private static final int BATCHES_WITHOUT_LOAD = 10;

  private final WriteSession session;
  private final WriteSql sql;
  private final List<ColumnPlan> plans;
  private final Settings settings;
  private final InsertStatement insert;
  private final @Nullable Staging staging;
  private final String loadSql;
  private final int[] toCheck;
  private final int[] toRound;
  private final long[] rounded;
  private @Nullable Rows rows;
  private @Nullable LoadStream stream;
  private boolean mayLoad;
  private int failedLoads;
  private @Nullable ServerWarning loadWarning;
  private int batchesWithoutLoad;
  private long skipped;
  private boolean largeValues;

  /**
   * How to write.
   *
   * @param load true when {@code LOAD DATA} may be tried
   * @param transactional false when a statement cannot be taken back, so that each record needs its
   *     own
   * @param round true when the server may round values
   * @param batchSize the most records in one INSERT
   * @param loadRefused told once when the server refuses {@code LOAD DATA LOCAL}
   */
  record Settings(
      boolean load, boolean transactional, boolean round, int batchSize, Runnable loadRefused) {}

  BatchWriter(WriteSession session, WriteSql sql, Settings settings, @Nullable Staging staging)
      throws SQLException {
    this.session = session;
    this.sql = sql;
    this.plans = sql.plans();
    this.settings = settings;
    this.staging = staging;
    this.toCheck = new int[plans.size()];
    this.toRound = new int[plans.size()];
    this.rounded = new long[plans.size()];
    this.mayLoad = settings.load() && settings.transactional();
    long packet = session.connection().server().maxAllowedPacket();
    this.insert =
        new InsertStatement(
            sql,
            session.commandHead(),
            settings.transactional() ? settings.batchSize() : 1,
            (int) Math.min(INSERT_BYTES, Math.max(PACKET_MARGIN, packet / 2)));
    this.loadSql = sql.load(staging == null ? sql.table() : staging.table());
  }

  /**
   * Writes a batch; afterwards every record is accepted, skipped or dirty.
   *
   * @return the records the server says it took
   * @throws SQLException when the transaction cannot go on
   */
  long write(RecordBatch batch, DirtyRecords dirty) throws SQLException {
    Rows good = check(batch, dirty);
    if (good.size() == 0) {
      return 0;
    }
    largeValues = hasLargeValue(batch);
    if (largeValues) {
      return insert(good, 0, good.size(), dirty);
    }
    if (mayLoad && batchesWithoutLoad == 0 && !hasNullToLeaveOut(good)) {
      long taken = load(good);
      if (taken >= 0) {
        failedLoads = 0;
        return taken;
      }
      if (++failedLoads >= FAILED_LOADS) {
        // Where every batch has a bad record, trying would only double the work.
        failedLoads = 0;
        batchesWithoutLoad = BATCHES_WITHOUT_LOAD;
      }
    } else if (batchesWithoutLoad > 0) {
      batchesWithoutLoad--;
    }
    return insert(good, 0, good.size(), dirty);
  }

  /** How many records were left out so far because their key was there. */
  long skipped() {
    return skipped;
  }

  private boolean skipsKeys() {
    return sql.mode() == WriteMode.INSERT_IGNORE;
  }

  private Rows check(RecordBatch batch, DirtyRecords dirty) throws SQLException {
    Rows good = rows == null ? new Rows(batch) : rows;
    rows = good;
    good.reset(batch);
    int size = batch.size();
    int checked = columnsToCheck(batch);
    for (int row = 0; row < size; row++) {
      int bad = -1;
      int roundings = 0;
      Problem problem = null;
      for (int i = 0; i < checked && problem == null; i++) {
        bad = toCheck[i];
        problem = problem(bad, plans.get(bad).of(batch), row);
        if (problem != null && problem.narrows() && settings.round()) {
          toRound[roundings++] = bad;
          problem = null;
        }
      }
      if (problem == null) {
        good.add(row);
        for (int i = 0; i < roundings; i++) {
          rounded[toRound[i]]++;
        }
      } else {
        dirty.add(
            batch,
            row,
            new DirtyRecords.Reason(
                problem.code(), problem.message(), plans.get(bad).target().name()));
      }
    }
    return good;
  }

  /** A record that was to be rounded has become dirty after all. */
  private void takeBackRounded(RecordBatch batch, int row) throws SQLException {
    for (int i = 0; i < plans.size() && settings.round(); i++) {
      ColumnPlan plan = plans.get(i);
      Problem problem = plan.check() == null ? null : problem(i, plan.of(batch), row);
      if (problem != null && problem.narrows()) {
        rounded[i]--;
      }
    }
  }

  /** Adds how many values of each column the server has rounded. */
  void addRounded(Rounded counts) {
    for (int i = 0; i < rounded.length; i++) {
      counts.add(plans.get(i).target().name(), rounded[i]);
    }
  }

  /** How many columns of this batch need a look at each value; they stand in {@link #toCheck}. */
  private int columnsToCheck(RecordBatch batch) {
    int count = 0;
    for (int i = 0; i < plans.size(); i++) {
      ColumnPlan plan = plans.get(i);
      if (plan.check() != null || (plan.nullRefused() && plan.of(batch).hasNull())) {
        toCheck[count++] = i;
      }
    }
    return count;
  }

  private @Nullable Problem problem(int index, Column column, int row) throws SQLException {
    ColumnPlan plan = plans.get(index);
    if (column.isNull(row)) {
      return nullProblem(index, plan);
    }
    ValueCheck check = plan.check();
    Problem problem = check == null ? null : check.check(column, row);
    if (problem == null && plan.nullRefused() && plan.encoder().isNull(column, row)) {
      return nullProblem(index, plan);
    }
    return problem;
  }

  /** A NULL is refused here because LOAD DATA would write 0 or the present time. */
  private @Nullable Problem nullProblem(int index, ColumnPlan plan) {
    if (!plan.nullRefused() || sql.leavesOutNull(index)) {
      return null;
    }
    String hint =
        plan.target().column().autoIncrement()
            ? "; generateNumbers: true lets the server make up a number"
            : "";
    return new Problem("1048", "Column '" + plan.target().name() + "' cannot be null" + hint);
  }

  /**
   * True when a value is so large that LOAD DATA is the slower way: the server makes its buffer
   * larger by 4 KiB at a time and copies it each time, so that 64 MB take it minutes.
   */
  private boolean hasLargeValue(RecordBatch batch) {
    if (batch.bytes() <= LARGE_VALUE) {
      return false;
    }
    for (int i = 0; i < plans.size(); i++) {
      if (plans.get(i).of(batch) instanceof BytesColumn bytes && bytes.bytes() > LARGE_VALUE) {
        for (int row = 0; row < batch.size(); row++) {
          if (bytes.length(row) > LARGE_VALUE) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private boolean hasNullToLeaveOut(Rows good) {
    if (!sql.leavesOutNulls()) {
      return false;
    }
    for (int column : sql.nullsLeftOut()) {
      for (int i = 0; i < good.size(); i++) {
        ColumnPlan plan = plans.get(column);
        if (plan.encoder().isNull(plan.of(good.batch()), good.row(i))) {
          return true;
        }
      }
    }
    return false;
  }

  /** The records taken, or -1 when nothing was, because some need a closer look. */
  private long load(Rows good) throws SQLException {
    LoadStream content = stream == null ? new LoadStream(plans, good) : stream;
    stream = content;
    session.execute(SAVEPOINT);
    try {
      Answer answer = session.load(loadSql, content.start(good));
      if (isClean(answer, good.size())) {
        if (staging == null) {
          skipped += answer.skipped();
          return answer.records() - answer.skipped();
        }
        Answer moved = session.execute(staging.move());
        if (isClean(moved, good.size())) {
          session.execute(staging.empty());
          return moved.records();
        }
      }
    } catch (SQLException e) {
      if (ServerErrors.isLocalInfileRefused(e)) {
        mayLoad = false;
        settings.loadRefused().run();
      } else if (!ServerErrors.isInTheRecord(e)) {
        throw e;
      }
    }
    goBack();
    return -1;
  }

  /** What was written since the savepoint is taken back, all of it. */
  private void goBack() throws SQLException {
    if (session.rollback(BACK)) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          "what was written to "
              + sql.table()
              + " cannot be taken back: a trigger writes to a table without transactions, and the"
              + " account may not see it; grant the account TRIGGER on the table, convert that"
              + " table, or drop the trigger");
    }
  }

  private boolean isClean(Answer answer, int sent) throws SQLException {
    boolean complete = answer.records() == sent;
    if (answer.warnings() == 0) {
      return complete && answer.skipped() == 0;
    }
    List<ServerWarning> warnings = session.warnings();
    long keysThere = skipsKeys() ? keysThere(warnings) : 0;
    loadWarning = warnings.stream().filter(this::isBad).findFirst().orElse(null);
    // The server keeps the first of many only; what it does not show may be anything.
    return complete
        && answer.skipped() == keysThere
        && loadWarning == null
        && warnings.size() >= answer.warnings();
  }

  private static long keysThere(List<ServerWarning> warnings) {
    return warnings.stream().filter(warning -> ServerErrors.isKeyThere(warning.code())).count();
  }

  private boolean isBad(ServerWarning warning) {
    return warning.concernsValues() && !(skipsKeys() && ServerErrors.isKeyThere(warning.code()));
  }

  /**
   * Sends records by an {@code INSERT IGNORE}, of which nothing stays where it would have let more
   * pass than a key that is there.
   *
   * @return the records taken, or -1 when nothing was
   */
  private long insertIgnoring(Rows good, int from, int to) throws SQLException {
    session.execute(SAVEPOINT);
    try {
      Answer answer = session.send(insert.sink());
      List<ServerWarning> warnings = answer.warnings() == 0 ? List.of() : session.warnings();
      long leftOut = to - from - answer.affected();
      if (answer.records() == to - from
          && keysThere(warnings) == leftOut
          && warnings.size() >= answer.warnings()
          && warnings.stream().noneMatch(this::isBad)) {
        skipped += leftOut;
        return answer.affected();
      }
    } catch (SQLException e) {
      if (!ServerErrors.isInTheRecord(e)) {
        throw e;
      }
    }
    goBack();
    return -1;
  }

  private long insert(Rows good, int from, int to, DirtyRecords dirty) throws SQLException {
    long taken = 0;
    int at = from;
    while (at < to) {
      int large = firstLarge(good, at, to);
      if (large == at) {
        taken += send(good, at, at + 1, insert.buildLong(good, at), dirty);
        at++;
        continue;
      }
      // A record by itself goes by the strict statement, whose error tells what is wrong with it.
      boolean ignore = skipsKeys() && settings.transactional() && large - at > 1;
      int end = insert.build(good, at, large, ignore);
      taken += ignore ? sendIgnoring(good, at, end, dirty) : send(good, at, end, dirty);
      at = end;
    }
    return taken;
  }

  /** The first record between two positions with a value that is sent in pieces, or the end. */
  private int firstLarge(Rows good, int from, int to) {
    if (!largeValues) {
      return to;
    }
    for (int at = from; at < to; at++) {
      for (ColumnPlan plan : plans) {
        if (plan.of(good.batch()) instanceof BytesColumn bytes
            && bytes.length(good.row(at)) > LARGE_VALUE) {
          return at;
        }
      }
    }
    return to;
  }

  /** Sends an {@code INSERT IGNORE} that was just built for the records between two positions. */
  private long sendIgnoring(Rows good, int from, int to, DirtyRecords dirty) throws SQLException {
    if (to - from > 1) {
      long taken = insertIgnoring(good, from, to);
      return taken >= 0 ? taken : halves(good, from, to, dirty);
    }
    insert.build(good, from, to, false);
    return send(good, from, to, dirty);
  }

  private long halves(Rows good, int from, int to, DirtyRecords dirty) throws SQLException {
    int middle = (from + to) >>> 1;
    return insert(good, from, middle, dirty) + insert(good, middle, to, dirty);
  }

  /** Sends the statement that was just built for the records between two positions. */
  private long send(Rows good, int from, int to, DirtyRecords dirty) throws SQLException {
    return send(good, from, to, null, dirty);
  }

  /** The same, or sends one record in pieces. */
  private long send(Rows good, int from, int to, @Nullable LongInsert pieces, DirtyRecords dirty)
      throws SQLException {
    Problem problem;
    String column = null;
    long largest = pieces == null ? insert.sink().size() : pieces.largest();
    if (largest > session.connection().server().maxAllowedPacket() - PACKET_MARGIN) {
      if (to - from == 1 && mayLoad) {
        // A stream has no such bound.
        Rows one = new Rows(good.batch());
        one.add(good.row(from));
        long taken = hasNullToLeaveOut(one) ? -1 : load(one);
        if (taken >= 0) {
          return taken;
        }
      }
      problem = tooLarge();
    } else {
      if (settings.transactional()) {
        session.execute(SAVEPOINT);
      }
      try {
        Answer answer = pieces == null ? session.send(insert.sink()) : session.send(pieces);
        List<ServerWarning> warnings = answer.warnings() == 0 ? List.of() : session.warnings();
        ServerWarning bad =
            warnings.stream().filter(ServerWarning::concernsValues).findFirst().orElse(null);
        if (bad == null || !settings.transactional()) {
          return taken(answer, to - from);
        }
        goBack();
        problem = new Problem(Integer.toString(bad.code()), Sensitive.mark(bad.message()));
        column = ServerErrors.column(bad.message());
      } catch (SQLException e) {
        if (!ServerErrors.isInTheRecord(e)) {
          throw e;
        }
        if (settings.transactional() && to - from > 1) {
          // The server has taken the statement back by itself, but only this tells whether all.
          goBack();
        }
        if (to - from == 1
            && skipsKeys()
            && ServerErrors.isKeyThere(e.getErrorCode())
            && isOwnKey(good, from)) {
          takeBackRounded(good.batch(), good.row(from));
          skipped++;
          return 0;
        }
        String message = String.valueOf(e.getMessage());
        problem =
            new Problem(Integer.toString(e.getErrorCode()), Sensitive.mark(withoutPrefix(message)));
        column = ServerErrors.column(message);
      }
    }
    if (to - from == 1) {
      takeBackRounded(good.batch(), good.row(from));
      dirty.add(
          good.batch(),
          good.row(from),
          new DirtyRecords.Reason(problem.code(), problem.message(), column));
      return 0;
    }
    return halves(good, from, to, dirty);
  }

  /**
   * Whether it is the table itself where the key of a record is, and not another table that a
   * trigger writes: only of the former IGNORE makes a warning.
   */
  private boolean isOwnKey(Rows good, int at) throws SQLException {
    if (!settings.transactional()) {
      // What else happened could not be taken back.
      return true;
    }
    insert.build(good, at, at + 1, true);
    session.execute(SAVEPOINT);
    try {
      Answer answer = session.send(insert.sink());
      List<ServerWarning> warnings = answer.warnings() == 0 ? List.of() : session.warnings();
      if (answer.affected() == 0
          && keysThere(warnings) == 1
          && warnings.stream().noneMatch(this::isBad)) {
        return true;
      }
    } catch (SQLException e) {
      if (!ServerErrors.isInTheRecord(e)) {
        throw e;
      }
    }
    goBack();
    return false;
  }

  private Problem tooLarge() {
    ServerWarning warning = loadWarning;
    loadWarning = null;
    if (warning != null) {
      return new Problem(Integer.toString(warning.code()), Sensitive.mark(warning.message()));
    }
    return new Problem(
        "1153",
        "the record is larger than the server's max_allowed_packet of "
            + session.connection().server().maxAllowedPacket()
            + " bytes");
  }

  private static long taken(Answer answer, int sent) {
    long records = answer.records() < 0 && answer.affected() >= 0 ? 1 : answer.records();
    if (records != sent) {
      throw new MillraceException(
          StandardError.INTERNAL,
          "the server says it processed "
              + records
              + " of "
              + Counted.of(sent, "record", "records")
              + " of an INSERT");
    }
    return records;
  }

  /** The driver puts words of its own before some messages. */
  private static String withoutPrefix(String message) {
    String prefix = "Data truncation: ";
    return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
  }

  /**
   * A temporary table on the way to the target.
   *
   * @param table its quoted name
   * @param move moves its records to the target, in their order
   * @param empty removes them
   */
  record Staging(String table, String move, String empty) {}
}
