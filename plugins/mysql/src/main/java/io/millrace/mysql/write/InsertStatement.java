package io.millrace.mysql.write;

import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Column;
import io.millrace.api.record.RecordBatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A multi-row {@code INSERT}, made as bytes: no object per value and, whatever the connection's
 * character set, every byte as it was. Used again for every statement, by one thread.
 */
final class InsertStatement {

  private static final byte[] NULL = "NULL".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DEFAULT = "DEFAULT".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MARK = "?".getBytes(StandardCharsets.US_ASCII);

  /** What is sent in pieces is bytes to the server. */
  private static final byte[] TEXT_MARK =
      "CONVERT(? USING utf8mb4)".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] BINARY = "_binary'".getBytes(StandardCharsets.US_ASCII);
  private static final int KEEP_BYTES = 4 << 20;

  private final WriteSql sql;
  private final List<ColumnPlan> plans;
  private final int maxRows;
  private final int maxBytes;
  private final byte[] head;
  private final ByteSink sink = new ByteSink(64 << 10);

  /**
   * @param head what the protocol wants before the statement
   * @param maxRows the most records
   * @param maxBytes bytes after which no further record is added
   */
  InsertStatement(WriteSql sql, byte[] head, int maxRows, int maxBytes) {
    this.sql = sql;
    this.plans = sql.plans();
    this.head = head.clone();
    this.maxRows = maxRows;
    this.maxBytes = maxBytes;
  }

  ByteSink sink() {
    return sink;
  }

  /**
   * Makes the statement for records from the {@code from}th on.
   *
   * @param ignore see {@link WriteSql#insertHead}
   * @return the first that was not taken; at least {@code from + 1}
   */
  int build(Rows rows, int from, int to, boolean ignore) {
    sink.clear(KEEP_BYTES);
    sink.raw(head);
    RecordBatch batch = rows.batch();
    boolean byRuns = sql.leavesOutNulls() && sql.mode() == WriteMode.UPDATE;
    Set<Integer> leftOut = byRuns ? leftOut(batch, rows.row(from)) : Set.of();
    sink.raw(sql.insertHead(leftOut, ignore).getBytes(StandardCharsets.UTF_8));
    int at = from;
    while (at < to && at - from < maxRows && sink.size() < maxBytes) {
      int row = rows.row(at);
      if (byRuns && at > from && !leftOut(batch, row).equals(leftOut)) {
        break;
      }
      int before = sink.size();
      if (at > from) {
        sink.put(',');
      }
      record(batch, row, leftOut);
      if (at > from && sink.size() > maxBytes) {
        // A large value has a statement of its own.
        sink.cut(before);
        break;
      }
      at++;
    }
    sink.raw(sql.insertTail(leftOut).getBytes(StandardCharsets.UTF_8));
    return at;
  }

  /** The statement for one record whose values are sent in pieces. */
  LongInsert buildLong(Rows rows, int at) {
    RecordBatch batch = rows.batch();
    int row = rows.row(at);
    boolean byRuns = sql.leavesOutNulls() && sql.mode() == WriteMode.UPDATE;
    Set<Integer> leftOut = byRuns ? leftOut(batch, row) : Set.of();
    List<LongInsert.Value> values = new ArrayList<>();
    sink.clear(KEEP_BYTES);
    sink.raw(sql.insertHead(leftOut, false).getBytes(StandardCharsets.UTF_8));
    sink.put('(');
    int begin = sink.size();
    for (int i = 0; i < plans.size(); i++) {
      if (leftOut.contains(i)) {
        continue;
      }
      if (sink.size() > begin) {
        sink.put(',');
      }
      Column column = plans.get(i).of(batch);
      ValueEncoder encoder = plans.get(i).encoder();
      if (encoder.isNull(column, row)) {
        sink.raw(sql.leavesOutNull(i) ? DEFAULT : NULL);
      } else if (encoder instanceof ValueEncoders.Bytes && column instanceof BytesColumn bytes) {
        sink.raw(encoder.literal() == ValueEncoder.Literal.BINARY ? MARK : TEXT_MARK);
        values.add(new LongInsert.Value(bytes.buffer(), bytes.offset(row), bytes.length(row)));
      } else {
        value(encoder, column, row);
      }
    }
    sink.put(')');
    sink.raw(sql.insertTail(leftOut).getBytes(StandardCharsets.UTF_8));
    return new LongInsert(new String(sink.bytes(), 0, sink.size(), StandardCharsets.UTF_8), values);
  }

  private Set<Integer> leftOut(RecordBatch batch, int row) {
    Set<Integer> columns = new TreeSet<>();
    for (int i = 0; i < plans.size(); i++) {
      if (sql.leavesOutNull(i) && plans.get(i).encoder().isNull(plans.get(i).of(batch), row)) {
        columns.add(i);
      }
    }
    return columns;
  }

  private void record(RecordBatch batch, int row, Set<Integer> leftOut) {
    sink.put('(');
    boolean first = true;
    for (int i = 0; i < plans.size(); i++) {
      if (!leftOut.isEmpty() && leftOut.contains(i)) {
        continue;
      }
      if (!first) {
        sink.put(',');
      }
      first = false;
      Column column = plans.get(i).of(batch);
      ValueEncoder encoder = plans.get(i).encoder();
      if (encoder.isNull(column, row)) {
        sink.raw(sql.leavesOutNull(i) ? DEFAULT : NULL);
      } else {
        value(encoder, column, row);
      }
    }
    sink.put(')');
  }

  private void value(ValueEncoder encoder, Column column, int row) {
    switch (encoder.literal()) {
      case NUMBER -> encoder.append(column, row, sink, Escape.SQL);
      case QUOTED, TEXT -> {
        sink.put('\'');
        encoder.append(column, row, sink, Escape.SQL);
        sink.put('\'');
      }
      case BINARY -> {
        sink.raw(BINARY);
        encoder.append(column, row, sink, Escape.SQL);
        sink.put('\'');
      }
    }
  }
}
