package io.millrace.testkit.memory;

import io.millrace.api.DirtyRecords;
import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.Field;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Guarantee;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteContext;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Writes a table, each split in one transaction with its entry in the ledger. */
final class MemoryWriter implements Writer {

  private static final int VERSION = 1;

  private final Supplier<MemoryTable> table;
  private final boolean staged;
  private final boolean ledger;
  private final AtomicLong withoutLedger = new AtomicLong();

  MemoryWriter(Supplier<MemoryTable> table, boolean staged, boolean ledger) {
    this.table = table;
    this.staged = staged;
    this.ledger = ledger;
  }

  @Override
  public Schema check(Schema source, StageContext context) {
    Schema target = table.get().schema();
    if (source.size() != target.size()) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          "table %s has %d columns, the source delivers %d: name as many columns on both sides"
              .formatted(table.get().name(), target.size(), source.size()));
    }
    for (int i = 0; i < source.size(); i++) {
      Field from = source.field(i);
      Field to = target.field(i);
      if (from.type() != to.type() || from.unsigned() != to.unsigned()) {
        throw new MillraceException(
            StandardError.WRITE_REFUSED,
            "column %s of table %s is %s, the source delivers %s"
                .formatted(to.name(), table.get().name(), to.type(), from.type()));
      }
    }
    return target;
  }

  @Override
  public WriteState prepare(WritePlan plan, StageContext context) {
    String instance = plan.instanceId() + "/" + plan.generation();
    table.get().claim(instance, plan.epoch());
    return new WriteState(
        VERSION,
        Map.of("instance", instance, "epoch", String.valueOf(plan.epoch())),
        ledger ? Guarantee.EXACTLY_ONCE : Guarantee.AT_LEAST_ONCE,
        ledger ? "" : "the task wants no ledger");
  }

  @Override
  public WriteState takeOver(WriteState state, long epoch, StageContext context) {
    table.get().claim(instance(state), epoch);
    Map<String, String> properties = new TreeMap<>(state.properties());
    properties.put("epoch", String.valueOf(epoch));
    return new WriteState(state.version(), properties, state.guarantee(), state.reason());
  }

  @Override
  public Map<String, SplitCommit> commits(WriteState state, StageContext context) {
    return ledger ? table.get().commits(instance(state)) : Map.of();
  }

  @Override
  public SplitWriter open(WriteState state, String splitId, WriteContext context) {
    return new Transaction(state, splitId, context);
  }

  @Override
  public void publish(WriteState state, List<SplitCommit> commits, StageContext context) {
    if (ledger || staged) {
      table.get().publish(instance(state), epoch(state), ledger ? commits : List.of());
    }
  }

  @Override
  public void discard(WriteState state, StageContext context) {
    table.get().remove(instance(state));
  }

  @Override
  public void forget(WriteState state, StageContext context) {
    table.get().remove(instance(state));
  }

  private static String instance(WriteState state) {
    return Objects.requireNonNull(state.properties().get("instance"));
  }

  private static long epoch(WriteState state) {
    return Long.parseLong(Objects.requireNonNull(state.properties().get("epoch")));
  }

  private final class Transaction implements SplitWriter {
    private final WriteState state;
    private final String splitId;
    private final WriteContext context;
    private final MemoryTable target = table.get();
    private final RecordBatch records = MemoryTable.unbounded(target.schema());

    Transaction(WriteState state, String splitId, WriteContext context) {
      this.state = state;
      this.splitId = splitId;
      this.context = context;
    }

    @Override
    public long write(RecordBatch batch) {
      MemoryFaults faults = target.faults();
      faults.beforeBatch(context.cancellation());
      long taken = 0;
      for (int row = 0; row < batch.size(); row++) {
        long position = batch.position(row);
        faults.beforeWrite(position);
        if (faults.isRefused(position)) {
          context
              .dirty()
              .add(batch, row, new DirtyRecords.Reason("REFUSED", "the test refuses it", null));
        } else if (faults.isLiedAbout(position)) {
          taken++;
        } else if (!faults.isDropped(position)) {
          records.appendFrom(batch, row);
          taken++;
        }
      }
      return taken;
    }

    @Override
    public SplitCommit commit(SplitTally tally) {
      target.faults().beforeCommit();
      // Without a ledger the entry has a name that no other try looks for.
      String entry = ledger ? splitId : splitId + "#" + withoutLedger.incrementAndGet();
      target.commit(instance(state), epoch(state), new SplitCommit(entry, tally), records, staged);
      target.faults().afterCommit();
      return new SplitCommit(splitId, tally);
    }

    @Override
    public void close() {}
  }
}
