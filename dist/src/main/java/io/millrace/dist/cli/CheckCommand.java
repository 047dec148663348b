package io.millrace.dist.cli;

import io.millrace.api.Counted;
import io.millrace.api.read.Split;
import io.millrace.api.record.Field;
import io.millrace.dist.text.Texts;
import io.millrace.engine.attempt.DeclaredOptions;
import io.millrace.engine.attempt.DryRun;
import io.millrace.engine.connector.PluginConnectors;
import io.millrace.engine.task.Secrets;
import io.millrace.engine.task.TaskSpec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code millrace check}: what a run would do, without doing it. */
@Command(
    name = "check",
    description = "Validate a task, connect, and show its plan with every split. Writes nothing.")
final class CheckCommand implements Callable<Integer> {

  private final MillraceCommand millrace;

  @Mixin private TaskInput input = new TaskInput();

  CheckCommand(MillraceCommand millrace) {
    this.millrace = millrace;
  }

  @Override
  public Integer call() {
    Terminal terminal = millrace.terminal();
    Installation installation = millrace.installation();
    TaskSpec task = input.read(installation, terminal);
    task.notes().forEach(terminal::warn);
    try (PluginConnectors connectors = installation.connectors();
        DryRun dry = DryRun.of(task, connectors, Clock.systemUTC(), terminal::warn)) {
      show(terminal, task, DeclaredOptions.of(task, connectors).secrets(task), dry.plan());
    }
    return ExitCode.SUCCESS;
  }

  private static void show(Terminal terminal, TaskSpec task, Secrets secrets, DryRun.Plan plan) {
    terminal.line(
        "Task "
            + task.name()
            + ": "
            + task.reader().connector()
            + " -> "
            + task.writer().connector());
    task.parameters().forEach(line -> terminal.line("  " + secrets.redact(line)));
    terminal.line("");
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < plan.source().size(); i++) {
      Field from = plan.source().field(i);
      Field to = plan.target().field(i);
      rows.add(List.of(from.name(), type(from), "->", to.name(), type(to)));
    }
    Texts.table(List.of("source", "type", "", "target", "type"), rows, 40).forEach(terminal::line);
    terminal.line("");
    int splits = plan.splits().splits().size();
    terminal.line(
        Counted.of(splits, "split", "splits")
            + ", at most "
            + Math.min(
                Math.min(plan.channels(), plan.splits().maxConcurrency()), Math.max(splits, 1))
            + " at once. Rule: "
            + plan.splits().rule());
    for (Split split : plan.splits().splits()) {
      terminal.line(
          "  "
              + split.id()
              + "  "
              + (split.estimatedRecords() < 0
                  ? ""
                  : String.format(Locale.ROOT, "~%,d records  ", split.estimatedRecords()))
              + split.description());
    }
    terminal.line("");
    terminal.line("The task is right. Nothing was written.");
  }

  private static String type(Field field) {
    String name = field.nativeType();
    return (name == null ? field.type().name().toLowerCase(Locale.ROOT) : name)
        + (field.nullable() ? "" : " not null");
  }
}
