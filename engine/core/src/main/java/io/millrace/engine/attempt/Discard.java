package io.millrace.engine.attempt;

import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.write.WriteState;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.state.AttemptState;
import io.millrace.engine.state.StateStore;
import io.millrace.engine.task.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.function.Consumer;

/** Gives up a run that did not succeed: what it staged in the target is removed. */
public final class Discard {

  private Discard() {}

  /**
   * Removes what a run left in the target, and makes the run impossible to resume. Its logs and
   * dirty records stay. May be called again when it failed.
   *
   * @param task the task of the run, for the connection: the run directory holds no secret
   * @param lines takes what the writer says meanwhile
   * @throws MillraceException when there is no such run, it succeeded, it is running, or the target
   *     does not answer
   */
  public static void run(
      TaskSpec task,
      Path runDirectory,
      Connectors connectors,
      Clock clock,
      Consumer<String> lines) {
    Path state = runDirectory.resolve("state");
    if (!Files.isDirectory(state)) {
      throw refused(runDirectory + " holds no run");
    }
    TaskContext context = Contexts.of(task, connectors, clock);
    try (StateStore store = StateStore.open(state);
        Ends ends = Ends.create(task, connectors, context)) {
      AttemptState kept = store.load().orElseThrow(() -> refused(runDirectory + " holds no run"));
      if (kept.succeeded()) {
        throw refused("the run in " + runDirectory + " has succeeded; there is nothing to give up");
      }
      if (!kept.task().equals(task.name())) {
        throw refused(
            "the run in " + runDirectory + " is of task '" + kept.task() + "', not this one");
      }
      WriteState written = kept.writeState();
      if (written != null) {
        ends.writer()
            .discard(
                written, new CallContext(context, new PlainLines(lines), new CancellationSource()));
      }
    }
    putAside(state);
  }

  /** Whether the run in a directory was given up. */
  static boolean isGivenUp(Path runDirectory) {
    return Files.exists(aside(runDirectory.resolve("state")));
  }

  private static Path aside(Path state) {
    return state.resolveSibling("state.discarded");
  }

  private static void putAside(Path state) {
    try {
      Files.move(state, aside(state), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new MillraceException(
          StandardError.RESOURCE,
          "the run's output was given up, but " + state + " cannot be renamed; delete it",
          e);
    }
  }

  private static MillraceException refused(String message) {
    return new MillraceException(StandardError.CONFIGURATION, message);
  }
}
