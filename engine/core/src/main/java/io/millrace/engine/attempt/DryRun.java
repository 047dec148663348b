package io.millrace.engine.attempt;

import io.millrace.api.DirtyRecords;
import io.millrace.api.StageLog;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.RecordView;
import io.millrace.api.record.Schema;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.TaskSpec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a task without running it: connects, checks, plans and reads a little. Writes nothing,
 * anywhere.
 */
public final class DryRun implements AutoCloseable {

  private static final int PREVIEW_BATCH = 64;

  private final Ends ends;
  private final TaskContext context;
  private final CancellationSource cancellation = new CancellationSource();
  private final StageLog log;

  private DryRun(Ends ends, TaskContext context, StageLog log) {
    this.ends = ends;
    this.context = context;
    this.log = log;
  }

  /**
   * Makes both ends of a task; connects to nothing yet.
   *
   * @param lines takes what the connectors say meanwhile, warnings included
   */
  public static DryRun of(
      TaskSpec task, Connectors connectors, Clock clock, Consumer<String> lines) {
    TaskContext context = Contexts.of(task, clock);
    Ends ends = Ends.create(task, connectors, context);
    ends.notes().forEach(lines);
    return new DryRun(ends, context, new LineLog(lines));
  }

  /**
   * Connects to both ends and plans every split.
   *
   * @throws MillraceException as a run would before it writes
   */
  public Plan plan() {
    CallContext call = new CallContext(context, log, cancellation);
    Schema source = ends.reader().schema(call);
    Schema target = ends.writer().check(source, call);
    ends.reader().prepare(call);
    SplitPlan splits = ends.reader().split(new SplitRequest(context.limits().channels()), call);
    Reconciliation.checkDistinct(splits.splits());
    return new Plan(source, target, splits, context.limits().channels());
  }

  /** The first {@code count} records of the source, values as canonical text. */
  public Preview preview(int count) {
    CallContext call = new CallContext(context, log, cancellation);
    Schema source = ends.reader().schema(call);
    ends.reader().prepare(call);
    SplitPlan plan = ends.reader().split(new SplitRequest(1), call);
    List<List<@Nullable String>> records = new ArrayList<>();
    List<String> dirty = new ArrayList<>();
    for (Split split : plan.splits()) {
      if (records.size() >= count) {
        break;
      }
      read(split, source, count, records, dirty);
    }
    return new Preview(source, records, dirty);
  }

  private void read(
      Split split,
      Schema source,
      int count,
      List<List<@Nullable String>> records,
      List<String> dirty) {
    try (SplitReader reader = ends.reader().open(split, new PreviewContext(dirty))) {
      RecordBatch batch =
          new RecordBatch(source, context.limits().batchBytes(), Math.min(count, PREVIEW_BATCH));
      boolean more = true;
      while (more && records.size() < count) {
        more = reader.read(batch);
        RecordView view = new RecordView(batch);
        while (view.next() && records.size() < count) {
          List<@Nullable String> record = new ArrayList<>(source.size());
          for (int i = 0; i < source.size(); i++) {
            record.add(view.text(i));
          }
          records.add(record);
        }
        batch.clear();
      }
    }
  }

  /** Unblocks a call in progress; from any thread. */
  public void cancel(String reason) {
    cancellation.cancel(reason);
  }

  @Override
  public void close() {
    ends.close();
  }

  /**
   * What a run would do.
   *
   * @param source the columns that would be read
   * @param target the columns they would be written to, in the same order
   * @param splits every split and the rule
   * @param channels the most splits at once that the task allows
   */
  public record Plan(Schema source, Schema target, SplitPlan splits, int channels) {}

  /**
   * A look at the source.
   *
   * @param records values as canonical text, null for NULL
   * @param dirty one reason for each record that could not be read
   */
  public record Preview(Schema source, List<List<@Nullable String>> records, List<String> dirty) {}

  private final class PreviewContext implements ReadContext {
    private final List<String> reasons;

    PreviewContext(List<String> reasons) {
      this.reasons = reasons;
    }

    @Override
    public TaskContext task() {
      return context;
    }

    @Override
    public StageLog log() {
      return log;
    }

    @Override
    public CancellationSource cancellation() {
      return cancellation;
    }

    @Override
    public DirtyRecords dirty() {
      return new DirtyRecords() {
        @Override
        public void add(RecordBatch batch, int row, Reason reason) {
          reasons.add(batch.position(row) + ": " + reason.message());
        }

        @Override
        public void add(long position, List<RawValue> values, Reason reason) {
          reasons.add(position + ": " + reason.message());
        }
      };
    }
  }

  private record LineLog(Consumer<String> lines) implements StageLog {
    @Override
    public void info(String line) {}

    @Override
    public void warn(String line) {
      lines.accept(line);
    }
  }
}
