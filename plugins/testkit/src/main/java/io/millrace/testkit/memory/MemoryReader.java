package io.millrace.testkit.memory;

import io.millrace.api.Cancellation;
import io.millrace.api.DirtyRecords;
import io.millrace.api.StageContext;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.Reader;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.BytesColumn;
import io.millrace.api.record.Column;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.record.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads a table in splits of equal size. */
final class MemoryReader implements Reader {

  private static final int VERSION = 1;
  private static final int SHOWN_CHARACTERS = 100;

  private final Supplier<MemoryTable> table;
  private final int splitRecords;

  MemoryReader(Supplier<MemoryTable> table, int splitRecords) {
    this.table = table;
    this.splitRecords = splitRecords;
  }

  @Override
  public Schema schema(StageContext context) {
    return table.get().schema();
  }

  @Override
  public SplitPlan split(SplitRequest request, StageContext context) {
    List<Split> splits = new ArrayList<>();
    int size = table.get().size();
    for (int from = 0; from < size; from += splitRecords) {
      int to = Math.min(size, from + splitRecords);
      splits.add(
          new Split(
              "%06d".formatted(splits.size()),
              VERSION,
              Map.of("from", String.valueOf(from), "to", String.valueOf(to)),
              "records " + from + " to " + (to - 1) + " of " + table.get().name(),
              to - from));
    }
    return new SplitPlan(splits, Integer.MAX_VALUE, splitRecords + " records a split");
  }

  @Override
  public SplitReader open(Split split, ReadContext context) {
    int from = Integer.parseInt(split.properties().getOrDefault("from", "0"));
    int to = Integer.parseInt(split.properties().getOrDefault("to", "0"));
    return new Range(table.get(), from, to, context);
  }

  private static final class Range implements SplitReader {
    private final MemoryTable table;
    private final int to;
    private final ReadContext context;
    private final RecordBatch one;
    private int next;

    Range(MemoryTable table, int from, int to, ReadContext context) {
      this.table = table;
      this.next = from;
      this.to = to;
      this.context = context;
      this.one = MemoryTable.unbounded(table.schema());
    }

    @Override
    public boolean read(RecordBatch into) {
      Cancellation cancellation = context.cancellation();
      while (next < to && !into.isFull()) {
        table.faults().beforeRead(next, cancellation);
        deliver(into);
        next++;
      }
      return next < to;
    }

    private void deliver(RecordBatch into) {
      one.clear();
      table.copy(next, one);
      DirtyRecords.Reason reason = reason();
      if (reason == null) {
        for (int i = 0; i < one.schema().size(); i++) {
          into.column(i).appendFrom(one.column(i), 0);
        }
        into.endRecord(next);
      } else {
        context.dirty().add(next, raw(), reason);
      }
    }

    private DirtyRecords.@Nullable Reason reason() {
      if (table.faults().isUnreadable(next)) {
        return new DirtyRecords.Reason("UNREADABLE", "the test made it unreadable", null);
      }
      int most = context.task().limits().maxValueBytes();
      for (int i = 0; i < one.schema().size(); i++) {
        long bytes = one.column(i).bytes();
        if (bytes > most) {
          return new DirtyRecords.Reason(
              "TOO_LARGE",
              "the value has " + bytes + " bytes, " + most + " are allowed",
              one.schema().field(i).name());
        }
      }
      return null;
    }

    private List<DirtyRecords.RawValue> raw() {
      List<DirtyRecords.RawValue> values = new ArrayList<>();
      for (int i = 0; i < one.schema().size(); i++) {
        Column column = one.column(i);
        String text = Texts.text(column, 0);
        boolean cut = text != null && text.length() > SHOWN_CHARACTERS;
        values.add(
            new DirtyRecords.RawValue(
                column.field().type().name(),
                column instanceof BytesColumn bytes ? bytes.length(0) : column.bytes(),
                cut ? text.substring(0, SHOWN_CHARACTERS) : text));
      }
      return values;
    }

    @Override
    public void close() {}
  }
}
