package io.millrace.dist.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.api.record.Schema;
import io.millrace.dist.replay.DirtyFiles;
import io.millrace.dist.replay.ReplayedFiles;
import io.millrace.engine.connector.PluginConnectors;
import io.millrace.engine.state.AttemptState;
import io.millrace.engine.task.ConnectorSpec;
import io.millrace.engine.task.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace replay-dirty}: corrected dirty records go through their task's writer again. */
@Command(
    name = "replay-dirty",
    description = {
      "Write corrected dirty records with their task's writer.",
      "Correct the rawData of a successful run's dirty/*.jsonl (delete the lines that shall not be"
          + " written), then name the files here."
    })
final class ReplayDirtyCommand implements Callable<Integer> {

  private static final Set<String> WHOLE_SOURCE =
      Set.of("presql", "postsql", "publish", "truncate");

  /** Modes of writing with which nothing of before stays, or nothing may be there. */
  private static final Set<String> ALONE = Set.of("truncate", "nonconflict", "non_conflict");

  private static final Set<String> ONE_FILE = Set.of("writesingleobject", "writesinglefile");

  private static final Pattern UNCOMMITTED = Pattern.compile("\\.uncommitted\\.jsonl$|\\.open$");

  private final MillraceCommand millrace;

  @Mixin private TaskInput input = new TaskInput();

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "DIRTY_FILE",
      description = "Corrected files of dirty records.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--from-run",
      paramLabel = "DIR",
      description = "The run they came from; told from the first file's place when not given.")
  private @Nullable Path fromRun;

  @Option(names = "--run-dir", paramLabel = "DIR", description = "As for run.")
  private @Nullable Path runDirectory;

  @Option(names = "--result", paramLabel = "FILE", description = "As for run.")
  private @Nullable Path resultFile;

  @Option(names = "--resume", description = "Go on with the replay in --run-dir.")
  private boolean resume;

  @Option(
      names = "--again",
      description = "Write records of files that were replayed before a second time.")
  private boolean again;

  ReplayDirtyCommand(MillraceCommand millrace) {
    this.millrace = millrace;
  }

  @Override
  public Integer call() {
    Terminal terminal = millrace.terminal();
    if (resume && runDirectory == null) {
      throw TaskInput.wrong("--resume needs the replay's --run-dir");
    }
    ResultFile result = resultFile == null ? null : new ResultFile(resultFile, terminal);
    Installation installation = millrace.installation();
    TaskSpec task = input.read(installation, terminal);
    Set<Path> seen = new HashSet<>();
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        throw TaskInput.wrong("there is no file of dirty records " + file);
      }
      if (!seen.add(real(file))) {
        throw TaskInput.wrong(file + " is named twice: its records would be written twice");
      }
      if (UNCOMMITTED.matcher(file.getFileName().toString()).find()) {
        throw TaskInput.wrong(
            file
                + " holds records of a split that was not committed: a resume reads them again, so"
                + " that they would be written twice; leave the file out");
      }
    }
    Path run = run();
    Schema source = sourceOf(run, task);
    Path directory =
        runDirectory == null
            ? new RunDirectories(installation.settings().runs(), Clock.systemUTC())
                .next(nameOfReplay(task))
            : runDirectory;
    ReplayedFiles replayed = new ReplayedFiles(run, files, directory, again);
    replayed.refuseTaken();
    DirtyFiles dirty = new DirtyFiles(files, source, replayed);
    TaskSpec replay = replay(task, terminal);
    try (Interruption interruption = new Interruption(terminal);
        PluginConnectors connectors = installation.connectors()) {
      return new AttemptRunner(terminal, dirty.with(connectors), result, interruption)
          .run(replay, directory, resume);
    }
  }

  /**
   * The same writer, but only for the rows: what runs before and after (a TRUNCATE, say) and a
   * publish mode that replaces the table's content were meant for the whole source.
   */
  private static TaskSpec replay(TaskSpec task, Terminal terminal) {
    Map<String, Object> options = new LinkedHashMap<>(task.writer().options());
    options
        .keySet()
        .removeIf(
            key -> {
              boolean whole = WHOLE_SOURCE.contains(key.toLowerCase(Locale.ROOT));
              if (whole) {
                terminal.line("The writer's option " + key + " does not apply to a replay.");
              }
              return whole;
            });
    options.replaceAll((key, value) -> mode(key, value, terminal));
    options.entrySet().removeIf(each -> isOneFile(each.getKey(), each.getValue(), terminal));
    return new TaskSpec(
        nameOfReplay(task),
        new ConnectorSpec(DirtyFiles.NAME, Map.of()),
        new ConnectorSpec(task.writer().connector(), options),
        task.settings(),
        task.strict(),
        task.notes(),
        task.parameters(),
        task.secrets());
  }

  /** Files that truncate would remove hold the records that were not dirty. */
  private static Object mode(String key, Object value, Terminal terminal) {
    boolean alone =
        key.equalsIgnoreCase("writeMode")
            && value instanceof String word
            && ALONE.contains(word.strip().toLowerCase(Locale.ROOT));
    if (!alone) {
      return value;
    }
    terminal.line("A replay adds to what the run has written: writeMode is append.");
    return "append";
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw TaskInput.wrong("there is no file of dirty records " + file);
    }
  }

  private static @Nullable Path runOf(Path file) {
    Path directory = file.toAbsolutePath().normalize().getParent();
    return directory == null ? null : directory.getParent();
  }

  /** The one file that the run has written is whole: nothing can be added to it. */
  private static boolean isOneFile(String key, Object value, Terminal terminal) {
    boolean one =
        ONE_FILE.contains(key.toLowerCase(Locale.ROOT))
            && String.valueOf(value).strip().equalsIgnoreCase("true");
    if (one) {
      terminal.line(
          "A replay writes files of its own, whose names begin with that of the run's file: "
              + key
              + " does not apply.");
    }
    return one;
  }

  private static String nameOfReplay(TaskSpec task) {
    return task.name() + "-replay";
  }

  /** The directory of the run that the records came from, which may be a replay's. */
  private Path run() {
    Path run = fromRun;
    if (run == null) {
      run = runOf(files.get(0));
      for (Path file : files) {
        if (!Objects.equals(run, runOf(file))) {
          throw TaskInput.wrong(
              files.get(0)
                  + " and "
                  + file
                  + " are of two runs; replay them one after the other, or name the run that all"
                  + " records came from with --from-run");
        }
      }
    }
    if (run == null || !RunDirectories.isBegun(run)) {
      throw TaskInput.wrong(
          "it cannot be told which run "
              + files.get(0)
              + " came from; name the run's directory with --from-run");
    }
    return run;
  }

  /** The columns the records had when they were read. */
  private static Schema sourceOf(Path run, TaskSpec task) {
    AttemptState kept;
    try {
      kept = new ObjectMapper().readValue(RunDirectories.state(run).toFile(), AttemptState.class);
    } catch (IOException e) {
      throw TaskInput.wrong(RunDirectories.state(run) + " cannot be read");
    }
    if (!Set.of(task.name(), nameOfReplay(task)).contains(kept.task())) {
      throw TaskInput.wrong(
          "the run in "
              + run
              + " is of task '"
              + kept.task()
              + "', not '"
              + task.name()
              + "'; name the file of that task, or give this one its name (name: "
              + kept.task()
              + " in the short form, else the name of the file)");
    }
    Schema source = kept.source();
    if (!kept.succeeded() || source == null) {
      // Its dirty records may be read again, or what is written now replaced by its publish.
      throw TaskInput.wrong(
          "the run in "
              + run
              + " has not succeeded: going on with it may write the same records again; finish it"
              + " with "
              + (kept.task().equals(task.name()) ? "run" : "replay-dirty")
              + " --resume --run-dir "
              + run
              + ", then replay its dirty records");
    }
    return source;
  }
}
