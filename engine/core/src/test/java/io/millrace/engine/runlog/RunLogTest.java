package io.millrace.engine.runlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.write.Guarantee;
import io.millrace.engine.attempt.AttemptResult;
import io.millrace.engine.attempt.Progress;
import io.millrace.engine.attempt.RunState;
import io.millrace.engine.attempt.Stage;
import io.millrace.engine.task.ConnectorSpec;
import io.millrace.engine.task.ReadSettings;
import io.millrace.engine.task.Secrets;
import io.millrace.engine.task.TaskFiles;
import io.millrace.engine.task.TaskSettings;
import io.millrace.engine.task.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogTest {

  private static final List<ConfigOption<?>> DECLARED =
      List.of(
          ConfigOption.string("pin", "d").asSecret(),
          ConfigOption.strings("table", "d"),
          ConfigOption.string("jdbcUrl", "d").asUrl(List.of()),
          ConfigOption.string("object", "d"));

  @TempDir Path directory;
  private final TestClock clock = new TestClock();
  private final List<String> console = Collections.synchronizedList(new ArrayList<>());
  private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());

  private RunLog begin(TaskSpec task) {
    return RunLog.begin(
        directory,
        task,
        new Submission("46521867", "t-1", "basecommon_group_1", DECLARED, DECLARED),
        clock,
        console::add,
        complaints::add);
  }

  private static TaskSpec task() {
    Map<String, Object> reader = new LinkedHashMap<>();
    reader.put("table", List.of("orders"));
    reader.put("password", "hunter2!");
    reader.put("pin", 998877);
    reader.put("jdbcUrl", "jdbc:mysql://h/d?password=in-the-url");
    reader.put("properties", Map.of("token", "nested-token"));
    Map<String, Object> writer = new LinkedHashMap<>();
    writer.put("object", "orders/dt=20261121");
    writer.put("nothing", null);
    return new TaskSpec(
        "orders",
        new ConnectorSpec("mysql", reader),
        new ConnectorSpec("oss", writer),
        TaskSettings.defaults(ZoneId.of("Asia/Shanghai")).withChannels(2),
        false,
        List.of("core.x has no meaning here"),
        List.of("${bizdate}->20261121"),
        Secrets.of("from-a-file"));
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(directory.resolve("run.log")).stream().map(Sensitive::plain).toList();
  }

  private static Progress progress(RunState state, long read, long bytes, double share, double s) {
    return new Progress(state, null, read, read, 12, 340, bytes, 3, 9, share, s);
  }

  private static AttemptResult result(AttemptResult.@Nullable Failure error, boolean cancelled) {
    Instant start = Instant.parse("2026-11-22T06:45:50Z");
    return new AttemptResult(
        error == null ? RunState.SUCCESS : RunState.FAIL,
        cancelled,
        1000,
        988,
        0,
        12,
        2 << 20,
        12,
        100,
        2,
        9,
        9,
        Guarantee.EXACTLY_ONCE,
        "",
        List.of(
            new AttemptResult.StageTime(
                Stage.SYNCHRONIZE, start, start.plusSeconds(10), 10, false)),
        1.5,
        2.25,
        0,
        "The source was slow.",
        error);
  }

  @Test
  void theFilesKeepTheMarksOnlyWhereSomebodyShowsThem() throws Exception {
    for (boolean keepsMarks : new boolean[] {true, false}) {
      Path run = directory.resolve("marks-" + keepsMarks);
      try (RunLog log =
          RunLog.begin(
              run,
              run,
              task(),
              new Submission("1", "1", "p", DECLARED, DECLARED),
              clock,
              keepsMarks,
              console::add)) {
        log.warn("the value '" + Sensitive.mark("Zmarker") + "' is bad");
        log.stage(Stage.SPLIT).info("from " + Sensitive.mark("Zmarker\n".repeat(20_000)));
        log.kept("reader", "why", "{\"rawData\":\"Zmarker\"}");
      }
      for (String name : List.of("run.log", "stage-2-split.log")) {
        String text = Files.readString(run.resolve(name));
        assertThat(text).contains("Zmarker");
        assertThat(Sensitive.isMarked(text)).isEqualTo(keepsMarks);
        for (String line : text.lines().toList()) {
          assertThat(keepsMarks && Sensitive.hidden(line).contains("Zmarker")).isFalse();
        }
      }
    }
    assertThat(console).noneMatch(Sensitive::isMarked).anyMatch(line -> line.contains("Zmarker"));
  }

  @Test
  void aViewerDoesNotSeeWhatAGivenParameterHasBecomeAlsoWhereItIsAName() throws Exception {
    Path text = directory.resolve("task.yaml");
    Files.writeString(
        text,
        "reader: {stream: {table: ['o_${p}', plain], object: '${p}', column: [{name: '$[yyyy]'}]}}\n"
            + "writer: {stream: {table: ['${p}'], object: {path: 'a/${p}'}}}\n");
    TaskSpec task =
        TaskFiles.read(
            text,
            ReadSettings.defaults()
                .withClock(clock, ZoneId.of("Asia/Shanghai"))
                .withParameters(Map.of("p", "Zmarker")));
    try (RunLog log =
        RunLog.begin(
            directory,
            directory,
            task,
            new Submission("1", "1", "p", DECLARED, DECLARED),
            clock,
            true,
            console::add)) {
      log.warn("begun");
    }
    String all = Files.readString(directory.resolve("run.log"));
    assertThat(all).contains("Zmarker");
    assertThat(Sensitive.hidden(all)).doesNotContain("Zmarker").contains("column=[[{\"name\"");
  }

  @Test
  void hasTheFiveAreasOfASuccess() throws Exception {
    try (RunLog log = begin(task())) {
      clock.pass(Duration.ofSeconds(8));
      log.state(progress(RunState.RUN, 0, 0, 0, 8));
      log.stageBegun(Stage.PRE_PREPARATION);
      log.stage(Stage.PRE_PREPARATION).info("delete from orders: 0.2 s");
      log.stageEnded(stage(Stage.PRE_PREPARATION, 0.25, false));
      log.stageEnded(stage(Stage.SPLIT, 0, true));
      clock.pass(Duration.ofSeconds(10));
      log.state(progress(RunState.RUN, 81920, 9541632, 0.41, 18));
      log.stage(Stage.SYNCHRONIZE).warn("split 3 try 1: deadlock");
      log.kept("writer", "too long", "{\"exception\":\"too long\",\"type\":\"writer\"}");
      log.end(result(null, false), progress(RunState.SUCCESS, 1000, 2 << 20, 1, 20));
    }

    assertThat(String.join("\n", lines()).replace(directory.toString(), "DIR"))
        .isEqualTo(
            """
            Start Job[46521867], traceId [t-1], running in Pipeline[basecommon_group_1]
            ${bizdate}->20261121
            2026-11-22 14:45:42 : ---
            Reader: mysql
                                        table=[["orders"]                    ]
                                     password=[***                           ]
                                          pin=[***                           ]
                                      jdbcUrl=[jdbc:mysql://h/d?password=*** ]
                                   properties=[{"token":"***"}               ]
            Writer: oss
                                       object=[orders/dt=20261121            ]
                                      nothing=[null                          ]
            Setting:
                                        speed=[{"concurrent":2,"throttle":false}]
                                   errorLimit=[{}                            ]
                                     timeZone=[Asia/Shanghai                 ]
                                 splitRetries=[3                             ]
                                 stallTimeout=[1800s                         ]
            2026-11-22 14:45:42 : NOTE core.x has no meaning here
            2026-11-22 14:45:42 : Detail log url: DIR/run.log
            2026-11-22 14:45:42 : State: 1(SUBMIT) | Total: 0R 0B | Speed: 0R/s 0B/s | Error: 0R 0B | Stage: 0.0%
            2026-11-22 14:45:50 : State: 3(RUN) | Total: 0R 0B | Speed: 0R/s 0B/s | Error: 12R 340B | Stage: 0.0%
            2026-11-22 14:45:50 : Stage 1 (Pre-preparation) begins
            2026-11-22 14:45:50 : Stage 1 (Pre-preparation) ends after 0.250 s
            2026-11-22 14:45:50 : Stage 2 (Split task) is omitted: nothing to do, or done by an earlier attempt
            2026-11-22 14:46:00 : State: 3(RUN) | Total: 81920R 9.1MB | Speed: 8192R/s 931.8KB/s | Error: 12R 340B | Stage: 41.0%
            2026-11-22 14:46:00 : WARN split 3 try 1: deadlock
            {"exception":"too long","type":"writer"}
            2026-11-22 14:46:00 : State: 0(SUCCESS) | Total: 1000R 2.0MB | Speed: 100R/s 204.8KB/s | Error: 12R 340B | Stage: 100.0%
            Total records: read 1000R, written 988R, 9 of 9 splits committed, 2 channels
            Average speed: 100R/s 204.8KB/s
            Waited: for the reader 1.500 s, for the writer 2.250 s, for the rate limit 0.000 s
            Guarantee: exactly once
            Diagnosis: The source was slow.
            DI Submit at            : 2026-11-22 14:45:42
            DI Start at             : 2026-11-22 14:45:50
            DI Finish at            : 2026-11-22 14:46:00
            Dirty data: 12R
            DI job state: 0(SUCCESS)
            Current task status: SUCCESS
            Exit code of the Shell command 0
            Detail log of Stage 1 (Pre-preparation): DIR/stage-1-pre-preparation.log
            Detail log of Stage 3 (Synchronize data): DIR/stage-3-synchronize.log
            Dirty records: DIR/dirty""");
    assertThat(console).isEqualTo(lines());
    assertThat(directory.resolve("stage-1-pre-preparation.log"))
        .content()
        .isEqualTo("2026-11-22 14:45:50.000 : delete from orders: 0.2 s\n");
    assertThat(directory.resolve("stage-3-synchronize.log"))
        .content()
        .isEqualTo("2026-11-22 14:46:00.000 : WARN split 3 try 1: deadlock\n");
    assertThat(directory.resolve("stage-2-split.log")).doesNotExist();
    assertThat(complaints).isEmpty();
  }

  private static AttemptResult.StageTime stage(Stage stage, double seconds, boolean omitted) {
    return new AttemptResult.StageTime(stage, Instant.EPOCH, Instant.EPOCH, seconds, omitted);
  }

  @Test
  void failureHasItsCodeAndMessage() throws Exception {
    try (RunLog log = begin(task())) {
      log.end(
          result(new AttemptResult.Failure("DBUtilErrorCode-07", "USER", "no table 't'"), false),
          progress(RunState.FAIL, 1000, 2 << 20, 0.5, 20));
    }

    assertThat(lines())
        .containsSubsequence(
            "ErrorMessage:",
            "Code:[DBUtilErrorCode-07], Description:[Reading was refused]. - no table 't'",
            "DI Start at             : -",
            "Dirty data: 12R",
            "DI job state: 4(FAIL)",
            "Current task status: FAIL",
            "Exit code of the Shell command 1")
        .anyMatch(
            line ->
                line.endsWith(
                    "State: 4(FAIL) | Total: 1000R 2.0MB | Speed: 100R/s"
                        + " 204.8KB/s | Error: 12R 340B | Stage: 50.0%"));
  }

  @Test
  void aRefusalHasTheExitCodeOfItsProcess() throws Exception {
    MillraceException wrong = new MillraceException(StandardError.ACCESS_DENIED, "no such account");
    try (RunLog log = begin(task())) {
      log.end(AttemptResult.refused(wrong, false), progress(RunState.FAIL, 0, 0, 0, 1));
    }

    assertThat(lines()).contains("Exit code of the Shell command 2");
  }

  @Test
  void cancellationHasItsExitCode() throws Exception {
    try (RunLog log = begin(task())) {
      log.end(
          result(new AttemptResult.Failure("x", "USER", "Ctrl-C"), true),
          progress(RunState.FAIL, 0, 0, 0, 1));
    }

    assertThat(lines()).contains("Exit code of the Shell command 130");
  }

  @Test
  void nothingThatIsWrittenHoldsASecret() throws Exception {
    String all = "hunter2! 998877 in-the-url nested-token from-a-file";
    try (RunLog log = begin(task())) {
      log.line(all);
      log.warn(all);
      log.kept("reader", "why", "{\"rawData\":\"" + all + "\"}");
      for (Stage stage : Stage.values()) {
        log.stage(stage).info(all);
        log.stage(stage).warn(all);
      }
      log.end(
          result(new AttemptResult.Failure("x", "USER", all), false),
          progress(RunState.FAIL, 0, 0, 0, 1));
    }

    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        assertThat(file).content().doesNotContain(all.split(" "));
      }
    }
    assertThat(String.join("\n", console)).doesNotContain(all.split(" ")).contains("***");
  }

  @Test
  void aLineIsOneLineOfBoundedLength() throws Exception {
    try (RunLog log = begin(task())) {
      log.line("one\ntwo\r\nDI job state: 0(SUCCESS)\u001b[31m\u2028x\ty");
      log.line("x".repeat(5_000_000));
      log.line("y".repeat(LineFile.MAX_LINE + 1));
    }

    List<String> lines = lines();
    assertThat(lines.get(lines.size() - 3))
        .endsWith("one\\ntwo\\r\\nDI job state: 0(SUCCESS)\\u001b[31m\\u2028x\ty");
    assertThat(lines.get(lines.size() - 2)).hasSizeLessThan(70_000).endsWith("characters, cut]");
    assertThat(lines.get(lines.size() - 1)).hasSizeLessThan(70_000).endsWith("characters, cut]");
  }

  @Test
  void onlyTheFirstDirtyRecordsAreShown() throws Exception {
    try (RunLog log = begin(task())) {
      for (int i = 0; i < 250; i++) {
        log.kept("reader", "why", "{\"n\":" + i + "}");
      }
    }

    assertThat(lines())
        .filteredOn(line -> line.startsWith("{\"n\""))
        .hasSize(RunLog.DIRTY_SHOWN)
        .startsWith("{\"n\":0}");
    assertThat(lines()).filteredOn(line -> line.contains("further dirty records")).hasSize(1);
  }

  @Test
  void everyLineIsOnDiskAtOnce() throws Exception {
    try (RunLog log = begin(task())) {
      log.line("now");
      assertThat(lines()).last().asString().endsWith("now");
    }
  }

  @Test
  void logOfAnEarlierAttemptIsKept() throws Exception {
    for (int i = 0; i < 3; i++) {
      try (RunLog log = begin(task())) {
        log.line("attempt " + i);
        log.stage(Stage.SPLIT).info("attempt " + i);
      }
    }

    assertThat(directory.resolve("run-1.log")).content().contains("attempt 0");
    assertThat(directory.resolve("run-2.log")).content().contains("attempt 1");
    assertThat(directory.resolve("run.log")).content().contains("attempt 2");
    assertThat(directory.resolve("stage-2-split-1.log")).content().contains("attempt 0");
    assertThat(directory.resolve("stage-2-split.log")).content().contains("attempt 2");
  }

  @Test
  void aLogThatCannotBeWrittenStopsNothing() throws Exception {
    Path blocked = Files.writeString(directory.resolve("file"), "not a directory");
    RunLog log =
        RunLog.begin(
            blocked.resolve("run"),
            task(),
            new Submission("1", "1", "p", List.of(), List.of()),
            clock,
            line -> {
              throw new IllegalStateException("console is gone");
            },
            complaints::add);
    log.line("a");
    log.stage(Stage.SPLIT).info("b");
    log.stage(Stage.SPLIT).info("c");
    log.end(result(null, false), progress(RunState.SUCCESS, 1, 1, 1, 1));
    log.close();
    log.line("after close");
    log.close();

    assertThat(complaints)
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).contains("the attempt goes on without it"));
  }

  @Test
  void manyThreadsWriteWholeLines() throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    try (RunLog log = begin(task())) {
      List<Thread> threads =
          IntStream.range(0, 8)
              .mapToObj(
                  number ->
                      new Thread(
                          () -> {
                            await(start);
                            for (int i = 0; i < 200; i++) {
                              log.line("thread " + number + " line " + i + " end");
                              log.stage(Stage.SYNCHRONIZE).warn("w " + i + " end");
                              log.state(progress(RunState.RUN, i, i, 0, i));
                              Thread.currentThread().interrupt();
                            }
                          }))
              .toList();
      threads.forEach(Thread::start);
      start.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
    }

    assertThat(lines()).hasSize(8 * 600 + headLines()).isEqualTo(console);
    assertThat(lines().subList(headLines(), lines().size()))
        .allMatch(line -> line.matches("2026-11-22 14:45:42 : (thread|WARN|State).*(end|0\\.0%)"));
    assertThat(complaints).isEmpty();
  }

  private int headLines() {
    return (int) console.stream().takeWhile(line -> !line.contains("1(SUBMIT)")).count() + 1;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class TestClock extends Clock {
    private Instant now = Instant.parse("2026-11-22T06:45:42Z");

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public ZoneId getZone() {
      return ZoneId.of("UTC");
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
