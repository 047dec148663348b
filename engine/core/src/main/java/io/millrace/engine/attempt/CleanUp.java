package io.millrace.engine.attempt;

import io.millrace.api.StageContext;
import io.millrace.api.TaskContext;
import io.millrace.api.write.Writer;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.TaskSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Removes from a task's target what killed runs left that nobody resumes or gives up. */
public final class CleanUp {

  private CleanUp() {}

  /**
   * Removes it.
   *
   * @param age only what is older
   * @param lines takes what the writer says meanwhile
   * @return of how many runs something was removed
   * @throws io.millrace.api.error.MillraceException when the target does not answer
   */
  public static int run(
      TaskSpec task, Duration age, Connectors connectors, Clock clock, Consumer<String> lines) {
    return with(
        task,
        connectors,
        clock,
        lines,
        (writer, context) -> writer.cleanUp(clock.instant().minus(age), context));
  }

  /**
   * What {@link #run} would remove; removes nothing.
   *
   * @param age only what is older
   * @param lines takes what the writer says meanwhile
   * @return a line for each run
   */
  public static List<String> look(
      TaskSpec task, Duration age, Connectors connectors, Clock clock, Consumer<String> lines) {
    return with(
        task,
        connectors,
        clock,
        lines,
        (writer, context) -> writer.leftBehind(clock.instant().minus(age), context));
  }

  private static <T> T with(
      TaskSpec task,
      Connectors connectors,
      Clock clock,
      Consumer<String> lines,
      BiFunction<Writer, StageContext, T> what) {
    TaskContext context = Contexts.of(task, connectors, clock);
    try (Ends ends = Ends.create(task, connectors, context)) {
      return what.apply(
          ends.writer(), new CallContext(context, new PlainLines(lines), new CancellationSource()));
    }
  }
}
