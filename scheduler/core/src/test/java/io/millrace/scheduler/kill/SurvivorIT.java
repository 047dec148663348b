package io.millrace.scheduler.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scheduler.Scheduler;
import io.millrace.scheduler.Stores;
import io.millrace.scheduler.instance.Again;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.instance.Operations;
import io.millrace.scheduler.store.Database;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that dies after a commit, before it has done what follows from it: told Quartz a time, or
 * opened the next date of a backfill. The other node of the store does it, with the reconciler off.
 */
@Timeout(180)
class SurvivorIT {

  /** Until Quartz has noticed the death of a node that was about to fire a trigger, and a bit. */
  private static final Duration LATEST = Duration.ofSeconds(40);

  private static final int DATES = 3;

  private final TestServer server = TestServers.mariadb();
  @TempDir private Path directory;

  @Test
  void whatANodeLeavesUndoneAfterACommitTheOtherNodeDoes() throws Exception {
    World world =
        new World(
            server, Stores.settings(server), directory.resolve("runs"), Duration.ofSeconds(4));
    world.publish(
        List.of(
            new World.Wanted("beat", World.NOTHING_SCRIPT, "", 1, List.of()),
            new World.Wanted("again", World.markScript("nowhere"), "", 1, List.of(), 1)));
    String ranges = world.backfill(LocalDate.of(2026, 2, 1), DATES, "beat");
    try (Database database = world.open();
        SchedulerNode dies =
            SchedulerNode.start("one", world, Map.of("hold", Points.SETTLED + ":beat"));
        SchedulerNode lives = SchedulerNode.start("two", world, Map.of("hold", Points.TICK))) {
      dies.await("STARTED");
      lives.await("STARTED");
      lives.await("AT " + Points.TICK);
      String soon = world.cronIn(Duration.ofSeconds(12));
      world.draft(new World.Wanted("late", World.markScript("ticks"), soon, 1, List.of()));
      // Nobody can tell Quartz a time while somebody else holds its lock.
      try (Connection connection = database.dataSource().getConnection()) {
        hold(connection);
        dies.command("publish late");
        dies.command("run again");
        dies.command("backfill {\"task\":\"beat\"," + ranges + "}");
        await(world, database, "late", InstanceState.WAITING_FOR_TIME);
        await(world, database, "again", InstanceState.WAITING_FOR_TIME);
        dies.await("AT " + Points.SETTLED + ":beat");
        dies.kill();
        connection.rollback();
      }
      assertThat(named(database)).as("times that Quartz knows").isZero();
      // The rerun comes in a minute; nobody wants to wait for it here.
      database.useTransaction(
          handle ->
              handle.execute(
                  "UPDATE instance SET due_at = ? WHERE state = 'WAITING_FOR_TIME' AND due_at > ?",
                  Instant.now().plusSeconds(2).toEpochMilli(),
                  Instant.now().plusSeconds(30).toEpochMilli()));
      world.execute("CREATE TABLE nowhere (mark VARCHAR(40))");
      lives.command("go");
      Instance late = await(world, database, "late", InstanceState.SUCCEEDED);
      assertThat(late.startedAt()).isBetween(late.scheduledAt(), late.scheduledAt().plus(LATEST));
      Instance again = await(world, database, "again", InstanceState.SUCCEEDED);
      assertThat(again.attempts()).isEqualTo(2);
      Awaitility.await()
          .atMost(LATEST)
          .until(() -> lives.lines(), lines -> lines.contains("LEFT 0"));

      rerun(world, database, late.id());
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> world.attempts(database, late.id()).size() == 2);
      await(world, database, "late", InstanceState.SUCCEEDED);
      lives.stop();
      assertThat(world.instances(database)).hasSize(DATES + 2);
      assertThat(world.instances(database)).allMatch(one -> one.state() == InstanceState.SUCCEEDED);
    }
    assertThat(world.rows("SELECT mark FROM ticks"))
        .as("run twice, the second time anew")
        .containsExactly(world.marks("late").get(0), world.marks("late").get(0));
  }

  /** By somebody who dies after the commit. */
  private static void rerun(World world, Database database, long instance) {
    try (Scheduler dead = world.scheduler(database, Clock.systemUTC())) {
      List<Operations.Result> results =
          dead.operations()
              .rerun(List.of(instance), Again.ANEW, false, new Operations.By("me", "again"));
      assertThat(results).allMatch(Operations.Result::isDone);
    }
  }

  private static void hold(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.executeQuery(
          "SELECT * FROM QRTZ_LOCKS WHERE LOCK_NAME = 'TRIGGER_ACCESS' FOR UPDATE");
    }
  }

  private static long named(Database database) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "SELECT COUNT(*) FROM QRTZ_TRIGGERS WHERE TRIGGER_NAME LIKE 'release-%'")
                .mapTo(Long.class)
                .one());
  }

  private static Instance await(World world, Database database, String task, InstanceState state) {
    return Awaitility.await(task + " " + state)
        .atMost(LATEST)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                world.instances(database).stream()
                    .filter(one -> world.name(database, one).equals(task))
                    .filter(one -> one.state() == state)
                    .findFirst(),
            java.util.Optional::isPresent)
        .orElseThrow();
  }
}
