package io.millrace.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.scheduler.backfill.BackfillRequest;
import io.millrace.scheduler.backfill.BackfillState;
import io.millrace.scheduler.generate.Reconciler;
import io.millrace.scheduler.instance.Again;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.instance.Instances;
import io.millrace.scheduler.instance.RunMode;
import io.millrace.scheduler.runner.RunOrder;
import io.millrace.scheduler.schedule.CatchUp;
import io.millrace.scheduler.schedule.Cycle;
import io.millrace.scheduler.schedule.Generation;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.Json;
import io.millrace.scheduler.task.Dependency;
import io.millrace.scheduler.task.RunSettings;
import io.millrace.scheduler.task.Task;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scheduler does on every kind of store. */
abstract class AbstractSchedulerTest {

  private static final Instant MORNING = Instant.parse("2026-03-10T08:00:00Z");
  private static final ZoneId UTC = ZoneOffset.UTC;

  @TempDir private Path directory;
  private final ManualClock clock = new ManualClock(MORNING);
  private Database database;
  private SchedulerScene scene;

  abstract Database open() throws Exception;

  @BeforeEach
  void begin() throws Exception {
    database = open();
    scene = new SchedulerScene(database, clock, directory);
  }

  @AfterEach
  void end() {
    scene.close();
  }

  private static Schedule daily(String time, Generation generation, CatchUp catchUp) {
    return new Schedule(
        Cycle.daily(LocalTime.parse(time)),
        UTC,
        null,
        null,
        generation,
        RunMode.NORMAL,
        catchUp,
        null);
  }

  private static Schedule daily(String time) {
    return daily(time, Generation.T_PLUS_1, CatchUp.ALL);
  }

  /** The same store, on another day. */
  private void nightOf(String day) {
    clock.set(Instant.parse(day + "T23:30:00Z"));
    scene.scheduler.nightly();
  }

  @Test
  void aTaskRecursFromTomorrowOnAndEachNightMakesTheNextDay() {
    Task task = scene.task("daily", daily("02:30"), RunSettings.DEFAULT);
    assertThat(scene.listed(task)).isEmpty();
    nightOf("2026-03-10");
    assertThat(scene.listed(task)).containsExactly("2026-03-11T02:30 2026-03-10 WAITING_FOR_TIME");
    nightOf("2026-03-10");
    assertThat(scene.listed(task)).as("a second firing").hasSize(1);
    nightOf("2026-03-11");
    assertThat(scene.listed(task)).hasSize(2);
  }

  @Test
  void immediateGenerationMakesWhatIsStillToComeToday() {
    Schedule hourly =
        new Schedule(
            Cycle.hours(1, 6, 11, 0),
            UTC,
            null,
            null,
            Generation.IMMEDIATE,
            RunMode.NORMAL,
            CatchUp.ALL,
            null);
    Task task = scene.task("hourly", hourly, RunSettings.DEFAULT);
    assertThat(scene.instances(task).stream().map(one -> one.scheduledTime().toLocalTime()))
        .containsExactly(
            LocalTime.of(8, 0), LocalTime.of(9, 0), LocalTime.of(10, 0), LocalTime.of(11, 0));
  }

  @Test
  void valuesAreFrozenIntoTheInstance() {
    Task task = scene.task("values", daily("02:30"), RunSettings.DEFAULT);
    nightOf("2026-03-10");
    assertThat(scene.instances(task).get(0).parameters()).contains("\"dt\":\"20260310\"");
  }

  @Test
  void aFrozenTaskMakesInstancesThatAreSkipped() {
    Task task = scene.task("frozen", daily("02:30"), RunSettings.DEFAULT);
    database.useTransaction(handle -> scene.scheduler.tasks().freeze(handle, task.id(), true));
    nightOf("2026-03-10");
    assertThat(scene.instances(task).get(0).mode()).isEqualTo(RunMode.SKIP);
  }

