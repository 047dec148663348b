package io.millrace.dist.cli;

import io.millrace.api.record.Field;
import io.millrace.dist.text.Texts;
import io.millrace.engine.attempt.SourceLook;
import io.millrace.engine.connector.PluginConnectors;
import io.millrace.engine.task.SourceSpec;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace preview}: a look at the source. */
@Command(name = "preview", description = "Show the first records of a task's source.")
final class PreviewCommand implements Callable<Integer> {

  /** More than a table shows of one. */
  private static final int CHARACTERS = 100;

  private static final long ALL_CHARACTERS = 20_000_000;

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
    SourceSpec source = input.readSource(installation, terminal);
    try (PluginConnectors connectors = installation.connectors();
        SourceLook look =
            SourceLook.of(
                source,
                connectors,
                new SourceLook.Bounds(
                    count, CHARACTERS, ALL_CHARACTERS, source.settings().maxValueBytes()),
                Clock.systemUTC())) {
      SourceLook.Seen seen = look.records();
      List<List<String>> rows = seen.records().stream().map(Texts::record).toList();
      List<String> header = seen.columns().fields().stream().map(Field::name).toList();
      Texts.table(header, rows, 40).forEach(terminal::data);
      seen.dirty().forEach(line -> terminal.warn("a record cannot be read: " + line));
      seen.notes().forEach(terminal::warn);
    }
    return ExitCode.SUCCESS;
  }
}
