package io.millrace.dist.kill;

import io.millrace.testkit.net.BytePattern;
import io.millrace.testkit.net.FaultProxy.Action;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills a running sync with SIGKILL at chosen points, resumes it, and compares with an undisturbed
 * run. With {@code -Dmillrace.test.full=true} at every point; otherwise at a sample.
 */
@Timeout(value = 40, unit = TimeUnit.MINUTES)
class KillIT {

  private static final boolean FULL = Boolean.getBoolean("millrace.test.full");

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
    for (Kind kind : Kind.ALL) {
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
    try (Sync sync = Sync.create(TestServers.mysql(), kind, directory, Sync.UNHURRIED)) {
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
}