  @Test
  void afterThreeDaysOfDowntimeThePolicyDecidesWhatIsMade() {
    Task all = scene.task("all", daily("02:30"), RunSettings.DEFAULT);
    Task last =
        scene.task("last", daily("02:30", Generation.T_PLUS_1, CatchUp.LAST), RunSettings.DEFAULT);
    Task none =
        scene.task("none", daily("02:30", Generation.T_PLUS_1, CatchUp.NONE), RunSettings.DEFAULT);
    clock.set(Instant.parse("2026-03-13T12:00:00Z"));
    scene.scheduler.nightly();
    assertThat(scene.instances(all).stream().map(Instance::businessDate))
        .containsExactly(
            LocalDate.parse("2026-03-10"),
            LocalDate.parse("2026-03-11"),
            LocalDate.parse("2026-03-12"));
    assertThat(scene.instances(last).stream().map(Instance::businessDate))
        .containsExactly(LocalDate.parse("2026-03-12"));
    assertThat(scene.instances(none)).isEmpty();
    assertThat(scene.instances(all))
        .extracting(Instance::state)
        .containsOnly(InstanceState.WAITING_FOR_RESOURCES);
    clock.set(Instant.parse("2026-03-13T23:30:00Z"));
    scene.scheduler.nightly();
    assertThat(scene.instances(none)).as("what comes is made as ever").hasSize(1);
  }

  @Test
  void aNewVersionReplacesWhatHasNotBegun() {
    Task task = scene.task("changes", daily("02:30"), RunSettings.DEFAULT);
    nightOf("2026-03-10");
    var draft = database.with(handle -> scene.scheduler.tasks().draft(handle, task.id()));
    var later =
        new io.millrace.scheduler.task.TaskDefinition(
            draft.kind(),
            draft.script(),
            daily("04:00"),
            draft.run(),
            draft.parameters(),
            draft.dependencies());
    int revision = scene.scheduler.task("changes").revision();
    database.useTransaction(
        handle -> scene.scheduler.tasks().saveDraft(handle, task.id(), revision, later));
    scene.publish(task);
    assertThat(scene.listed(task)).containsExactly("2026-03-11T04:00 2026-03-10 WAITING_FOR_TIME");
    assertThat(scene.instances(task).get(0).taskVersion()).isEqualTo(2);
  }

  @Test
  void dependantsWaitForTheSameDayAndForTheirOwnDayBefore() {
    Task up = scene.task("up", daily("01:00"), RunSettings.DEFAULT);
    Task down =
        scene.task(
            "down",
            daily("02:00"),
            RunSettings.DEFAULT,
            new Dependency("up", Dependency.Kind.SAME_CYCLE),
            new Dependency("down", Dependency.Kind.PREVIOUS_CYCLE));
    nightOf("2026-03-10");
    nightOf("2026-03-11");
    assertThat(scene.instances(down)).extracting(Instance::pending).containsExactly(1, 2);
    assertThat(scene.instances(up)).hasSize(2);
    assertThat(scene.scheduler.waiting(scene.instances(down).get(1).id()))
        .containsExactly(
            "task 'down' for 2026-03-11T02:00:00Z: instance "
                + scene.instances(down).get(0).id()
                + " is NOT_RUN",
            "task 'up' for 2026-03-12T01:00:00Z: instance "
                + scene.instances(up).get(1).id()
                + " is WAITING_FOR_TIME");
  }

  @Test
  void aCircleOfDependenciesIsRefusedWithItsPath() {
    scene.task("a", daily("01:00"), RunSettings.DEFAULT);
    scene.task(
        "b", daily("01:00"), RunSettings.DEFAULT, new Dependency("a", Dependency.Kind.SAME_CYCLE));
    scene.task(
        "c", daily("01:00"), RunSettings.DEFAULT, new Dependency("b", Dependency.Kind.SAME_CYCLE));
    Task a = scene.scheduler.task("a");
    var draft = database.with(handle -> scene.scheduler.tasks().draft(handle, a.id()));
    var circular =
        new io.millrace.scheduler.task.TaskDefinition(
            draft.kind(),
            draft.script(),
            draft.schedule(),
            draft.run(),
            draft.parameters(),
            List.of(new Dependency("c", Dependency.Kind.SAME_CYCLE)));
    database.useTransaction(
        handle -> scene.scheduler.tasks().saveDraft(handle, a.id(), a.revision(), circular));
    assertThatThrownBy(() -> scene.publish(a))
        .hasMessage("dependencies form a circle: a <- c <- b <- a");
  }

