package io.millrace.scheduler.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.StandardError;
import io.millrace.scheduler.Stores;
import io.millrace.scheduler.dispatch.Attempts;
import io.millrace.scheduler.store.Database;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes of one MariaDB store, which share the directory of runs. */
@Timeout(300)
class TwoNodesIT {

  private static final boolean FULL = Boolean.getBoolean("millrace.test.full");
  private static final int TASKS = 120;
  private static final int DATES = FULL ? 500 : 60;

  /** Longer than a paused node can hold locks in the store. */
  private static final Duration LEASE = Duration.ofSeconds(13);

  private static final LocalDate FIRST = LocalDate.of(2024, 6, 1);

  private static final String COPYING =
      "SELECT COUNT(*) FROM instance i JOIN task t ON t.id = i.task_id"
          + " WHERE t.name = 'copy' AND i.state = 'RUNNING'";
  private static final String TO_COME =
      "SELECT COUNT(*) FROM backfill_step WHERE state = 'TO_COME'";

  private final TestServer server = TestServers.mariadb();
  @TempDir private Path directory;

  private World world() throws Exception {
    return new World(server, Stores.settings(server), directory.resolve("runs"), LEASE);
  }

  /** Within two minutes in full size, else within 20 seconds, some at the same time. */
  private static String due(int task) {
    int second = FULL ? 15 + task : 12 + task / 6;
    return second % 60 + " " + second / 60 + " 12 * * ?";
  }

  @Test
  void manyTasksAndABackfillAreWhatTheyShouldBeAlsoWhenANodeIsPausedInTheirMidst()
      throws Exception {
    World world = world();
    List<World.Wanted> tasks = new ArrayList<>();
    for (int i = 0; i < TASKS; i++) {
      tasks.add(new World.Wanted("task-" + i, World.NOTHING_SCRIPT, due(i), 1, List.of()));
    }
    // Slow, and due in the midst of the others: it runs when its node is paused.
    tasks.add(
        new World.Wanted(
            World.COPY,
            World.copyScript(700),
            (FULL ? "0 1" : "20 0") + " 12 * * ?",
            1,
            List.of()));
    tasks.add(new World.Wanted("tick", World.markScript("ticks"), "", 100, List.of()));
    world.publish(tasks);
    String ranges = world.backfill(FIRST, DATES, "tick");
    try (Database database = world.open();
        SchedulerNode one = SchedulerNode.start("one", world, Map.of("deaf", "yes"));
        SchedulerNode two = SchedulerNode.start("two", world, Map.of("deaf", "yes"))) {
      one.await("STARTED");
      two.await("STARTED");
      Awaitility.await()
          .atMost(Duration.ofSeconds(FULL ? 90 : 60))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> world.count(database, COPYING), copying -> copying == 1);
      one.command("backfill {\"task\":\"tick\",\"parallelism\":3," + ranges + "}");
      one.await("DONE backfill ");
      SchedulerNode paused = whoCopies(one, two);
      SchedulerNode other = paused == one ? two : one;
      paused.pause();
      assertThat(world.count(database, TO_COME)).as("dates that are still to come").isPositive();
      String instance = first(paused, "AT run ").split(" ")[2];
      other.await("END " + instance + " 2 SUCCESS");
      paused.resume();
      assertThat(paused.await("END " + instance + " 1 "))
          .as("the target refuses what the paused node still wants to write")
          .startsWith("END " + instance + " 1 FAIL")
          .containsAnyOf(StandardError.FENCED.code(), StandardError.WRITE.code());
      world.awaitAllSucceeded(database, Duration.ofSeconds(FULL ? 280 : 90));
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> world.count(database, "SELECT COUNT(*) FROM backfill WHERE state = 'RUNNING'"),
              running -> running == 0);
      world.awaitEpoch(database, paused.name(), 3, Duration.ofSeconds(30));
      one.stop();
      two.stop();
      assertThat(world.count(database, "SELECT COUNT(*) FROM backfill WHERE state = 'SUCCEEDED'"))
          .isEqualTo(1);
      List<String> begun =
          Stream.of(one, two)
              .flatMap(node -> node.lines().stream())
              .filter(line -> line.startsWith("BEGIN "))
              .toList();
      assertThat(begun).doesNotHaveDuplicates().hasSizeGreaterThan(TASKS + DATES);
      // Everything once; what the paused node had begun is LOST there and continued here.
      world.assertInstances(database);
      assertThat(world.attempts(database, Long.parseLong(instance)))
          .extracting(Attempts.Row::node, Attempts.Row::state)
          .containsExactly(
              Tuple.tuple(paused.name(), Attempts.State.LOST),
              Tuple.tuple(other.name(), Attempts.State.SUCCEEDED));
      assertThat(
              world.instances(database).stream()
                  .flatMap(it -> world.attempts(database, it.id()).stream())
                  .map(Attempts.Row::node)
                  .distinct())
          .containsExactlyInAnyOrder("one", "two");
    }
    world.assertCopied(1);
    assertThat(world.rows("SELECT mark FROM ticks ORDER BY mark")).isEqualTo(world.marks("tick"));
  }

  private static String first(SchedulerNode node, String beginning) {
    return node.lines().stream().filter(line -> line.startsWith(beginning)).findFirst().orElse("");
  }

  private static SchedulerNode whoCopies(SchedulerNode one, SchedulerNode two) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> Stream.of(one, two).filter(node -> !first(node, "AT run ").isEmpty()).findFirst(),
            java.util.Optional::isPresent)
        .orElseThrow();
  }
}
