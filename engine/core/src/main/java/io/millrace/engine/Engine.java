package io.millrace.engine;

import io.millrace.engine.attempt.Attempt;
import io.millrace.engine.attempt.AttemptRequest;
import io.millrace.engine.attempt.DeclaredOptions;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.runlog.Dispatch;
import io.millrace.engine.runlog.RunLog;
import io.millrace.engine.runlog.Submission;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Puts an attempt and its run log together. Stateless but for what it is given: any number of
 * attempts may run in one process. Safe for use by several threads.
 */
public final class Engine {

  /** Where an attempt runs that nobody dispatched to a resource group. */
  private static final String DEFAULT_PIPELINE = "basecommon_group_local";

  private final Connectors connectors;
  private final Clock clock;

  /**
   * @param clock the source of the current time
   */
  public Engine(Connectors connectors, Clock clock) {
    this.connectors = connectors;
    this.clock = clock;
  }

  /**
   * Begins the run log of an attempt; {@link Attempt#run} then runs it and ends the log.
   *
   * @param console takes every line of the run log as well; called by several threads, one at a
   *     time
   */
  public Attempt attempt(AttemptRequest request, Consumer<String> console) {
    Path name = request.runDirectory().toAbsolutePath().normalize().getFileName();
    Dispatch nobody =
        new Dispatch(
            String.valueOf(name), UUID.randomUUID().toString(), DEFAULT_PIPELINE, null, List.of());
    return attempt(request, nobody, console);
  }

  /** The same for an attempt that was dispatched to a resource group. */
  public Attempt attempt(AttemptRequest request, Dispatch dispatch, Consumer<String> console) {
    DeclaredOptions declared = DeclaredOptions.of(request.task(), connectors);
    RunLog log =
        RunLog.begin(
            request.runDirectory(),
            request.dirtyDirectory(),
            request.task(),
            new Submission(dispatch, declared.reader(), declared.writer()),
            clock,
            request.keepsMarks(),
            console);
    return Attempt.create(request, connectors, clock, log);
  }
}
