package io.millrace.dist.cli;

import io.millrace.api.error.MillraceException;
import io.millrace.engine.connector.PluginConnectors;
import io.millrace.engine.task.TaskSpec;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace run}: one attempt of one task. */
@Command(name = "run", description = "Run a task.")
final class RunCommand implements Callable<Integer> {

  private final MillraceCommand millrace;

  @Mixin private TaskInput input = new TaskInput();

  @Option(
      names = "--result",
      paramLabel = "FILE",
      description = "Write what the run came to, as JSON; - is standard output.")
  private @Nullable Path resultFile;

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      description =
          "Holds logs, dirty records and the state for --resume;"
              + " runs/TASK-TIME-ID when not given.")
  private @Nullable Path runDirectory;

  @Option(
      names = "--resume",
      description =
          "Go on with the run in --run-dir, or begin it there; without --run-dir, go on with the"
              + " newest unfinished run of this task.")
  private boolean resume;

  RunCommand(MillraceCommand millrace) {
    this.millrace = millrace;
  }

  @Override
  public Integer call() {
    Terminal terminal = millrace.terminal();
    ResultFile result = resultFile == null ? null : new ResultFile(resultFile, terminal);
    try (Interruption interruption = new Interruption(terminal)) {
      Installation installation = millrace.installation();
      TaskSpec task = input.read(installation, terminal);
      try (PluginConnectors connectors = installation.connectors()) {
        AttemptRunner runner = new AttemptRunner(terminal, connectors, result, interruption);
        Path directory = directory(task, installation.settings().runs());
        TaskSpec asSubmitted =
            resume ? input.read(installation, SubmittedTime.clock(directory)) : task;
        int code = runner.run(asSubmitted, directory, resume);
        if (code == ExitCode.SUCCESS) {
          ClassData.keep(connectors.used());
        }
        return code;
      }
    } catch (MillraceException e) {
      if (result != null) {
        result.write(ResultFile.refused(e), null);
      }
      throw e;
    }
  }

  private Path directory(TaskSpec task, Path runs) {
    if (runDirectory != null) {
      return runDirectory;
    }
    RunDirectories directories = new RunDirectories(runs, Clock.systemUTC());
    if (!resume) {
      return directories.next(task.name());
    }
    return directories
        .newestUnfinished(task.name())
        .orElseThrow(
            () ->
                TaskInput.wrong(
                    "there is no unfinished run of task '"
                        + task.name()
                        + "' in "
                        + runs.toAbsolutePath()
                        + "; name its directory with --run-dir"));
  }
}
