package io.millrace.engine.attempt;

import io.millrace.api.Connector;
import io.millrace.api.ConnectorInfo;
import io.millrace.api.DirtyRecords;
import io.millrace.api.StageContext;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.read.Overlap;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.ColumnType;
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
import io.millrace.api.write.WriterFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Both ends in memory: numbers from 0 in equal splits, and a transactional target with a ledger. A
 * test changes what a method does by overriding a hook.
 */
class FakeConnector implements Connector {

  static final Schema SCHEMA = Schema.of(Field.of("id", ColumnType.INT64));
  static final ConfigOption<String> TABLE = ConfigOption.string("table", "the table").mandatory();

  final int splits;
  final int recordsPerSplit;
  final Map<String, List<Long>> rows = new ConcurrentHashMap<>();
  final Map<String, SplitCommit> ledger = new ConcurrentHashMap<>();
  final List<String> calls = java.util.Collections.synchronizedList(new ArrayList<>());
  final AtomicInteger openedReaders = new AtomicInteger();
  volatile long epoch;
  volatile Guarantee guarantee = Guarantee.EXACTLY_ONCE;

  /** The writer leaves out what this divides; 0 for nothing. */
  volatile long skipEach;

  volatile int maxConcurrency = Integer.MAX_VALUE;
  volatile Map<String, String> sourceIdentity = Map.of();
  volatile Map<String, String> targetIdentity = Map.of();
  volatile Overlap overlap = Overlap.NONE;

  /** What check answers with; null for the source's own schema. */
  volatile @Nullable Supplier<@Nullable Schema> checked;

  FakeConnector(int splits, int recordsPerSplit) {
    this.splits = splits;
    this.recordsPerSplit = recordsPerSplit;
  }

  /** Every value that is committed, in order. */
  List<Long> committed() {
    return rows.values().stream().flatMap(List::stream).sorted().toList();
  }

  /** Called before each record is read. */
  void onRead(String split, int record, ReadContext context) {}

  /** Called before the source's columns are told. */
  void onSchema() {}

  /** Called after the last record of a split was read. */
  void onEnd(String split, RecordBatch into) {}

  /** What the target does with a batch: the values it keeps; the rest is dirty or lost. */
  long onWrite(String split, RecordBatch batch, List<Long> kept, WriteContext context) {
    for (int i = 0; i < batch.size(); i++) {
      kept.add(batch.longs(0).get(i));
    }
    return batch.size();
  }

  /** Called with the commit applied or not; throwing here is an answer that was lost. */
  void beforeCommit(String split) {}

  void afterCommit(String split) {}

  void onPrepare(StageContext context) {}

  void onTakeOver() {}

  void onPublish(StageContext context) {}

  static DirtyRecords.Reason reason(String message) {
    return new DirtyRecords.Reason("TEST", message, "id");
  }

  @Override
  public ConnectorInfo info() {
    return new ConnectorInfo("fake", List.of("fakereader"), "A connector for tests.");
  }

  @Override
  public Optional<ReaderFactory> reader() {
    return Optional.of(
        new ReaderFactory() {
          @Override
          public List<ConfigOption<?>> options() {
            return List.of(TABLE);
          }

          @Override
          public Reader create(Options options, TaskContext context) {
            return new FakeReader();
          }
        });
  }

  @Override
  public Optional<WriterFactory> writer() {
    return Optional.of(
        new WriterFactory() {
          @Override
          public List<ConfigOption<?>> options() {
            return List.of(TABLE);
          }

          @Override
          public Writer create(Options options, TaskContext context) {
            return new FakeWriter();
          }
        });
  }

  private final class FakeReader implements Reader {
    @Override
    public Schema schema(StageContext context) {
      onSchema();
      return SCHEMA;
    }

    @Override
    public Map<String, String> identity(StageContext context) {
      return sourceIdentity;
    }

    @Override
    public Overlap overlap(String mark, StageContext context) {
      return mark.equals("fake:t") ? overlap : Overlap.NONE;
    }

