package io.millrace.dist.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.server.TestServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills a running sync with SIGKILL at random moments, resumes it, and compares with an undisturbed
 * run. With {@code -Dmillrace.test.full=true} every count runs; otherwise a seeded sample.
 */
@Timeout(value = 40, unit = TimeUnit.MINUTES)
class RandomKillIT {

  private static final int RANDOM_KILLS = Boolean.getBoolean("millrace.test.full") ? 20 : 2;
  private static final long SEED = Long.getLong("millrace.test.seed", 20_261_122L);
  private static final AtomicInteger randomKills = new AtomicInteger();
  private static final AtomicInteger killsInStageThree = new AtomicInteger();

  @TempDir Path directory;

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.millrace.dist.kill.Kind#all")
  void aProcessKilledAtRandomMomentsAndResumedLeavesWhatAnUndisturbedOneDoes(Kind kind)
      throws Exception {
    Random random = new Random(SEED + Kind.ALL.indexOf(kind));
    for (int i = 0; i < RANDOM_KILLS; i++) {
      try (Sync sync =
          Sync.create(TestServers.mysql(), kind, directory.resolve("kill-" + i), Sync.SLOW)) {
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
    while (run.isAlive() && !Files.exists(state)) {
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
}