  @Test
  void theReconcilerFindsAndMakesWhatIsMissing() {
    Task task = scene.task("lost", daily("02:30"), RunSettings.DEFAULT);
    nightOf("2026-03-10");
    nightOf("2026-03-11");
    database.useTransaction(
        handle -> {
          handle.execute("DELETE FROM instance WHERE business_date = '2026-03-10'");
          handle.execute("UPDATE instance SET scheduled_at = scheduled_at + 1");
        });
    Instant from = Instant.parse("2026-03-10T00:00:00Z");
    Instant to = Instant.parse("2026-03-20T00:00:00Z");
    Reconciler.Report report = scene.scheduler.taskOperations().report(task.id(), from, to);
    assertThat(report)
        .isEqualTo(
            new Reconciler.Report(
                task.id(),
                "lost",
                2,
                0,
                List.of(
                    Instant.parse("2026-03-11T02:30:00Z"), Instant.parse("2026-03-12T02:30:00Z")),
                List.of(),
                List.of(Instant.parse("2026-03-12T02:30:00.001Z"))));
    scene.scheduler.taskOperations().repair(task.id(), from, to, SchedulerScene.ME);
    assertThat(scene.scheduler.taskOperations().report(task.id(), from, to).missing()).isEmpty();
  }

  @Test
  void whatEndedLongAgoIsForgottenAndNotMissed() {
    Task task = scene.task("old", daily("02:30"), RunSettings.DEFAULT);
    nightOf("2026-03-10");
    database.useTransaction(
        handle -> handle.execute("UPDATE instance SET state = 'SUCCEEDED', finished_at = 5"));
    assertThat(
            database.<Integer, RuntimeException>inTransaction(
                handle ->
                    new io.millrace.scheduler.instance.History()
                        .forget(handle, clock.instant().minus(Duration.ofDays(30)))))
        .isEqualTo(1);
    clock.advance(Duration.ofDays(40));
    assertThat(
            scene
                .scheduler
                .taskOperations()
                .report(task.id(), MORNING, MORNING.plus(Duration.ofDays(60)))
                .missing())
        .isEmpty();
  }

  private void forget(Instant before) {
    int forgotten;
    do {
      forgotten =
          database.inTransaction(
              handle -> new io.millrace.scheduler.instance.History().forget(handle, before));
    } while (forgotten > 0);
  }

  private void end(Task task, InstanceState state) {
    database.useTransaction(
        handle ->
            handle.execute(
                "UPDATE instance SET state = ?, finished_at = ? WHERE task_id = ?",
                state.name(),
                clock.millis(),
                task.id()));
  }

  @Test
  void aFailedAncestorIsNotForgottenWhileAnybodyWaitsForItAlsoThroughOthers() {
    Task up = scene.task("up", daily("02:30"), RunSettings.DEFAULT);
    Task mid =
        scene.task(
            "mid",
            daily("02:40"),
            RunSettings.DEFAULT,
            new Dependency("up", Dependency.Kind.SAME_CYCLE));
    Task down =
        scene.task(
            "down",
            daily("02:50"),
            RunSettings.DEFAULT,
            new Dependency("mid", Dependency.Kind.SAME_CYCLE));
    nightOf("2026-03-10");
    end(up, InstanceState.FAILED);
    // Somebody had it run without its ancestor.
    end(mid, InstanceState.FAILED);
    forget(clock.instant().plus(Duration.ofDays(1000)));
    assertThat(scene.instances(mid)).hasSize(1);
    assertThat(scene.instances(up)).hasSize(1);
    assertThat(inUse(up)).isTrue();

    // What waited is gone: one after the other is forgotten.
    database.useTransaction(
        handle -> handle.execute("UPDATE instance_ancestor SET satisfied = 1=1"));
    end(down, InstanceState.SUCCEEDED);
    assertThat(inUse(up)).isFalse();
    forget(clock.instant().plus(Duration.ofDays(1000)));
    assertThat(scene.instances(up)).isEmpty();
  }

