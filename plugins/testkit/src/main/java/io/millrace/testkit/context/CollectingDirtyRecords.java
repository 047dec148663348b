package io.millrace.testkit.context;

import io.millrace.api.DirtyRecords;
import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.RecordBatch;
import io.millrace.testkit.sample.Records;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Keeps dirty records for the test to look at. Safe for use by several threads. */
public final class CollectingDirtyRecords implements DirtyRecords {

  private final List<Entry> entries = new CopyOnWriteArrayList<>();
  private volatile int limit = Integer.MAX_VALUE;

  /**
   * A record that was given.
   *
   * @param values its values as canonical texts, or what was known of them
   * @param raw what was known of a record that could not be put into a batch; empty otherwise
   * @param reason with the message as somebody reads it who may see all
   * @param hidden the message as somebody reads it who may see no values
   */
  public record Entry(
      long position,
      List<@Nullable String> values,
      List<RawValue> raw,
      Reason reason,
      String hidden) {

    static Entry of(
        long position, List<@Nullable String> values, List<RawValue> raw, Reason reason) {
      return new Entry(
          position,
          values,
          raw,
          new Reason(reason.code(), Sensitive.plain(reason.message()), reason.column()),
          Sensitive.hidden(reason.message()));
    }
  }

  /** Every record so far, in order. */
  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** How many there are. */
  public int count() {
    return entries.size();
  }

  /** From now on a record beyond this many throws, as it does when a task's limit is crossed. */
  public void limit(int records) {
    limit = records;
  }

  @Override
  public void add(RecordBatch batch, int row, Reason reason) {
    keep(Entry.of(batch.position(row), Records.texts(batch, row), List.of(), reason));
  }

  @Override
  public void add(long position, List<RawValue> values, Reason reason) {
    keep(
        Entry.of(
            position,
            Records.unmodifiable(values.stream().map(RawValue::text).toList()),
            List.copyOf(values),
            reason));
  }

  private void keep(Entry entry) {
    entries.add(entry);
    if (entries.size() > limit) {
      throw new MillraceException(
          StandardError.DIRTY_LIMIT, entries.size() + " dirty records, " + limit + " allowed");
    }
  }
}
