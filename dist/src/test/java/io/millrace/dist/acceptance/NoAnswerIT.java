package io.millrace.dist.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.net.BytePattern;
import io.millrace.testkit.net.FaultProxy.Action;
import io.millrace.testkit.server.ServerOptions;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that does not answer any more: the run ends soon, and its result is true. */
class NoAnswerIT {

  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir Path directory;

  private static void create(Scene scene) throws Exception {
    scene.sql(
        "CREATE TABLE src (id INT PRIMARY KEY, v VARCHAR(100))",
        "CREATE TABLE dst LIKE src",
        "CREATE TABLE audit (what VARCHAR(10))",
        Numbers.create(20_000),
        "INSERT INTO src SELECT n, REPEAT('x', 90) FROM numbers");
  }

  private static Scene.TaskFile task(Scene scene, boolean readerHangs) {
    Scene.TaskFile task =
        scene
            .task()
            .reader("splitPk", "id")
            .writer("preSql", List.of("INSERT INTO audit VALUES ('pre')"))
            .writer("postSql", List.of("INSERT INTO audit VALUES ('post')"));
    return readerHangs
        ? task.reader("jdbcUrl", scene.proxied())
        : task.writer("jdbcUrl", scene.proxied());
  }

  /** Starts a run, and has its server fall silent when this is sent to it. */
  private static Scene.Started silenced(
      Scene scene, Scene.TaskFile task, String sent, int occurrence) throws Exception {
    CompletableFuture<Void> reached =
        scene.proxy().when(BytePattern.text(sent), occurrence, Action.HOLD_BEFORE);
    Scene.Started run = scene.start(task);
    while (!reached.isDone()) {
      assertThat(run.running().process().isAlive()).as(run.log()).isTrue();
      TimeUnit.MILLISECONDS.sleep(20);
    }
    scene.proxy().hang();
    return run;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "stage 1 of the writer,     false, VALUES ('pre'),  1",
    "stage 2 of the reader,     true,  EXPLAIN FORMAT,  1",
    "stage 3 while reading,     true,  `v` FROM,        4",
    "stage 3 while writing,     false, LOAD DATA,       4",
    "stage 3 at a commit,       false, entry = ,        9",
    "stage 4 of the writer,     false, VALUES ('post'), 1"
  })
  void interruptedItEndsWithinSecondsAndItsResultIsTrue(
      String moment, boolean readerHangs, String sent, int occurrence) throws Exception {
    try (Scene scene = Scene.on(TestServers.mysql(), directory)) {
      create(scene);
      Scene.Started run = silenced(scene, task(scene, readerHangs), sent, occurrence);
      long begin = System.nanoTime();
      run.running().interrupt();
      Outcome outcome = run.await();
      assertEnded(outcome, begin, moment);
      scene.proxy().cut();
      assertTrueCounts(scene, outcome);
    }
  }

  private static void assertEnded(Outcome outcome, long begin, String moment) {
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    System.out.println(moment + ": ended " + took.toMillis() + " ms after the interruption");
    assertThat(took).isLessThan(SOON);
    assertThat(outcome.exit()).as(outcome.output()).isEqualTo(130);
    assertThat(outcome.text("state")).isEqualTo("FAIL");
    assertThat(outcome.result().path("cancelled").asBoolean()).isTrue();
    assertThat(outcome.error()).isNotBlank();
  }

  /** What is in the target is whole splits, and as many as the result says at least. */
  private static void assertTrueCounts(Scene scene, Outcome outcome) throws Exception {
    long inTarget = Long.parseLong(scene.one("SELECT COUNT(*) FROM dst"));
    long ledger =
        scene.rows("SHOW TABLES LIKE 'millrace_ledger'").isEmpty()
            ? 0
            : Long.parseLong(
                scene.one("SELECT COUNT(*) FROM millrace_ledger WHERE entry NOT LIKE '#%'"));
    assertThat(outcome.number("splitsCommitted")).isEqualTo(ledger);
    assertThat(outcome.number("read")).isGreaterThanOrEqualTo(outcome.number("written"));
    assertThat(outcome.number("written")).isGreaterThanOrEqualTo(inTarget);
    assertThat(inTarget == 0).isEqualTo(ledger == 0);
  }

  @Test
  void aStoppedServerDoesNotKeepAnInterruptedRunFromEnding() throws Exception {
    try (TestServer server = TestServers.mysql(ServerOptions.DEFAULT)) {
      Scene scene = Scene.on(server, directory);
      create(scene);
      Scene.Started run =
          scene.start(
              scene
                  .task()
                  .reader("splitPk", "id")
                  .setting("rate", java.util.Map.of("records", 2000)));
      run.running().awaitPrinted("Stage 3 (Synchronize data) begins");
      signal("-STOP", server);
      Outcome outcome;
      try {
        long begin = System.nanoTime();
        run.running().interrupt();
        outcome = run.await();
        assertEnded(outcome, begin, "SIGSTOP");
      } finally {
        signal("-CONT", server);
      }
      assertTrueCounts(scene, outcome);
      scene.close();
    }
  }

  private static void signal(String signal, TestServer server) throws Exception {
    new ProcessBuilder("kill", signal, Long.toString(server.pid())).start().waitFor();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "stage 3 while reading, true,  `v` FROM,  4",
    "stage 3 while writing, false, LOAD DATA, 4",
    "stage 3 at a commit,   false, entry = ,  9"
  })
  void leftAloneItFailsAfterTheStallTimeout(
      String moment, boolean readerHangs, String sent, int occurrence) throws Exception {
    try (Scene scene = Scene.on(TestServers.mysql(), directory)) {
      create(scene);
      Scene.Started run =
          silenced(scene, task(scene, readerHangs).setting("stallTimeout", "3s"), sent, occurrence);
      long begin = System.nanoTime();
      Outcome outcome = run.await().failed();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
      System.out.printf("%s: failed after %.1f s%n", moment, (System.nanoTime() - begin) / 1e9);
      assertThat(outcome.error()).contains("stallTimeout");
      scene.proxy().cut();
      assertTrueCounts(scene, outcome);
    }
  }
}
