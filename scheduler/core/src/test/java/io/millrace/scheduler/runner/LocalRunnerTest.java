package io.millrace.scheduler.runner;

import static io.millrace.scheduler.runner.Orders.earlier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.api.Sensitive;
import io.millrace.api.error.StandardError;
import io.millrace.engine.attempt.AttemptResult;
import io.millrace.engine.attempt.RunState;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.runlog.Dispatch;
import io.millrace.testkit.memory.MemoryConnector;
import io.millrace.testkit.memory.MemoryTable;
import io.millrace.testkit.sample.Records;
import io.millrace.testkit.sample.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LocalRunnerTest {

  private static final String SCRIPT =
      """
      reader: {source: {table: from, splitRecords: 10}}
      writer: {target: {table: into}}
      setting: {channels: 2, retries: 0}
      """;

  private final Sample sample = Sample.plain(100);
  private final MemoryConnector targets = new MemoryConnector("target");
  private final MemoryTable target = targets.table("into", sample.schema());
  private final Orders.Ended ended = new Orders.Ended();
  @TempDir Path runs;
  private RunDirectories directories;
  private MemoryTable source;
  private LocalRunner runner;

  @BeforeEach
  void begin() {
    directories = new RunDirectories(runs);
    MemoryConnector sources = new MemoryConnector("source");
    source = sources.table("from", sample);
    runner = runner(sources);
  }

  private LocalRunner runner(MemoryConnector sources) {
    return new LocalRunner(Connectors.of(sources, targets), directories, Clock.systemUTC());
  }

  /** Another process: its source does not block when the first one's does. */
  private LocalRunner otherRunner() {
    MemoryConnector sources = new MemoryConnector("source");
    sources.table("from", sample);
    return runner(sources);
  }

  private RunOutcome run(RunOrder order) throws InterruptedException {
    runner.start(order, ended::accept);
    return ended.await();
  }

  private String log(long instance, int attempt) {
    return new AttemptLogs(directories).view(instance, attempt, LogFile.RUN).orElseThrow().text();
  }

  private void assertSuccess(RunOutcome outcome) {
    assertThat(outcome.result().error()).isNull();
    assertThat(outcome.result().state()).isEqualTo(RunState.SUCCESS);
  }

  private void assertCopied() {
    assertThat(Records.sorted(target.texts())).isEqualTo(Records.sorted(sample.texts()));
  }

  /** Starts an attempt that blocks after some of its splits were committed. */
  private RunningAttempt startAndBlock(RunOrder order) throws InterruptedException {
    // Told by the source and not by looking again and again, which may come when all is done.
    source.faults().callAt(70, () -> source.faults().block());
    RunningAttempt attempt = runner.start(order, ended::accept);
    assertThat(source.faults().awaitBlocked(Duration.ofSeconds(10))).isTrue();
    await().until(() -> attempt.progress().splitsDone() >= 2);
    return attempt;
  }

  @Test
  void anAttemptIsRunAndItsLogHasTheFiveAreas() throws Exception {
    String script = SCRIPT.replace("table: from", "table: '${where}from'");
    Orders orders =
        Orders.of(46521867, script.replace("${where}", ""))
            .waited(
                new Dispatch.Wait(
                    Orders.NOW.minusSeconds(30), "queue position 2; slots held by 11 (2), 12 (1)"));
    RunOutcome outcome = run(orders.attempt(1, 1));

    assertSuccess(outcome);
    assertThat(outcome.instanceId()).isEqualTo(46521867);
    assertThat(outcome.attempt()).isEqualTo(1);
    assertThat(outcome.begun()).isTrue();
    assertCopied();
    assertThat(log(46521867, 1))
        .containsSubsequence(
            "Start Job[46521867], traceId [",
            "running in Pipeline[basecommon_group_7]",
            "2026-11-22 08:59:00 : State: 1(SUBMIT) | Total: 0R 0B",
            "2026-11-22 08:59:30 : State: 2(WAIT) | Total: 0R 0B | Speed: 0R/s 0B/s | Error: 0R 0B"
                + " | Stage: 0.0%",
            "2026-11-22 08:59:30 : queue position 2; slots held by 11 (2), 12 (1)",
            "State: 3(RUN)",
            "State: 0(SUCCESS) | Total: 100R",
            "DI Submit at            : 2026-11-22 08:59:00",
            "Detail log of Stage 3");
    assertThat(ended.isEmpty()).isTrue();
  }

  @Test
  void frozenValuesArePutInAndLogged() throws Exception {
    targets.table("into-20261121-x-1-0230", sample.schema());
    String script =
        SCRIPT.replace("table: into", "table: 'into-${bizdate}-${mark}-$[hh24mi]'")
            + "name: t-${gmtdate}\n";
    assertSuccess(run(Orders.of(5, script).attempt(1, 1)));
    assertThat(Sensitive.plain(log(5, 1)))
        .contains("${bizdate}->20261121\n", "${mark}->x-1\n", "$[hh24mi]->0230\n")
        .contains("into-20261121-x-1-0230");
  }

  @Test
  void aTaskThatCannotBeReadIsRefusedInOneLineOfItsLog() throws Exception {
    RunOutcome outcome = run(Orders.of(6, "reader: {}\n").attempt(1, 1));

    assertThat(outcome.begun()).isFalse();
    AttemptResult.Failure error = outcome.result().error();
    assertThat(error).isNotNull();
    assertThat(error.code()).isEqualTo(StandardError.CONFIGURATION.code());
    assertThat(error.message()).startsWith("copy: reader is missing");
    assertThat(log(6, 1))
        .containsSubsequence(
            "Start Job[6]",
            "State: 1(SUBMIT)",
            "State: 4(FAIL)",
            "ErrorMessage:",
            "Code:[Framework-03]",
            "Current task status: FAIL");
  }

  @Test
  void aScriptReadsNeitherFilesNorVariablesOfTheServer() throws Exception {
    for (String reference : List.of("{file: /etc/hostname}", "{env: PATH}")) {
      String script = SCRIPT.replace("table: from", "table: from, password: " + reference);
      RunOutcome outcome = run(Orders.of(7, script).attempt(1, 1));
      assertThat(outcome.result().error()).isNotNull();
      assertThat(outcome.result().error().message()).contains("put it into a data source");
    }
  }

  @Test
  void theValuesOfADataSourceAreNowhereOnTheDisk() throws Exception {
    String script =
        """
        {"job": {"content": [{
          "reader": {"name": "source", "parameter": {"datasource": "shop", "splitRecords": 10}},
          "writer": {"name": "target", "parameter": {"table": "into"}}}],
          "setting": {"speed": {"channel": 2}}}}
        """;
    Orders orders =
        Orders.of(8, script)
            .with(
                name ->
                    name.equals("shop")
                        ? Optional.of(Map.of("table", "from", "password", "hunter2-secret"))
                        : Optional.empty());
    assertSuccess(run(orders.attempt(1, 1)));
    try (Stream<Path> files = Files.walk(runs)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .doesNotContain("hunter2");
      }
    }

    RunOutcome unknown = run(Orders.of(9, script).attempt(1, 1));
    assertThat(unknown.result().error().message())
        .contains("names the data source 'shop', which does not exist");
  }

  @Test
  void aCancelledAttemptEndsAndTheNextOneGoesOn() throws Exception {
    Orders orders = Orders.of(10, SCRIPT);
    RunningAttempt first = startAndBlock(orders.attempt(1, 1));
    long begin = System.nanoTime();
    first.cancel("anna stops it");
    RunOutcome cancelled = ended.await();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    assertThat(cancelled.result().cancelled()).isTrue();
    assertThat(cancelled.result().error().message()).isEqualTo("anna stops it");
    source.faults().unblock();
    int before = target.size();
    assertThat(before).isBetween(20, 90);

    assertSuccess(run(orders.attempt(2, 1, earlier(1))));
    assertCopied();
    assertThat(log(10, 2)).contains(before / 10 + " of 10 splits were committed before");
    assertThat(log(10, 1)).contains("Current task status: CANCELLED");
  }

  @Test
  void anAttemptThatWasTakenForDeadAndWakesUpIsRefused() throws Exception {
    Orders orders = Orders.of(11, SCRIPT);
    startAndBlock(orders.attempt(1, 1));
    int before = target.size();

    otherRunner().start(orders.attempt(2, 1, earlier(1)), ended::accept);
    assertSuccess(ended.await());
    assertThat(before).isLessThan(100);
    assertCopied();

    source.faults().unblock();
    RunOutcome late = ended.await();
    assertThat(late.attempt()).isEqualTo(1);
    assertThat(late.result().error().code()).isEqualTo(StandardError.FENCED.code());
    assertCopied();
  }

  /** Runs attempt 2, and attempt 1 to its end after 2 has looked at what 1 has kept. */
  private RunOutcome runWithAnEarlierOneMeanwhile(Orders orders) throws InterruptedException {
    directories.reserve(orders.instance(), 1, 1);
    MemoryConnector sources = new MemoryConnector("source");
    sources.table("from", sample);
    Orders.Ended first = new Orders.Ended();
    Runnable meanwhile =
        () -> {
          // As if 1 had looked for a later attempt before there was one.
          Path second = directories.attempt(orders.instance(), 1, 2);
          Path aside = second.resolveSibling("aside");
          try {
            Files.move(second, aside);
            runner.start(orders.attempt(1, 1), first::accept);
            first.await();
            Files.move(aside, second);
          } catch (InterruptedException | IOException e) {
            throw new AssertionError(e);
          }
        };
    new LocalRunner(
            Connectors.of(new HookedSource(sources, meanwhile), targets),
            directories,
            Clock.systemUTC())
        .start(orders.attempt(2, 1, earlier(1)), ended::accept);
    return ended.await();
  }

  @Test
  void whatAnEarlierAttemptPlannedAndCommittedUntilItWasShutOutCounts() throws Exception {
    source.faults().failReadAt(50, 1);
    RunOutcome outcome = runWithAnEarlierOneMeanwhile(Orders.of(21, SCRIPT));
    assertSuccess(outcome);
    assertThat(log(21, 1)).contains("State: 4(FAIL)");
    assertThat(log(21, 2)).contains("committed before");
    assertCopied();
  }

  @Test
  void theSuccessOfAnEarlierAttemptUntilItWasShutOutCounts() throws Exception {
    RunOutcome outcome = runWithAnEarlierOneMeanwhile(Orders.of(22, SCRIPT));
    assertSuccess(outcome);
    assertThat(outcome.result().written()).isEqualTo(100);
    assertThat(log(22, 2)).contains("has succeeded before; nothing is run again");
    assertCopied();
    assertThat(target.ledgers()).isZero();
  }

  @Test
  void anAttemptOfALowerEpochDoesNotBegin() throws Exception {
    Orders orders = Orders.of(12, SCRIPT);
    source.faults().failReadAt(50, 1);
    assertThat(run(orders.attempt(3, 1)).result().state()).isEqualTo(RunState.FAIL);
    RunOutcome late = run(orders.attempt(2, 1, earlier(3)));
    assertThat(late.result().error().code()).isEqualTo(StandardError.FENCED.code());
  }

  @Test
  void aSuccessWhoseAnswerWasLostIsASuccessAtOnce() throws Exception {
    Orders orders = Orders.of(13, SCRIPT);
    assertSuccess(run(orders.attempt(1, 1)));
    source.faults().failReadAt(0, 1);

    RunOutcome again = run(orders.attempt(2, 1, earlier(1)));
    assertSuccess(again);
    assertThat(again.result().written()).isEqualTo(100);
    assertCopied();
    assertThat(target.ledgers()).isZero();
    assertThat(log(13, 2)).contains("has succeeded before; nothing is run again");
  }

  @Test
  void anAttemptThatCrashedBeforeItKeptAnythingIsBegunAgain() throws Exception {
    Orders orders = Orders.of(14, SCRIPT);
    directories.reserve(14, 1, 1);
    assertSuccess(run(orders.attempt(2, 1, earlier(1))));
    assertCopied();
  }

  @Test
  void anAttemptWhoseForerunnerIsOnAnotherNodeSaysWhere() throws Exception {
    Orders orders = Orders.of(15, SCRIPT);
    assertThat(directories.holds(15, 1, List.of(earlier(1)))).isFalse();
    RunOutcome outcome = run(orders.attempt(2, 1, earlier(1)));
    assertThat(outcome.begun()).isFalse();
    assertThat(outcome.result().error().message())
        .contains("the state of attempt 1 is on node node-a")
        .contains("start the instance anew");
    assertThat(target.size()).isZero();

    directories.reserve(15, 1, 1);
    assertThat(directories.holds(15, 1, List.of(earlier(1)))).isTrue();
  }

  @Test
  void commitsWithoutTheirPlanAreNotGuessedAbout() throws Exception {
    Orders orders = Orders.of(16, SCRIPT);
    source.faults().failReadAt(50, 1);
    assertThat(run(orders.attempt(1, 1)).result().state()).isEqualTo(RunState.FAIL);
    int before = target.size();
    assertThat(before).isPositive();
    Files.delete(directories.attempt(16, 1, 1).resolve("state/attempt.json"));

    RunOutcome outcome = run(orders.attempt(2, 1, earlier(1)));
    assertThat(outcome.result().error().message())
        .contains("the attempt that planned them is lost");
    assertThat(target.size()).isEqualTo(before);
  }

  @Test
  void startingAnewIsANewGenerationWithALedgerOfItsOwn() throws Exception {
    Orders orders = Orders.of(17, SCRIPT);
    assertSuccess(run(orders.attempt(1, 1)));
    assertSuccess(run(orders.attempt(2, 2)));
    assertThat(target.size()).isEqualTo(200);
    assertThat(directories.attempt(17, 2, 2).resolve("state/attempt.json")).exists();
  }

  @Test
  void aTaskThatChangedMeanwhileIsNotContinued() throws Exception {
    source.faults().failReadAt(50, 1);
    run(Orders.of(18, SCRIPT).attempt(1, 1));
    String other = SCRIPT.replace("splitRecords: 10", "splitRecords: 20");
    RunOutcome outcome = run(Orders.of(18, other).attempt(2, 1, earlier(1)));
    assertThat(outcome.result().error().message()).contains("have changed since this instance");
  }

  @Test
  void anAttemptThatIsCancelledAtOnceEndsToldOnce() throws Exception {
    for (int i = 0; i < 20; i++) {
      RunningAttempt attempt =
          runner.start(Orders.of(100 + i, SCRIPT).attempt(1, 1), ended::accept);
      attempt.cancel("not wanted");
      RunOutcome outcome = ended.await();
      assertThat(outcome.result().state() == RunState.SUCCESS || outcome.result().cancelled())
          .isTrue();
    }
    assertThat(ended.isEmpty()).isTrue();
  }

  @Test
  void dirtyRecordsOfEarlierAttemptsStayAndAreShownInPages() throws Exception {
    for (int i = 0; i < 50; i++) {
      source.faults().unreadable(i * 2);
    }
    source.faults().failReadAt(75, 1);
    String script = SCRIPT.replace("channels: 2", "channels: 1");
    assertThat(run(Orders.of(19, script).attempt(1, 1)).result().state()).isEqualTo(RunState.FAIL);
    RunOutcome second = run(Orders.of(19, script).attempt(2, 1, earlier(1)));
    assertSuccess(second);
    assertThat(second.result().dirty()).isEqualTo(50);

    DirtyRecordFiles files = new DirtyRecordFiles(directories);
    int seen = 0;
    int pages = 0;
    String cursor = null;
    do {
      DirtyRecordFiles.Page page = files.page(19, 2, cursor, 7);
      assertThat(page.records()).allMatch(line -> line.settled() && line.json().startsWith("{"));
      seen += page.records().size();
      pages++;
      cursor = page.next();
    } while (cursor != null);
    assertThat(seen).isEqualTo(50);
    assertThat(pages).isEqualTo(8);
  }

  @Test
  void nothingIsWrittenBesideTheInstancesDirectory() throws IOException, InterruptedException {
    assertSuccess(run(Orders.of(20, SCRIPT).attempt(1, 1)));
    try (Stream<Path> entries = Files.list(runs)) {
      assertThat(entries.map(entry -> entry.getFileName().toString())).containsExactly("20");
    }
    assertThat(directories.attempt(20, 1, 1).resolve("run.log")).exists();
  }
}
