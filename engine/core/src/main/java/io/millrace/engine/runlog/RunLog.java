package io.millrace.engine.runlog;

import io.millrace.api.Counted;
import io.millrace.api.Sensitive;
import io.millrace.api.StageLog;
import io.millrace.api.error.OneLine;
import io.millrace.api.error.StandardError;
import io.millrace.api.write.Guarantee;
import io.millrace.engine.attempt.AttemptLog;
import io.millrace.engine.attempt.AttemptResult;
import io.millrace.engine.attempt.Progress;
import io.millrace.engine.attempt.RunState;
import io.millrace.engine.attempt.Stage;
import io.millrace.engine.task.ConnectorSpec;
import io.millrace.engine.task.Secrets;
import io.millrace.engine.task.TaskSettings;
import io.millrace.engine.task.TaskSpec;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The run log of one attempt, {@code run.log} in its run directory, in the five areas and the form
 * of lines that DataWorks users and their parsers know. The log of an earlier attempt in the same
 * directory is kept as {@code run-1.log} and so on.
 *
 * <p>The order of calls: {@link #begin}, then what {@link AttemptLog} has while the attempt runs,
 * then {@link #ended}. Safe for use by several threads. Never throws: an attempt does not fail
 * because its log cannot be written. No secret that the task or a declared option names is ever
 * written.
 */
public final class RunLog implements AttemptLog, AutoCloseable {

  /** The name of the file. */
  public static final String FILE_NAME = "run.log";

  /** So many dirty records are shown; all of them are kept elsewhere. */
  static final int DIRTY_SHOWN = 100;

  /** Below this a speed since the last line would be noise. */
  private static final double SHORT_SECONDS = 0.5;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter FINE_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT);

  private static final Progress NOTHING =
      new Progress(RunState.SUBMIT, null, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  private static final Progress WAITING =
      new Progress(RunState.WAIT, null, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private final TaskSpec task;
  private final Clock clock;
  private final ZoneId zone;
  private final Consumer<String> console;
  private final Secrets secrets;
  private final LineFile file;
  private final StageLogs stages;
  private final Path dirtyDirectory;
  private final Instant submitted;
  private @Nullable Instant started;
  private @Nullable Progress last;
  private long dirtySeen;

  private RunLog(
      Path directory,
      Path dirtyDirectory,
      TaskSpec task,
      Submission submission,
      Clock clock,
      Consumer<String> console,
      Consumer<String> complain,
      boolean keepsMarks) {
    this.task = task;
    this.clock = clock;
    this.zone = task.settings().zone();
    this.console = console;
    this.dirtyDirectory = dirtyDirectory;
    this.secrets =
        task.secrets()
            .collect(task.reader(), submission.readerOptions())
            .collect(task.writer(), submission.writerOptions());
    this.file = new LineFile(directory.resolve(FILE_NAME), complain, keepsMarks);
    this.stages =
        new StageLogs(
            directory,
            secrets,
            () -> FINE_TIME.format(clock.instant().atZone(zone)),
            this::warn,
            complain,
            keepsMarks);
    Instant ready = submission.dispatch().submitted();
    this.submitted = ready == null ? clock.instant() : ready;
  }

  /** The name of the detailed log of a stage, which lies beside the run log. */
  public static String fileName(Stage stage) {
    return StageLogs.fileName(stage);
  }

  /**
   * Opens the log and writes area 1: the start, the parameters, what they were replaced by, and the
   * notes on the task file.
   *
   * @param directory the run directory; made when missing
   * @param dirtyDirectory where the dirty records lie, for the lines that point there
   * @param clock the source of the lines' times, which are in the task's zone
   * @param keepsMarks the files have the marks of what is data ({@link Sensitive}): somebody shows
   *     them who takes the marks away or hides what they mark
   * @param console takes every line as well, without marks; called by several threads, one at a
   *     time
   */
  public static RunLog begin(
      Path directory,
      Path dirtyDirectory,
      TaskSpec task,
      Submission submission,
      Clock clock,
      boolean keepsMarks,
      Consumer<String> console) {
    RunLog log =
        new RunLog(
            directory,
            dirtyDirectory,
            task,
            submission,
            clock,
            console,
            System.err::println,
            keepsMarks);
    log.head(submission);
    return log;
  }

  /**
   * Writes the whole log of an attempt that was dispatched and ended before its task could be read,
   * with the marks of what is data.
   *
   * @param zone of the lines' times
   */
  public static void refused(
      Path directory, Dispatch dispatch, ZoneId zone, Clock clock, AttemptResult result) {
    ConnectorSpec unknown = new ConnectorSpec("unknown", Map.of());
    TaskSpec task =
        new TaskSpec(
            "unknown",
            unknown,
            unknown,
            TaskSettings.defaults(zone),
            true,
            List.of(),
            List.of(),
            Secrets.NONE);
    Submission submission = new Submission(dispatch, List.of(), List.of());
    try (RunLog log =
        new RunLog(
            directory, directory, task, submission, clock, line -> {}, System.err::println, true)) {
      log.start(dispatch);
      log.submitted(dispatch);
      log.end(result, NOTHING);
    }
  }

  static RunLog begin(
      Path directory,
      TaskSpec task,
      Submission submission,
      Clock clock,
      Consumer<String> console,
      Consumer<String> complain) {
    RunLog log =
        new RunLog(
            directory,
            directory.resolve("dirty"),
            task,
            submission,
            clock,
            console,
            complain,
            true);
    log.head(submission);
    return log;
  }

  private synchronized void head(Submission submission) {
    start(submission.dispatch());
    task.parameters().forEach(this::plain);
    line(submitted, "---");
    ParameterArea.lines(task, submission, secrets).forEach(this::plain);
    task.notes().forEach(note -> line(submitted, "NOTE " + note));
    line("Detail log url: " + file.path());
    submitted(submission.dispatch());
  }

  private void start(Dispatch dispatch) {
    plain(
        "Start Job["
            + dispatch.job()
            + "], traceId ["
            + dispatch.traceId()
            + "], running in Pipeline["
            + dispatch.pipeline()
            + "]");
  }

  /** The end of area 1, and area 2 when the attempt waited. */
  private void submitted(Dispatch dispatch) {
    line(submitted, stateLine(NOTHING, 0, 0));
    for (Dispatch.Wait wait : dispatch.waits()) {
      line(wait.at(), stateLine(WAITING, 0, 0));
      line(wait.at(), wait.text());
    }
  }

  @Override
  public void line(String text) {
    line(clock.instant(), text);
  }

  private synchronized void line(Instant at, String text) {
    plain(TIME.format(at.atZone(zone)) + " : " + text);
  }

  @Override
  public void warn(String text) {
    line("WARN " + OneLine.of(text)); // whatever a driver's text in it is
  }

  @Override
  public synchronized void state(Progress progress) {
    if (progress.state() == RunState.RUN && started == null) {
      started = clock.instant();
    }
    Progress before = last;
    last = progress;
    double seconds = before == null ? 0 : progress.seconds() - before.seconds();
    boolean whole = before == null || seconds < SHORT_SECONDS;
    double time = whole ? progress.seconds() : seconds;
    long records = progress.read() - (whole ? 0 : before.read());
    long bytes = progress.bytes() - (whole ? 0 : before.bytes());
    line(stateLine(progress, time > 0 ? records / time : 0, time > 0 ? bytes / time : 0));
  }

  private static String stateLine(Progress progress, double recordSpeed, double byteSpeed) {
    return "State: "
        + progress.state().number()
        + "("
        + progress.state()
        + ") | Total: "
        + Figures.records(progress.read())
        + " "
        + Figures.bytes(progress.bytes())
        + " | Speed: "
        + Figures.records(Math.max(0, recordSpeed))
        + "/s "
        + Figures.bytes(byteSpeed)
        + "/s | Error: "
        + Figures.records(progress.dirty())
        + " "
        + Figures.bytes(progress.dirtyBytes())
        + " | Stage: "
        + Figures.percent(progress.share());
  }

  @Override
  public void stageBegun(Stage stage) {
    line(title(stage) + " begins");
  }

  @Override
  public void stageEnded(AttemptResult.StageTime time) {
    line(
        title(time.name())
            + (time.omitted()
                ? " is omitted: nothing to do, or done by an earlier attempt"
                : " ends after " + Figures.seconds(time.seconds())));
  }

  private static String title(Stage stage) {
    String words =
        switch (stage) {
          case PRE_PREPARATION -> "Pre-preparation";
          case SPLIT -> "Split task";
          case SYNCHRONIZE -> "Synchronize data";
          case POST_PREPARATION -> "Post-preparation";
        };
    return "Stage " + (stage.ordinal() + 1) + " (" + words + ")";
  }

  @Override
  public StageLog stage(Stage stage) {
    return stages.of(stage);
  }

  @Override
  public synchronized void kept(String type, String reason, String line) {
    dirtySeen++;
    if (dirtySeen <= DIRTY_SHOWN) {
      plain(Sensitive.mark(line));
    } else if (dirtySeen == DIRTY_SHOWN + 1) {
      line("further dirty records are not shown here; all are in " + dirtyDirectory);
    }
  }

  @Override
  public synchronized void ended(AttemptResult result, Progress progress) {
    end(result, progress);
    close();
  }

  /** Areas 4 and 5: the error or the summary, the times, and where the detailed logs lie. */
  synchronized void end(AttemptResult result, Progress progress) {
    double seconds =
        result.stages().stream()
            .filter(time -> time.name() == Stage.SYNCHRONIZE)
            .mapToDouble(AttemptResult.StageTime::seconds)
            .sum();
    double byteSpeed = seconds > 0 ? result.bytes() / seconds : 0;
    line(
        stateLine(
            new Progress(
                result.state(),
                null,
                result.read(),
                result.written(),
                result.dirty(),
                progress.dirtyBytes(),
                result.bytes(),
                result.splitsCommitted(),
                result.splits(),
                result.state() == RunState.SUCCESS ? 1 : progress.share(),
                result.seconds()),
            result.recordsPerSecond(),
            byteSpeed));
    AttemptResult.Failure error = result.error();
    if (error != null) {
      plain("ErrorMessage:");
      plain(
          "Code:["
              + error.code()
              + "], Description:["
              + description(error)
              + "]. - "
              + error.message());
    }
    summary(result, byteSpeed);
    times(result);
    links(result);
  }

  private static String description(AttemptResult.Failure error) {
    return Arrays.stream(StandardError.values())
        .filter(each -> each.code().equals(error.code()) && each.kind().name().equals(error.kind()))
        .map(StandardError::description)
        .findFirst()
        .orElse("The attempt failed");
  }

  private void summary(AttemptResult result, double byteSpeed) {
    plain(
        "Total records: read "
            + Figures.records(result.read())
            + ", written "
            + Figures.records(result.written())
            + (result.skipped() == 0 ? "" : ", skipped " + Figures.records(result.skipped()))
            + ", "
            + result.splitsCommitted()
            + " of "
            + Counted.of(result.splits(), "split", "splits")
            + " committed, "
            + Counted.of(result.channels(), "channel", "channels"));
    plain(
        "Average speed: "
            + Figures.records(result.recordsPerSecond())
            + "/s "
            + Figures.bytes(byteSpeed)
            + "/s");
    plain(
        "Waited: for the reader "
            + Figures.seconds(result.readWaitSeconds())
            + ", for the writer "
            + Figures.seconds(result.writeWaitSeconds())
            + ", for the rate limit "
            + Figures.seconds(result.throttledSeconds()));
    if (result.guarantee() != null) {
      boolean exactly = result.guarantee() == Guarantee.EXACTLY_ONCE;
      plain(
          "Guarantee: "
              + (exactly ? "exactly once" : "at least once, because " + result.guaranteeReason()));
    }
    if (!result.diagnosis().isEmpty()) {
      plain("Diagnosis: " + result.diagnosis());
    }
  }

  private void times(AttemptResult result) {
    Instant start = started;
    plain("DI Submit at            : " + TIME.format(submitted.atZone(zone)));
    plain("DI Start at             : " + (start == null ? "-" : TIME.format(start.atZone(zone))));
    plain("DI Finish at            : " + TIME.format(clock.instant().atZone(zone)));
    plain("Dirty data: " + Figures.records(result.dirty()));
    plain("DI job state: " + result.state().number() + "(" + result.state() + ")");
    plain("Current task status: " + (result.cancelled() ? "CANCELLED" : result.state()));
    plain("Exit code of the Shell command " + exitCode(result));
  }

  private static int exitCode(AttemptResult result) {
    if (result.state() == RunState.SUCCESS) {
      return 0;
    }
    if (result.cancelled()) {
      return 130;
    }
    return result.wasRefused() ? 2 : 1;
  }

  private void links(AttemptResult result) {
    stages.begun().forEach((stage, path) -> plain("Detail log of " + title(stage) + ": " + path));
    if (result.dirty() > 0) {
      plain("Dirty records: " + dirtyDirectory);
    }
  }

  private synchronized void plain(String text) {
    String line = LineFile.clean(text, secrets);
    file.write(line);
    try {
      console.accept(Sensitive.plain(line));
    } catch (RuntimeException e) {
      // A console that has gone away takes nothing from the attempt.
      return;
    }
  }

  @Override
  public void close() {
    file.close();
    stages.close();
  }
}
