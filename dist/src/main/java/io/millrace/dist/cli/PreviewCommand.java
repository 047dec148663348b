package io.millrace.dist.cli;

import io.millrace.api.record.Field;
import io.millrace.dist.text.Texts;
import io.millrace.engine.attempt.DryRun;
import io.millrace.engine.connector.PluginConnectors;
import io.millrace.engine.task.TaskSpec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace preview}: a look at the source. */
@Command(name = "preview", description = "Show the first records of a task's source.")
final class PreviewCommand implements Callable<Integer> {

  private final MillraceCommand millrace;

  @Mixin private TaskInput input = new TaskInput();

  @Option(
      names = {"-n", "--records"},
      paramLabel = "COUNT",
      defaultValue = "20",
      description = "How many, 1 to 10000; ${DEFAULT-VALUE} when not given.")
  private int count;

  PreviewCommand(MillraceCommand millrace) {
    this.millrace = millrace;
  }

  @Override
  public Integer call() {
    if (count < 1 || count > 10_000) {
      throw TaskInput.wrong("-n must be between 1 and 10000, found " + count);
    }
    Terminal terminal = millrace.terminal();
    Installation installation = millrace.installation();
    TaskSpec task = input.read(installation, terminal);
    try (PluginConnectors connectors = installation.connectors();
        DryRun dry = DryRun.of(task, connectors, Clock.systemUTC(), terminal::warn)) {
      DryRun.Preview preview = dry.preview(count);
      List<List<String>> rows = new ArrayList<>();
      for (List<@Nullable String> record : preview.records()) {
        rows.add(record.stream().map(value -> value == null ? "NULL" : value).toList());
      }
      List<String> header = preview.source().fields().stream().map(Field::name).toList();
      Texts.table(header, rows, 40).forEach(terminal::line);
      preview.dirty().forEach(line -> terminal.warn("a record cannot be read: " + line));
    }
    return ExitCode.SUCCESS;
  }
}
