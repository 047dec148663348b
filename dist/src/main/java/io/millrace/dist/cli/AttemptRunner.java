package io.millrace.dist.cli;

import io.millrace.api.Sensitive;
import io.millrace.api.error.StandardError;
import io.millrace.dist.text.Texts;
import io.millrace.engine.Engine;
import io.millrace.engine.attempt.Attempt;
import io.millrace.engine.attempt.AttemptRequest;
import io.millrace.engine.attempt.AttemptResult;
import io.millrace.engine.attempt.DeclaredOptions;
import io.millrace.engine.attempt.DryRun;
import io.millrace.engine.attempt.RunState;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.task.Secrets;
import io.millrace.engine.task.TaskSpec;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Runs one attempt under the eyes of a person or a program. */
final class AttemptRunner {

  private final Terminal terminal;
  private final Connectors connectors;
  private final @Nullable ResultFile resultFile;
  private final Interruption interruption;

  AttemptRunner(
      Terminal terminal,
      Connectors connectors,
      @Nullable ResultFile resultFile,
      Interruption interruption) {
    this.terminal = terminal;
    this.connectors = connectors;
    this.resultFile = resultFile;
    this.interruption = interruption;
  }

  /**
   * Runs to the end.
   *
   * @return the exit code
   * @throws io.millrace.api.error.MillraceException when the task is refused before anything, even
   *     a run directory, is made
   */
  int run(TaskSpec task, Path directory, boolean resume) {
    Clock clock = Clock.systemUTC();
    refuseBadInput(task, clock);
    if (!resume || !RunDirectories.isBegun(directory)) {
      SubmittedTime.keep(directory, clock.instant());
    }
    Console console = new Console(terminal);
    Attempt attempt =
        new Engine(connectors, clock)
            .attempt(new AttemptRequest(task, directory, resume), console::line);
    Secrets secrets = DeclaredOptions.of(task, connectors).secrets(task);
    return run(attempt, console, directory, secrets, resume);
  }

  private int run(
      Attempt attempt, Console console, Path directory, Secrets secrets, boolean resume) {
    interruption.cancels(attempt);
    AttemptResult result;
    try {
      console.watch(attempt);
      result = attempt.run();
    } finally {
      console.close();
    }
    if (resultFile != null) {
      resultFile.write(result, directory);
    }
    boolean earlier = resume && RunDirectories.isBegun(directory);
    summarize(result, directory, secrets, earlier || !result.stages().isEmpty());
    int code =
        interruption.happened() && result.state() != RunState.SUCCESS
            ? ExitCode.INTERRUPTED
            : exitCode(result);
    interruption.settle(code);
    return code;
  }

  private static int exitCode(AttemptResult result) {
    if (result.state() == RunState.SUCCESS) {
      return ExitCode.SUCCESS;
    }
    return result.wasRefused() ? ExitCode.BAD_INPUT : ExitCode.FAIL;
  }

  /**
   * Whether the same command may succeed with --resume once the cause is mended: not where the task
   * has to change, and not where all is committed and too much of it was dirty. Where only a new
   * run helps, the error says so itself.
   *
   * @param begun whether a stage was begun, in this or an earlier attempt
   */
  static boolean canGoOn(AttemptResult result, boolean begun) {
    AttemptResult.Failure error = result.error();
    if (error == null || (!begun && result.wasRefused())) {
      return false;
    }
    boolean dirty = error.code().equals(StandardError.DIRTY_LIMIT.code());
    boolean allCommitted = result.splits() > 0 && result.splitsCommitted() == result.splits();
    return !error.code().equals(StandardError.CONFIGURATION.code()) && !(dirty && allCommitted);
  }

  /** Unknown connectors and wrong options are found by making both ends, which connects nowhere. */
  private void refuseBadInput(TaskSpec task, Clock clock) {
    DryRun.of(task, connectors, clock, line -> {}).close();
  }

  /**
   * @param begun false when no stage was begun, in this or an earlier attempt
   */
  private void summarize(AttemptResult result, Path directory, Secrets secrets, boolean begun) {
    AttemptResult.Failure error = result.error();
    if (error != null) {
      String message = secrets.redact(Terminal.oneLine(error.message()));
      terminal.err().println("millrace: [" + error.code() + "] " + message);
    }
    if (terminal.interactive()) {
      // Without a person in front of it, the run log's own lines have told all this.
      forPeople(result);
    }
    terminal.line("Run directory: " + directory);
    if (canGoOn(result, begun)) {
      terminal.line(
          "Go on from here with the same command and --resume --run-dir "
              + directory
              + "; without them it starts anew");
    }
  }

  private void forPeople(AttemptResult result) {
    terminal.line(
        String.format(
            Locale.ROOT,
            "%s: %,d read, %,d written,%s %,d dirty, %s in %.1f s (%,.0f records/s), %d of %d splits",
            result.state(),
            result.read(),
            result.written(),
            result.skipped() == 0
                ? ""
                : String.format(Locale.ROOT, " %,d skipped,", result.skipped()),
            result.dirty(),
            ProgressBar.bytes(result.bytes()),
            result.seconds(),
            result.recordsPerSecond(),
            result.splitsCommitted(),
            result.splits()));
    if (!result.guaranteeReason().isEmpty()) {
      terminal.line(
          "Guarantee: at least once, because " + Sensitive.plain(result.guaranteeReason()));
    }
    if (!result.diagnosis().isEmpty()) {
      Texts.wrapped(Sensitive.plain(result.diagnosis()), 96).forEach(terminal::line);
    }
  }
}
