package io.millrace.engine.attempt;

import io.millrace.api.StageLog;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.record.Schema;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.TaskSpec;
import java.time.Clock;
import java.util.function.Consumer;

/** Looks at a task without running it: connects, checks and plans. Writes nothing, anywhere. */
public final class DryRun implements AutoCloseable {

  private final Ends ends;
  private final TaskContext context;
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
    TaskContext context = Contexts.of(task, connectors, clock);
    Ends ends = Ends.create(task, connectors, context);
    ends.notes().forEach(lines);
    return new DryRun(ends, context, new WarningLines(lines));
  }

  /**
   * Connects to both ends and plans every split.
   *
   * @throws MillraceException as a run would before it writes
   */
  public Plan plan() {
    CallContext call = new CallContext(context, log, new CancellationSource());
    Schema source = ends.schema(call);
    Ends.Checked checked = ends.checked(source, call);
    checked.warnings().forEach(log::warn);
    ends.reader().prepare(call);
    SplitPlan splits = ends.split(context.limits().channels(), call);
    return new Plan(source, checked.target(), splits, context.limits().channels());
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
}
