package io.millrace.hubs;

import io.millrace.api.DirtyRecords.Reason;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Sends a batch in requests of a bounded size. When a call returns, the service has taken what it
 * counts, and what was sent stays.
 *
 * @param <T> what the service calls a record
 */
public abstract class HubSplitWriter<T> implements SplitWriter {

  private final Sender<T> sender;
  private final int mostRows;
  private final long mostBytes;
  private final Function<SplitTally, SplitCommit> commit;

  /**
   * @param sender closed with the writer
   * @param mostRows of one request
   * @param mostBytes of one request, unless a single record has more
   * @param commit notes that the split is written
   */
  protected HubSplitWriter(
      Sender<T> sender, int mostRows, long mostBytes, Function<SplitTally, SplitCommit> commit) {
    this.sender = sender;
    this.mostRows = mostRows;
    this.mostBytes = mostBytes;
    this.commit = commit;
  }

  /**
   * What the log says of a request of which nobody knows whether the service has taken it.
   *
   * @param records how many it holds, such as {@code 5 logs}
   */
  public static String uncertain(String records) {
    return "it is not known whether the service has taken a request with "
        + records
        + ": if it has, what it holds stands there twice once it is sent again";
  }

  /**
   * A record's index in its batch, and what was made of it.
   *
   * @param <T> what the service calls a record
   */
  public record Row<T>(int row, T data) {}

  /**
   * Sends records, again where that may help. Used by one thread.
   *
   * @param <T> what the service calls a record
   */
  public interface Sender<T> extends AutoCloseable {

    /**
     * Sends records in one request; what the service refuses of them becomes dirty.
     *
     * @param rows at least one; not changed afterwards
     * @return how many were taken
     */
    long send(RecordBatch batch, List<Row<T>> rows);

    /** Keeps a record that cannot be sent. */
    void dirty(RecordBatch batch, int row, Reason reason);

    @Override
    void close();
  }

  /**
   * Makes of a record what the service takes.
   *
   * @throws BadValueException when it cannot be one
   */
  protected abstract T encode(RecordBatch batch, int row) throws BadValueException;

  /** About how many bytes of a request a record takes. */
  protected abstract long size(T data, RecordBatch batch, int row);

  @Override
  public final long write(RecordBatch batch) {
    long taken = 0;
    List<Row<T>> rows = new ArrayList<>();
    long bytes = 0;
    for (int row = 0; row < batch.size(); row++) {
      T data;
      try {
        data = encode(batch, row);
      } catch (BadValueException e) {
        sender.dirty(batch, row, new Reason(e.code(), String.valueOf(e.getMessage()), e.column()));
        continue;
      }
      long size = size(data, batch, row);
      if (!rows.isEmpty() && (rows.size() >= mostRows || bytes + size > mostBytes)) {
        taken += sender.send(batch, rows);
        rows = new ArrayList<>();
        bytes = 0;
      }
      rows.add(new Row<>(row, data));
      bytes += size;
    }
    return rows.isEmpty() ? taken : taken + sender.send(batch, rows);
  }

  @Override
  public final SplitCommit commit(SplitTally tally) {
    return commit.apply(tally);
  }

  @Override
  public final void close() {
    sender.close();
  }
}
