package io.millrace.mysql.write;

import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Column;
import java.io.InputStream;
import java.util.List;

/**
 * The text that {@code LOAD DATA} reads, made from a batch while it is read: a large batch is never
 * held twice, and a large value only in pieces. Used again for every batch, by one thread.
 */
final class LoadStream extends InputStream {

  /** Bytes made at a time. */
  private static final int CHUNK = 64 << 10;

  /** A value longer than this is made in pieces. */
  private static final int PIECE = 16 << 10;

  private static final byte[] NULL = {'\\', 'N'};

  private final List<ColumnPlan> plans;
  private final ByteSink sink = new ByteSink(2 * CHUNK);
  private Column[] columns = new Column[0];
  private Rows rows;
  private int next;
  private int nextColumn;
  private int pieceAt;
  private int served;

  LoadStream(List<ColumnPlan> plans, Rows rows) {
    this.plans = plans;
    this.rows = rows;
  }

  /** Begins with the first of {@code rows}. */
  LoadStream start(Rows toWrite) {
    rows = toWrite;
    columns = new Column[plans.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = plans.get(i).of(rows.batch());
    }
    next = 0;
    nextColumn = 0;
    pieceAt = 0;
    served = 0;
    sink.clear(4 * CHUNK);
    return this;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (served == sink.size() && !fill()) {
      return -1;
    }
    int count = Math.min(length, sink.size() - served);
    System.arraycopy(sink.bytes(), served, target, offset, count);
    served += count;
    return count;
  }

  /** More is there without blocking until the last byte is read; the driver then asks on. */
  @Override
  public int available() {
    return next < rows.size() || served < sink.size() ? CHUNK : 0;
  }

  private boolean fill() {
    sink.cut(0);
    served = 0;
    while (sink.size() < CHUNK && next < rows.size()) {
      if (!record(rows.row(next))) {
        return true;
      }
      sink.put('\n');
      next++;
      nextColumn = 0;
    }
    return sink.size() > 0;
  }

  /** Makes one record from {@link #nextColumn} on; false when the chunk is full before its end. */
  private boolean record(int row) {
    int count = columns.length;
    for (int i = nextColumn; i < count; i++) {
      Column column = columns[i];
      ValueEncoder encoder = plans.get(i).encoder();
      if (i > 0 && pieceAt == 0) {
        sink.put('\t');
      }
      if (encoder.isNull(column, row)) {
        sink.raw(NULL);
      } else if (encoder instanceof ValueEncoders.Bytes
          && ((BytesColumn) column).length(row) > PIECE) {
        if (!piece((BytesColumn) column, row)) {
          nextColumn = i;
          return false;
        }
      } else {
        encoder.append(column, row, sink, Escape.LOAD);
      }
    }
    return true;
  }

  /** Makes the next piece of a large value; false when there is more of it. */
  private boolean piece(BytesColumn bytes, int row) {
    int length = bytes.length(row);
    while (pieceAt < length) {
      // The first piece goes with what stands before it, so that a value once begun shows it.
      if (pieceAt > 0 && sink.size() >= CHUNK) {
        return false;
      }
      int count = Math.min(PIECE, length - pieceAt);
      sink.escaped(bytes.buffer(), bytes.offset(row) + pieceAt, count, Escape.LOAD);
      pieceAt += count;
    }
    pieceAt = 0;
    return true;
  }
}
