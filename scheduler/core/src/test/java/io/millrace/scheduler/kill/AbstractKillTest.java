package io.millrace.scheduler.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scheduler.dispatch.Attempts;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.StoreSettings;
import io.millrace.scheduler.task.Dependency;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One node, killed again and again: on each store. */
@Timeout(240)
abstract class AbstractKillTest {

  private static final boolean FULL = Boolean.getBoolean("millrace.test.full");
  private static final int RANDOM_KILLS = FULL ? 12 : 2;
  private static final long SEED = 20261122;
  private static final int LONGEST_LIFE_MILLIS = 5000;

  final TestServer server = TestServers.mariadb();
  @TempDir Path directory;

  abstract StoreSettings store() throws Exception;

  @Test
  void whateverIsKilledWhereverEveryInstanceRunsOnceAndEveryRowArrivesOnce() throws Exception {
    World world = new World(server, store(), directory.resolve("runs"), Duration.ofSeconds(4));
    world.publish(
        List.of(
            new World.Wanted(
                "tick", World.markScript("ticks"), "12-36/2 0 12 * * ?", 100, List.of()),
            new World.Wanted(
                "after",
                World.markScript("afters"),
                "12-36/2 0 12 * * ?",
                100,
                List.of(new Dependency("tick", Dependency.Kind.SAME_CYCLE))),
            new World.Wanted(
                World.COPY, World.copyScript(3000), "8-32/4 0 12 * * ?", 1, List.of())));
    killAt(world, Points.CREATE, "AT create");
    killAt(world, Points.DISPATCH + ":copy", "AT dispatch:copy");
    killAt(world, Points.RUN + ":copy", "AT run");
    killAt(world, Points.END + ":copy", "AT end:copy");
    killAt(world, Points.SETTLE, "AT settle");
    Random random = new Random(SEED);
    for (int i = 0; i < RANDOM_KILLS; i++) {
      try (SchedulerNode node = SchedulerNode.start("one", world, Map.of())) {
        node.live(Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS)));
      }
    }
    try (SchedulerNode node = SchedulerNode.start("one", world, Map.of())) {
      node.await(line -> line.equals("LEFT 0"), "LEFT 0");
      node.stop();
    }
    try (Database database = world.open()) {
      world.assertInstances(database);
      assertAfter(world, database);
      assertThat(lost(world, database))
          .as("instances that were killed in dispatch, run, end and settlement")
          .isGreaterThanOrEqualTo(4);
    }
    world.assertCopied(world.expected(World.COPY).size());
    assertThat(world.rows("SELECT mark FROM ticks ORDER BY mark")).isEqualTo(world.marks("tick"));
    assertThat(world.rows("SELECT mark FROM afters ORDER BY mark")).isEqualTo(world.marks("after"));
  }

  private static void killAt(World world, String point, String line) throws Exception {
    try (SchedulerNode node = SchedulerNode.start("one", world, Map.of("hold", point))) {
      node.await(line);
      node.kill();
    }
  }

  private static int lost(World world, Database database) {
    int lost = 0;
    for (Instance one : world.instances(database)) {
      for (Attempts.Row row : world.attempts(database, one.id())) {
        lost += row.state() == Attempts.State.LOST ? 1 : 0;
      }
    }
    return lost;
  }

  /** An instance of "after" begins when the "tick" of the same time has ended. */
  private static void assertAfter(World world, Database database) {
    Map<Instant, Instant> ended = new HashMap<>();
    List<Instance> after = new ArrayList<>();
    for (Instance one : world.instances(database)) {
      String name = world.name(database, one);
      if (name.equals("tick")) {
        ended.put(one.scheduledAt(), Objects.requireNonNull(one.finishedAt()));
      } else if (name.equals("after")) {
        after.add(one);
      }
    }
    for (Instance one : after) {
      assertThat(one.startedAt()).isAfterOrEqualTo(ended.get(one.scheduledAt()));
    }
  }
}