    @Override
    public SplitPlan split(SplitRequest request, StageContext context) {
      calls.add("split");
      List<Split> plan = new ArrayList<>();
      for (int i = 0; i < splits; i++) {
        plan.add(
            new Split(
                "s" + i,
                1,
                Map.of("from", String.valueOf(i * recordsPerSplit)),
                "numbers of " + i,
                recordsPerSplit));
      }
      return new SplitPlan(plan, maxConcurrency, "by number");
    }

    @Override
    public SplitReader open(Split split, ReadContext context) {
      openedReaders.incrementAndGet();
      long from = Long.parseLong(split.properties().get("from"));
      return new SplitReader() {
        private int next;

        @Override
        public boolean read(RecordBatch into) {
          while (next < recordsPerSplit && !into.isFull()) {
            onRead(split.id(), next, context);
            into.longs(0).append(from + next);
            into.endRecord(next);
            next++;
          }
          if (next >= recordsPerSplit) {
            onEnd(split.id(), into);
          }
          return next < recordsPerSplit;
        }

        @Override
        public void close() {}
      };
    }
  }

  private final class FakeWriter implements Writer {
    @Override
    public Schema check(Schema source, StageContext context) {
      Supplier<@Nullable Schema> answer = checked;
      return answer == null ? source : answer.get();
    }

    @Override
    public void marked(StageContext context, Consumer<String> look) {
      look.accept("fake:t");
    }

    @Override
    public Map<String, String> identity(WriteState state, StageContext context) {
      return targetIdentity;
    }

    @Override
    public WriteState prepare(WritePlan plan, StageContext context) {
      calls.add("prepare");
      epoch = plan.epoch();
      onPrepare(context);
      return new WriteState(
          1,
          Map.of("epoch", String.valueOf(plan.epoch())),
          guarantee,
          guarantee == Guarantee.EXACTLY_ONCE ? "" : "it keeps no ledger");
    }

    @Override
    public WriteState takeOver(WriteState state, long newEpoch, StageContext context) {
      calls.add("takeOver");
      onTakeOver();
      epoch = newEpoch;
      return new WriteState(
          1, Map.of("epoch", String.valueOf(newEpoch)), state.guarantee(), state.reason());
    }

    @Override
    public Map<String, SplitCommit> commits(WriteState state, StageContext context) {
      return new LinkedHashMap<>(ledger);
    }

    @Override
    public boolean maySkip() {
      return skipEach > 0;
    }

    @Override
    public SplitWriter open(WriteState state, String splitId, WriteContext context) {
      List<Long> kept = new ArrayList<>();
      return new SplitWriter() {
        private long skipped;

        @Override
        public long write(RecordBatch batch) {
          if (skipEach == 0) {
            return onWrite(splitId, batch, kept, context);
          }
          int before = kept.size();
          for (int row = 0; row < batch.size(); row++) {
            long value = batch.longs(0).get(row);
            if (value % skipEach == 0) {
              skipped++;
            } else {
              kept.add(value);
            }
          }
          return kept.size() - before;
        }

        @Override
        public long skipped() {
          return skipped;
        }

        @Override
        public SplitCommit commit(SplitTally tally) {
          beforeCommit(splitId);
          SplitCommit commit = new SplitCommit(splitId, tally);
          synchronized (ledger) {
            if (!state.properties().get("epoch").equals(String.valueOf(epoch))) {
              throw new MillraceException(StandardError.FENCED, "epoch " + epoch + " took over");
            }
            if (ledger.putIfAbsent(splitId, commit) != null) {
              throw new MillraceException(StandardError.WRITE, "already committed");
            }
            rows.put(splitId, List.copyOf(kept));
          }
          afterCommit(splitId);
          return commit;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void publish(WriteState state, List<SplitCommit> commits, StageContext context) {
      calls.add("publish");
      onPublish(context);
    }

    @Override
    public void forget(WriteState state, StageContext context) {
      calls.add("forget");
    }
  }
}
