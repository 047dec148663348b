package io.millrace.scheduler.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scheduler.Scheduler;
import io.millrace.scheduler.backfill.Backfill;
import io.millrace.scheduler.backfill.BackfillState;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.StoreSettings;
import io.millrace.scheduler.task.Dependency;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One node, killed again and again during a backfill, with the reconciler off: on each store. */
@Timeout(300)
abstract class AbstractBackfillKillTest {

  private static final boolean FULL = Boolean.getBoolean("millrace.test.full");
  private static final int RANDOM_KILLS = FULL ? 12 : 1;
  private static final int LONGEST_LIFE_MILLIS = FULL ? 5000 : 3000;

  /** More than can be done before the last kill. */
  private static final int DATES = FULL ? 80 : 8;

  private static final long SEED = 20261124;
  private static final int TO_CANCEL = 6;
  private static final LocalDate FIRST = LocalDate.of(2026, 2, 1);

  final TestServer server = TestServers.mariadb();
  @TempDir Path directory;

  abstract StoreSettings store() throws Exception;

  @Test
  void whereverABackfillIsKilledItEndsByItselfAndEachDateArrivesOnce() throws Exception {
    World world = new World(server, store(), directory.resolve("runs"), Duration.ofSeconds(4));
    world.publish(
        List.of(
            new World.Wanted("tick", World.markScript("ticks"), "", 100, List.of()),
            new World.Wanted(
                World.COPY,
                World.copyScript(6000),
                "",
                100,
                List.of(new Dependency("tick", Dependency.Kind.SAME_CYCLE))),
            new World.Wanted("drop", World.markScript("afters"), "", 100, List.of())));
    String ranges = world.backfill(FIRST, DATES, "tick", World.COPY);
    String request =
        "{\"task\":\"tick\",\"parallelism\":2,\"scope\":{\"descendants\":true}," + ranges + "}";

    try (SchedulerNode node = SchedulerNode.start("one", world, Map.of("hold", Points.CREATED))) {
      node.await("STARTED");
      node.command("backfill " + request);
      node.await("AT " + Points.CREATED);
      node.kill();
    }
    killAt(world, Points.OPENED);
    killAt(world, Points.SETTLED + ":" + World.COPY);
    killAt(world, Points.RUN);
    Random random = new Random(SEED);
    for (int i = 0; i < RANDOM_KILLS; i++) {
      try (SchedulerNode node = SchedulerNode.start("one", world, Map.of())) {
        node.live(Duration.ofMillis(1500 + random.nextInt(LONGEST_LIFE_MILLIS - 1500)));
      }
    }
    killAt(world, Points.CONCLUDE);

    try (SchedulerNode node = SchedulerNode.start("one", world, Map.of("hold", Points.CANCEL))) {
      node.await(line -> line.equals("LEFT 0"), "LEFT 0");
      String dates = World.ranges(FIRST, TO_CANCEL);
      node.command("backfill {\"task\":\"drop\"," + dates + "}");
      String made = node.await("DONE backfill ");
      node.command("cancel " + made.substring(made.lastIndexOf(' ') + 1));
      node.await("AT " + Points.CANCEL);
      node.kill();
    }
    try (SchedulerNode node = SchedulerNode.start("one", world, Map.of())) {
      node.await(line -> line.equals("LEFT 0"), "LEFT 0");
      node.stop();
    }
    try (Database database = world.open();
        Scheduler scheduler = world.scheduler(database, Clock.systemUTC())) {
      List<Backfill.Shown> newestFirst = scheduler.backfills().list(null, 10, 0);
      assertThat(newestFirst)
          .extracting(one -> one.backfill().state())
          .containsExactly(BackfillState.CANCELLED, BackfillState.SUCCEEDED);
      assertThat(newestFirst.get(1).progress()).isEqualTo(new Backfill.Progress(DATES, 0, 0, 0, 0));
      world.assertInstances(database, "drop");
      assertCancelled(world, database, newestFirst.get(0).progress());
    }
    world.assertCopied(DATES);
    assertThat(world.rows("SELECT mark FROM ticks ORDER BY mark")).isEqualTo(world.marks("tick"));
  }

  /** What had succeeded before stays, once; nothing else is opened, and nothing is open. */
  private static void assertCancelled(World world, Database database, Backfill.Progress progress)
      throws Exception {
    assertThat(progress.open() + progress.toCome()).isZero();
    assertThat(progress.dates()).isEqualTo(TO_CANCEL);
    assertThat(progress.cancelled()).isPositive();
    List<Instance> made =
        world.instances(database).stream()
            .filter(one -> world.name(database, one).equals("drop"))
            .toList();
    assertThat(made).hasSize(progress.succeeded() + progress.failed());
    assertThat(made)
        .allMatch(
            one ->
                one.state() == InstanceState.SUCCEEDED
                    || one.state() == InstanceState.FAILED
                        && one.reason().equals("backfill cancelled"));
    List<String> marks = world.rows("SELECT mark FROM afters");
    assertThat(marks).doesNotHaveDuplicates();
    assertThat(marks).hasSizeBetween(progress.succeeded(), made.size());
  }

  private static void killAt(World world, String point) throws Exception {
    try (SchedulerNode node = SchedulerNode.start("one", world, Map.of("hold", point))) {
      node.await("AT " + point);
      node.kill();
    }
  }
}
