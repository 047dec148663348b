package io.millrace.scheduler.runner;

import io.millrace.engine.attempt.DeclaredOptions;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.TaskSpec;
import java.time.Clock;
import java.util.function.Consumer;

/** Carries attempts out in this process, on a thread of its own each. */
public final class LocalRunner implements Runner {

  private final Connectors connectors;
  private final RunDirectories directories;
  private final Clock clock;

  /**
   * @param clock the source of the times in logs
   */
  public LocalRunner(Connectors connectors, RunDirectories directories, Clock clock) {
    this.connectors = connectors;
    this.directories = directories;
    this.clock = clock;
  }

  @Override
  public RunningAttempt start(RunOrder order, Consumer<RunOutcome> done) {
    LocalAttempt attempt = new LocalAttempt(order, connectors, directories, clock, done);
    attempt.start();
    return attempt;
  }

  @Override
  public void check(TaskSpec task) {
    DeclaredOptions.of(task, connectors).requireInReach(task, connectors.files());
  }
}