  /** Waits for another transaction: until it is done, or has to wait for this one. */
  private static void letRun(Future<?> other) {
    try {
      other.get(2, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      // It waits for what this transaction has locked.
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private Task failedLongAgo() {
    Task up = scene.task("up", daily("02:30"), RunSettings.DEFAULT);
    nightOf("2026-03-10");
    database.useTransaction(
        handle ->
            handle.execute(
                "UPDATE instance SET state = 'FAILED', finished_at = 5 WHERE task_id = ?",
                up.id()));
    return up;
  }

  private Task dependant() {
    return scene.task(
        "down",
        daily("02:40"),
        RunSettings.DEFAULT,
        new Dependency("up", Dependency.Kind.SAME_CYCLE));
  }

  @Test
  void nobodyWaitsForWhatIsForgottenInTheSameMoment() throws Exception {
    failedLongAgo();
    CompletableFuture<Task> published = new CompletableFuture<>();
    database.useTransaction(
        handle -> {
          new io.millrace.scheduler.instance.History().forget(handle, clock.instant());
          published.completeAsync(this::dependant);
          letRun(published);
        });
    Task down = published.get(30, TimeUnit.SECONDS);
    assertThat(scene.instances(down)).hasSize(1);
    assertThat(scene.instances(down).get(0).state()).isNotEqualTo(InstanceState.NOT_RUN);
    assertThat(waiting()).isZero();
  }

  @Test
  void whatSomebodyBeginsToWaitForIsNotForgottenInTheSameMoment() throws Exception {
    Task up = failedLongAgo();
    Instance failed = scene.instances(up).get(0);
    CompletableFuture<Void> forgotten = new CompletableFuture<>();
    database.useTransaction(
        handle -> {
          // As whoever makes a dependant does.
          Instances.lock(handle, List.of(failed.id()));
          handle.execute(
              "INSERT INTO instance_ancestor (instance_id, task_id, kind, scheduled_at, run_key,"
                  + " satisfied) VALUES (4711, ?, 'RECURRING', ?, 0, FALSE)",
              up.id(),
              failed.scheduledAt().toEpochMilli());
          forgotten.completeAsync(
              () -> {
                forget(clock.instant());
                return null;
              });
          letRun(forgotten);
        });
    forgotten.get(30, TimeUnit.SECONDS);
    assertThat(scene.instances(up)).hasSize(1);
  }

  private int waiting() {
    return database.with(
        handle ->
            handle
                .createQuery("SELECT COUNT(*) FROM instance_ancestor WHERE NOT satisfied")
                .mapTo(Integer.class)
                .one());
  }

  @Test
  void whatNoAttemptCouldCarryOutIsRefusedWhenItIsPublished() {
    scene.check =
        task -> {
          throw new MillraceException(StandardError.CONFIGURATION, "path /etc is outside");
        };
    assertThatThrownBy(() -> scene.task("outside", daily("02:30"), RunSettings.DEFAULT))
        .hasMessage("path /etc is outside");
    nightOf("2026-03-10");
    assertThat(scene.orders).isEmpty();
  }

  private boolean inUse(Task task) {
    long id = scene.instances(task).get(0).id();
    return database.with(
        handle -> new io.millrace.scheduler.instance.History().isInUse(handle, id));
  }

  @Test
  void aFailureThatTheNextCycleDependsOnIsNotForgottenAfterALongDowntime() {
    Task task =
        scene.task(
            "chained",
            daily("02:30", Generation.T_PLUS_1, CatchUp.NONE),
            RunSettings.DEFAULT,
            new Dependency("chained", Dependency.Kind.PREVIOUS_CYCLE));
    nightOf("2026-03-10");
    nightOf("2026-03-11");
    database.useTransaction(
        handle ->
            handle.execute(
                "UPDATE instance SET state = 'FAILED', finished_at = 5 WHERE business_date = '2026-03-10'"));
    nightOf("2026-04-20");
    forget(clock.instant().minus(Duration.ofDays(30)));
    assertThat(scene.listed(task))
        .contains("2026-03-11T02:30 2026-03-10 FAILED", "2026-03-12T02:30 2026-03-11 NOT_RUN");
  }

  private long test(Task task, String date) {
    return scene
        .scheduler
        .taskOperations()
        .test(task.id(), LocalDate.parse(date), SchedulerScene.ME);
  }

  @Test
  void aManualRunAndATestRunBesideEachOther() {
    Task task = scene.task("by-hand", null, RunSettings.DEFAULT);
    scene.scheduler.start();
    long manual = scene.scheduler.taskOperations().run(task.id(), SchedulerScene.ME);
    long test = test(task, "2026-03-01");
    long again = test(task, "2026-03-01");
    assertThat(List.of(manual, test, again)).doesNotHaveDuplicates();
    Awaitility.await()
        .until(
            () ->
                scene.instances(task).stream()
                    .allMatch(one -> one.state() == InstanceState.SUCCEEDED));
    assertThat(scene.orders).hasSize(3);
    assertThat(scene.orders.stream().map(order -> order.values().businessDate()))
        .contains(LocalDate.parse("2026-03-01"), LocalDate.parse("2026-03-09"));
  }

  @Test
  void whatIsStartedAnewNamesTheAttemptsThatItGivesUp() {
    Task task = scene.task("again", null, RunSettings.DEFAULT);
    scene.scheduler.start();
    long id = scene.scheduler.taskOperations().run(task.id(), SchedulerScene.ME);
    for (int generation = 1; generation <= 3; generation++) {
      int wanted = generation;
      Awaitility.await()
          .until(
              () -> {
                Instance now = scene.instances(task).get(0);
                return now.state() == InstanceState.SUCCEEDED && now.attempts() == wanted;
              });
      scene.scheduler.operations().rerun(List.of(id), Again.ANEW, false, SchedulerScene.ME);
    }
    List<RunOrder> orders = List.copyOf(scene.orders);
    assertThat(orders.get(0).abandoned()).isEmpty();
    assertThat(orders.get(2).abandoned())
        .containsExactly(new RunOrder.AbandonedAttempt(1, 1), new RunOrder.AbandonedAttempt(2, 2));
    assertThat(orders.get(2).earlier()).isEmpty();
  }

  @Test
  void aBackfillGoesThroughItsDatesAndLeavesRecurringInstancesAlone() {
    Task task = scene.task("filled", daily("02:30"), RunSettings.DEFAULT);
    nightOf("2026-03-10");
    scene.scheduler.start();
    long id =
        scene
            .scheduler
            .backfills()
            .create(
                Json.read(
                    "{\"task\":\"filled\",\"parallelism\":2,"
                        + "\"ranges\":[{\"from\":\"2026-03-01\",\"to\":\"2026-03-07\"}]}",
                    BackfillRequest.class),
                SchedulerScene.ME);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                scene.scheduler.backfills().get(id).backfill().state() == BackfillState.SUCCEEDED);
    assertThat(scene.listed(task))
        .containsExactlyInAnyOrder(
            "2026-03-02T02:30 2026-03-01 SUCCEEDED",
            "2026-03-03T02:30 2026-03-02 SUCCEEDED",
            "2026-03-04T02:30 2026-03-03 SUCCEEDED",
            "2026-03-05T02:30 2026-03-04 SUCCEEDED",
            "2026-03-06T02:30 2026-03-05 SUCCEEDED",
            "2026-03-07T02:30 2026-03-06 SUCCEEDED",
            "2026-03-08T02:30 2026-03-07 SUCCEEDED",
            "2026-03-11T02:30 2026-03-10 WAITING_FOR_TIME");
    assertThat(scene.orders.stream().map(order -> order.values().parameters().get("dt")))
        .containsExactlyInAnyOrder(
            "20260301", "20260302", "20260303", "20260304", "20260305", "20260306", "20260307");
  }

  @Test
  void quartzAloneReleasesWhatIsDue() throws Exception {
    scene.close();
    Database store = open();
    try (SchedulerScene live =
        new SchedulerScene(
            store,
            Clock.systemUTC(),
            directory,
            SchedulerSettings.of("one", UTC).withReconcile(false))) {
      live.scheduler.start();
      Instant soon = Instant.now().plus(Duration.ofSeconds(3));
      Schedule once =
          new Schedule(
              Cycle.ofCron(
                  String.format(
                      "%d %d %d * * ?",
                      soon.atZone(UTC).getSecond(),
                      soon.atZone(UTC).getMinute(),
                      soon.atZone(UTC).getHour())),
              UTC,
              null,
              null,
              Generation.IMMEDIATE,
              RunMode.NORMAL,
              CatchUp.ALL,
              null);
      Task task = live.task("soon", once, RunSettings.DEFAULT);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  live.instances(task).stream()
                      .anyMatch(one -> one.state() == InstanceState.SUCCEEDED));
      Instance done = live.instances(task).get(0);
      assertThat(done.startedAt()).isAfterOrEqualTo(done.scheduledAt());
    }
    begin();
  }
}
