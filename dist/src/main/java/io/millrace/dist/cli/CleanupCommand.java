package io.millrace.dist.cli;

import io.millrace.api.Counted;
import io.millrace.engine.attempt.CleanUp;
import io.millrace.engine.connector.PluginConnectors;
import io.millrace.engine.task.TaskSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace cleanup}: removes what killed runs of a task left in its target. */
@Command(
    name = "cleanup",
    description = {
      "Remove what killed runs of a task left in its target that nobody will resume: unfinished"
          + " uploads, hidden files, shadow tables, rows of the ledger and ledger topics. Rows that"
          + " are visible stay, and so does what is at work.",
      "What is removed cannot be resumed any more. Targets that leave nothing behind have nothing to"
          + " clean up."
    })
final class CleanupCommand implements Callable<Integer> {

  private final MillraceCommand millrace;

  @Mixin private TaskInput input = new TaskInput();

  @Option(
      names = "--older-than",
      paramLabel = "HOURS",
      defaultValue = "168",
      description = "Only of runs without an attempt for so long; ${DEFAULT-VALUE} by default.")
  private int hours = 168;

  @Option(names = "--dry-run", description = "Only show what would be removed; nothing is changed.")
  private boolean dryRun;

  @Spec private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  CleanupCommand(MillraceCommand millrace) {
    this.millrace = millrace;
  }

  @Override
  public Integer call() {
    if (hours < 0) {
      throw new ParameterException(spec.commandLine(), "--older-than must not be below 0");
    }
    Terminal terminal = millrace.terminal();
    Installation installation = millrace.installation();
    TaskSpec task = input.read(installation, terminal);
    int removed;
    try (PluginConnectors connectors = installation.connectors()) {
      if (dryRun) {
        List<String> found =
            CleanUp.look(
                task, Duration.ofHours(hours), connectors, Clock.systemUTC(), terminal::line);
        found.forEach(terminal::line);
        terminal.line(
            "Would remove what " + Counted.of(found.size(), "run", "runs") + " had left.");
        return ExitCode.SUCCESS;
      }
      removed =
          CleanUp.run(task, Duration.ofHours(hours), connectors, Clock.systemUTC(), terminal::line);
    }
    terminal.line("Removed what " + Counted.of(removed, "run", "runs") + " had left.");
    return ExitCode.SUCCESS;
  }
}
