package io.millrace.dist.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.net.BytePattern;
import io.millrace.testkit.net.FaultProxy.Action;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills a running sync with SIGKILL, resumes it, and compares with an undisturbed run. With {@code
 * -Dmillrace.test.full=true} every count runs; otherwise a seeded sample.
 */
@Timeout(value = 40, unit = TimeUnit.MINUTES)
class KillIT {

  private static final boolean FULL = Boolean.getBoolean("millrace.test.full");
  private static final int RANDOM_KILLS = FULL ? 20 : 2;
  private static final long SEED = Long.getLong("millrace.test.seed", 20_261_122L);
  private static final int UNHURRIED = 1_000_000;
  private static final int SLOW = 4_000;
  private static final AtomicInteger randomKills = new AtomicInteger();
  private static final AtomicInteger killsInStageThree = new AtomicInteger();

  private static final List<Kind> KINDS =
      List.of(
          new Kind(true, "direct"),
          new Kind(false, "direct"),
          new Kind(true, "swap"),
          new Kind(false, "swap"),
          new Kind(true, "append"),
          new Kind(false, "append"));

  /**
   * A moment: when the client has sent this for the n-th time, before or after the server has it.
   */
  record Point(String name, BytePattern pattern, int occurrence, Action action) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Point> EVERYWHERE =
      List.of(
          new Point("after preSql", text("VALUES ('pre')"), 1, Action.HOLD_AFTER),
          new Point("before preSql is noted", text("'#pre"), 2, Action.HOLD_BEFORE),
          new Point("at the claim", text("entry, epoch) VALUES"), 5, Action.HOLD_AFTER),
          new Point("in mid-batch", text("LOAD DATA"), 3, Action.HOLD_AFTER),
          new Point("dirty sealed, not committed", BytePattern.commit(), 8, Action.HOLD_BEFORE),
          new Point("commit sent, not answered", BytePattern.commit(), 8, Action.HOLD_AFTER),
          new Point("before postSql", text("VALUES ('post')"), 1, Action.HOLD_BEFORE),
          new Point("after postSql", text("VALUES ('post')"), 1, Action.HOLD_AFTER));

  private static final List<Point> SWAP =
      List.of(
          new Point("before the rename", text("RENAME TABLE"), 1, Action.HOLD_BEFORE),
          new Point("after the rename", text("RENAME TABLE"), 1, Action.HOLD_AFTER),
          new Point("before the old table is dropped", text("DROP TABLE"), 2, Action.HOLD_BEFORE));

  private static final List<Point> APPEND =
      List.of(
          new Point("before the move", text("`dst` ("), 1, Action.HOLD_BEFORE),
          new Point("after the move", text("`dst` ("), 1, Action.HOLD_AFTER));

  private static BytePattern text(String text) {
    return BytePattern.text(text);
  }

  @TempDir Path directory;

