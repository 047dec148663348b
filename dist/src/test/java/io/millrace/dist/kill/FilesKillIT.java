package io.millrace.dist.kill;

import io.millrace.testkit.net.BytePattern;
import io.millrace.testkit.net.FaultProxy.Action;
import io.millrace.testkit.server.S3Server;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills syncs between MySQL and files with SIGKILL, resumes them, and looks at what is left. With
 * {@code -Dmillrace.test.full=true} every count runs.
 */
@Timeout(value = 40, unit = TimeUnit.MINUTES)
class FilesKillIT {

  private static final boolean FULL = Boolean.getBoolean("millrace.test.full");
  private static final int RANDOM_KILLS = FULL ? 10 : 1;
  private static final long SEED = Long.getLong("millrace.test.seed", 20_261_124L);
  private static @Nullable S3Server started;

  @TempDir Path directory;

  /** A moment of an export to a bucket: when a request was sent, before or after it is answered. */
  record Point(String name, String request, int occurrence, Action action) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static synchronized S3Server store() {
    S3Server store = started;
    if (store == null) {
      store = S3Server.start(Path.of("../plugins/files/target/s3proxy.classpath"));
      started = store;
    }
    return store;
  }

  @AfterAll
  static void endStore() {
    S3Server store = started;
    if (store != null) {
      store.close();
      started = null;
    }
  }

  static Stream<Point> points() {
    Stream<Point> points =
        Stream.of(
            new Point("at the first fence", "/fence/1", 1, Action.HOLD_AFTER),
            new Point("a part sent, not answered", "partNumber=1", 3, Action.HOLD_AFTER),
            new Point("before a split's commit", "/commits/", 3, Action.HOLD_BEFORE),
            new Point("a commit sent, not answered", "/commits/", 3, Action.HOLD_AFTER),
            new Point("before the manifest", "/manifest HTTP", 2, Action.HOLD_BEFORE),
            new Point("after the manifest", "/manifest HTTP", 2, Action.HOLD_AFTER),
            new Point("before an upload is complete", "<CompleteMulti", 2, Action.HOLD_BEFORE),
            new Point("an upload complete, not answered", "<CompleteMulti", 2, Action.HOLD_AFTER),
            new Point("before it is noted as published", "/published HTTP", 2, Action.HOLD_BEFORE),
            new Point("after it is noted as published", "/published HTTP", 2, Action.HOLD_AFTER));
    // Every day those around the commit and in stage 4, where there is most to get wrong.
    return FULL ? points : points.skip(3).filter(p -> p.action() == Action.HOLD_AFTER);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("points")
  void anExportKilledAtThisPointAndResumedHoldsEachRowOnce(Point point) throws Exception {
    try (FileSync sync = FileSync.create(TestServers.mysql(), store(), directory)) {
      CompletableFuture<Void> reached =
          sync.proxy().when(BytePattern.text(point.request()), point.occurrence(), point.action());
      Run run = sync.export("export", false);
      await(reached, run, point);
      run.kill();
      sync.proxy().pass();
      sync.assertExported(sync.export("export", true).await().assertSuccess());
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
      } catch (TimeoutException e) {
        // Looks again whether the process still lives.
        continue;
      }
    }
  }

  static Stream<Arguments> randomKills() {
    return Stream.of("folder", "bucket")
        .flatMap(place -> IntStream.range(0, RANDOM_KILLS).mapToObj(i -> Arguments.of(place, i)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("randomKills")
  void syncsKilledAtRandomMomentsInBothDirectionsHoldEachRowOnce(String place, int number)
      throws Exception {
    Random random = new Random(SEED + 31L * number + place.hashCode());
    S3Server store = place.equals("bucket") ? store() : null;
    try (FileSync sync = FileSync.create(TestServers.mysql(), store, directory)) {
      killAtRandom(sync, "export", sync.export("export", false), random);
      sync.assertExported(sync.export("export", true).await().assertSuccess());

      killAtRandom(sync, "load", sync.load("load", false), random);
      sync.assertLoaded(sync.load("load", true).await().assertSuccess());
    }
  }

  private static void killAtRandom(FileSync sync, String name, Run run, Random random)
      throws Exception {
    Path state = sync.runDirectory(name).resolve("state/attempt.json");
    while (run.isAlive() && !Files.exists(state)) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    // The moment is the subject of the test, so this waits by the clock.
    long moment = 100 + random.nextInt(2200);
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(moment);
    while (run.isAlive() && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    run.kill();
    System.out.printf("%s killed after %d ms, %d splits%n", name, moment, sync.planned(name));
  }
}
