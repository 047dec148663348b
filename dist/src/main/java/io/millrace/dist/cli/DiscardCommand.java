package io.millrace.dist.cli;

import io.millrace.engine.attempt.Discard;
import io.millrace.engine.connector.PluginConnectors;
import io.millrace.engine.task.TaskSpec;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code millrace discard}: gives up a run instead of resuming it. */
@Command(
    name = "discard",
    description = {
      "Give up an unfinished run: what it staged in the target is removed, and it cannot be"
          + " resumed. Its logs and dirty records stay, and so do rows that are already visible.",
      "Takes the task file again, because a run directory holds no password."
    })
final class DiscardCommand implements Callable<Integer> {

  private final MillraceCommand millrace;

  @Mixin private TaskInput input = new TaskInput();

  @Parameters(index = "1", paramLabel = "RUN_DIR", description = "The run's directory.")
  private Path runDirectory = Path.of("");

  DiscardCommand(MillraceCommand millrace) {
    this.millrace = millrace;
  }

  @Override
  public Integer call() {
    Terminal terminal = millrace.terminal();
    Installation installation = millrace.installation();
    TaskSpec task = input.read(installation, terminal);
    try (PluginConnectors connectors = installation.connectors()) {
      Discard.run(task, runDirectory, connectors, Clock.systemUTC(), terminal::line);
    }
    terminal.line("The run in " + runDirectory + " is given up.");
    return ExitCode.SUCCESS;
  }
}