  static Stream<Arguments> points() {
    List<Arguments> all = new ArrayList<>();
    for (Kind kind : KINDS) {
      List<Point> points = new ArrayList<>(EVERYWHERE);
      if (kind.publish().equals("swap")) {
        points.addAll(SWAP);
      }
      if (kind.publish().equals("append")) {
        points.addAll(APPEND);
      }
      for (Point point : points) {
        // The points of stages 1 to 3 are the same for every way to publish.
        boolean shared = !kind.publish().equals("direct") && EVERYWHERE.indexOf(point) >= 0;
        if (FULL || (kind.withKey() == (points.indexOf(point) % 2 == 0) && !shared)) {
          all.add(Arguments.of(kind, point));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("points")
  void aProcessKilledAtThisPointAndResumedLeavesWhatAnUndisturbedOneDoes(Kind kind, Point point)
      throws Exception {
    try (Sync sync = Sync.create(TestServers.mysql(), kind, directory, UNHURRIED)) {
      CompletableFuture<Void> reached =
          sync.proxy().when(point.pattern(), point.occurrence(), point.action());
      Run run = sync.start(false);
      await(reached, run, point);
      run.kill();
      sync.proxy().pass();
      sync.assertExact(sync.start(true).await().assertSuccess());
    }
  }

  private static void await(CompletableFuture<Void> reached, Run run, Point point)
      throws Exception {
    while (!reached.isDone()) {
      if (!run.isAlive()) {
        throw new AssertionError(
            "the run ended before it came to '" + point + "':\n" + run.await().log());
      }
      try {
        reached.get(100, TimeUnit.MILLISECONDS);
      } catch (java.util.concurrent.TimeoutException e) {
        // Looks again whether the process still lives.
        continue;
      }
    }
  }

  static Stream<Kind> kinds() {
    return KINDS.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void aProcessKilledAtRandomMomentsAndResumedLeavesWhatAnUndisturbedOneDoes(Kind kind)
      throws Exception {
    Random random = new Random(SEED + KINDS.indexOf(kind));
    for (int i = 0; i < RANDOM_KILLS; i++) {
      try (Sync sync =
          Sync.create(TestServers.mysql(), kind, directory.resolve("kill-" + i), SLOW)) {
        Run run = sync.start(false);
        awaitStart(sync, run);
        long moment = 100 + random.nextInt(3000);
        awaitMoment(run, moment);
        run.kill();
        int planned = sync.planned();
        int committed = sync.committed();
        randomKills.incrementAndGet();
        if (planned > 0 && committed < planned) {
          killsInStageThree.incrementAndGet();
        }
        System.out.printf(
            "kill %d of %s after %d ms: %d of %d splits committed%n",
            i, kind, moment, committed, planned);
        sync.assertExact(sync.start(true).await().assertSuccess());
      }
    }
  }

  /** Kills that hit nothing prove nothing. */
  @AfterAll
  static void mostRandomKillsHitStageThree() {
    assertThat(killsInStageThree.get() * 2)
        .as("kills in stage 3, of %s", randomKills)
        .isGreaterThanOrEqualTo(randomKills.get());
  }

  /** The run is under way once it has kept its state. */
  private static void awaitStart(Sync sync, Run run) throws InterruptedException {
    Path state = sync.runDirectory().resolve("state/attempt.json");
    while (run.isAlive() && !java.nio.file.Files.exists(state)) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  /** The moment is the subject of the test, so this waits by the clock. */
  private static void awaitMoment(Run run, long millis) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (run.isAlive() && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void aConnectionCutInTheMiddleOfASplitCostsNoRowAndNeedsNoResume(Kind kind) throws Exception {
    try (Sync sync = Sync.create(TestServers.mysql(), kind, directory, UNHURRIED)) {
      CompletableFuture<Void> cut = sync.proxy().when(text("LOAD DATA"), 3, Action.CUT_AFTER);
      Run run = sync.start(false);
      Run.Result result = run.await().assertSuccess();
      assertThat(cut).isDone();
      sync.assertExact(result);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void aCommitWithoutAnAnswerCostsNoRowAndNeedsNoResume(Kind kind) throws Exception {
    try (Sync sync = Sync.create(TestServers.mysql(), kind, directory, UNHURRIED)) {
      CompletableFuture<Void> cut = sync.proxy().when(BytePattern.commit(), 8, Action.CUT_AFTER);
      Run.Result result = sync.start(false).await().assertSuccess();
      assertThat(cut).isDone();
      sync.assertExact(result);
    }
  }

  @Test
  void connectionsKilledByTheServerCostNoRow() throws Exception {
    Kind kind = new Kind(false, "direct");
    try (Sync sync = Sync.create(TestServers.mysql(), kind, directory, SLOW)) {
      Run run = sync.start(false);
      while (run.isAlive() && sync.committed() == 0) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      sync.killConnections();
      sync.assertExact(run.await().assertSuccess());
    }
  }
}
