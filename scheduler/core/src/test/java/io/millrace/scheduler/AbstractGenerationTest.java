package io.millrace.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scheduler.generate.Generator;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.instance.RunMode;
import io.millrace.scheduler.schedule.CatchUp;
import io.millrace.scheduler.schedule.Cycle;
import io.millrace.scheduler.schedule.Generation;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.task.RunSettings;
import io.millrace.scheduler.task.Task;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Making a day's instances of many tasks, on every kind of store. */
@Timeout(120)
abstract class AbstractGenerationTest {

  private static final Instant MORNING = Instant.parse("2026-03-10T08:00:00Z");
  private static final Instant NIGHT = Instant.parse("2026-03-10T23:30:00Z");

  /** More than {@link Generator} makes in one transaction, and no multiple of it. */
  private static final int MANY = 450;

  private static final int IN_THE_FIRST_TRANSACTION = 50;

  @TempDir private Path directory;
  private final HeldClock clock = new HeldClock();
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
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
    clock.goOn();
    scene.close();
    threads.shutdownNow();
  }

  private static Schedule daily(String time, CatchUp catchUp) {
    return new Schedule(
        Cycle.daily(LocalTime.parse(time)),
        ZoneOffset.UTC,
        null,
        null,
        Generation.T_PLUS_1,
        RunMode.NORMAL,
        catchUp,
        null);
  }

  /** Makes tasks like one, each of which depends on the one before. */
  private Task chain(int length) {
    Task first = scene.task("task-1", daily("02:30", CatchUp.ALL), RunSettings.DEFAULT);
    database.useTransaction(
        handle -> {
          for (int i = 2; i <= length; i++) {
            handle.execute(
                "INSERT INTO task (id, name, owner, description, labels, frozen, deleted,"
                    + " published, published_at, recurs_from, generated_until, revision)"
                    + " SELECT id + ?, CONCAT('task-', ?), owner, description, labels, frozen,"
                    + " deleted, published, published_at, recurs_from, generated_until, revision"
                    + " FROM task WHERE id = ?",
                i - 1,
                i,
                first.id());
            handle.execute(
                "INSERT INTO task_version (task_id, version, content, published_by,"
                    + " published_at, note) SELECT task_id + ?, version, content, published_by,"
                    + " published_at, note FROM task_version WHERE task_id = ?",
                i - 1,
                first.id());
            handle.execute(
                "INSERT INTO task_dependency (task_id, upstream_id, kind)"
                    + " VALUES (?, ?, 'SAME_CYCLE')",
                first.id() + i - 1,
                first.id() + i - 2);
          }
        });
    return first;
  }

  private int count(String condition) {
    return database.with(
        handle ->
            handle
                .createQuery("SELECT COUNT(*) FROM instance WHERE " + condition)
                .mapTo(Integer.class)
                .one());
  }

  private void assertChainIsMade(Task first) {
    assertThat(count("kind = 'RECURRING' AND scheduled_time = '2026-03-11T02:30'")).isEqualTo(MANY);
    assertThat(count("1 = 1")).isEqualTo(MANY);
    assertThat(count("pending = 1 AND state = 'NOT_RUN'")).isEqualTo(MANY - 1);
    assertThat(scene.listed(first)).containsExactly("2026-03-11T02:30 2026-03-10 WAITING_FOR_TIME");
    int ancestors =
        database.with(
            handle ->
                handle
                    .createQuery("SELECT COUNT(*) FROM instance_ancestor")
                    .mapTo(Integer.class)
                    .one());
    assertThat(ancestors).isEqualTo(MANY - 1);
  }

  @Test
  void aNightMakesTheNextDayOfManyTasksThatDependOnEachOther() {
    Task first = chain(MANY);
    clock.set(NIGHT);
    scene.scheduler.nightly();
    assertChainIsMade(first);
    scene.scheduler.nightly();
    assertChainIsMade(first);
  }

  @Test
  void aBadTaskInTheMidstOfOthersKeepsNoneOfThemFromBeingMade() {
    Task first = chain(MANY);
    long bad = first.id() + 123;
    String kept =
        database.with(
            handle ->
                handle
                    .createQuery("SELECT content FROM task_version WHERE task_id = ?")
                    .bind(0, bad)
                    .mapTo(String.class)
                    .one());
    content(bad, "{");
    // What depends on it cannot know what to wait for.
    database.useTransaction(
        handle -> handle.execute("DELETE FROM task_dependency WHERE upstream_id = ?", bad));
    clock.set(NIGHT);
    scene.scheduler.nightly();
    assertThat(count("1 = 1")).isEqualTo(MANY - 1);
    assertThat(count("task_id = " + bad)).isZero();
    content(bad, kept);
    scene.scheduler.nightly();
    assertThat(count("task_id = " + bad)).as("once it is mended").isEqualTo(1);
  }

  private void content(long task, String content) {
    database.useTransaction(
        handle ->
            handle.execute("UPDATE task_version SET content = ? WHERE task_id = ?", content, task));
  }

  @Test
  void twoNodesThatMakeInstancesAtOnceMakeEachOnce() throws Exception {
    Task first = chain(MANY);
    clock.set(NIGHT);
    SchedulerScene other =
        new SchedulerScene(database, clock, directory, SchedulerSettings.of("two", ZoneOffset.UTC));
    try {
      CountDownLatch ready = new CountDownLatch(2);
      List<Future<?>> both = new ArrayList<>();
      for (SchedulerScene node : List.of(scene, other)) {
        both.add(
            threads.submit(
                () -> {
                  ready.countDown();
                  ready.await();
                  node.scheduler.nightly();
                  return null;
                }));
      }
      for (Future<?> one : both) {
        one.get();
      }
    } finally {
      other.scheduler.close();
    }
    assertChainIsMade(first);
  }

  @Test
  void aStartDoesNotWaitForTheInstancesThatAreToBeMade() {
    Task recurring = scene.task("recurring", daily("02:30", CatchUp.ALL), RunSettings.DEFAULT);
    Task manual = scene.task("manual", null, RunSettings.DEFAULT);
    clock.set(NIGHT);
    clock.hold(1);
    scene.scheduler.start();
    clock.awaitHeld();
    long id = scene.scheduler.taskOperations().run(manual.id(), SchedulerScene.ME);
    Awaitility.await()
        .until(
            () ->
                database.with(handle -> scene.scheduler.instances().get(handle, id)).state()
                    == InstanceState.SUCCEEDED);
    assertThat(scene.listed(recurring)).isEmpty();
    clock.goOn();
    Awaitility.await().until(() -> scene.listed(recurring).size() == 1);
  }

  @Test
  void aNodeThatEndsInTheMidstOfMakingLeavesTheRestToAnother() throws Exception {
    Task first = chain(MANY);
    clock.set(NIGHT);
    clock.hold(IN_THE_FIRST_TRANSACTION);
    scene.scheduler.start();
    clock.awaitHeld();
    Thread closing = new Thread(scene.scheduler::close);
    closing.start();
    // It has said that it ends: the transaction that is under way is the last one.
    Awaitility.await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
    clock.goOn();
    closing.join();
    assertThat(count("1 = 1")).isPositive().isLessThan(MANY);
    SchedulerScene other =
        new SchedulerScene(database, clock, directory, SchedulerSettings.of("two", ZoneOffset.UTC));
    try {
      other.scheduler.start();
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> count("1 = 1") == MANY);
    } finally {
      other.scheduler.close();
    }
    assertChainIsMade(first);
  }

  @Test
  void whatCatchUpLeavesOutIsNotWaitedForWhicheverTaskIsMadeFirst() {
    Task down = scene.task("down", daily("03:00", CatchUp.ALL), RunSettings.DEFAULT);
    Task none = scene.task("none", daily("02:30", CatchUp.NONE), RunSettings.DEFAULT);
    Task all = scene.task("all", daily("02:30", CatchUp.ALL), RunSettings.DEFAULT);
    database.useTransaction(
        handle -> {
          for (Task up : List.of(none, all)) {
            handle.execute(
                "INSERT INTO task_dependency (task_id, upstream_id, kind)"
                    + " VALUES (?, ?, 'SAME_CYCLE')",
                down.id(),
                up.id());
          }
        });
    clock.set(Instant.parse("2026-03-12T12:00:00Z"));
    scene.scheduler.nightly();
    assertThat(scene.listed(none)).isEmpty();
    assertThat(scene.instances(down)).extracting(Instance::pending).containsExactly(1, 1);
    clock.set(Instant.parse("2026-03-12T23:30:00Z"));
    scene.scheduler.nightly();
    assertThat(scene.instances(down))
        .extracting(Instance::pending)
        .as("the last one waits for both")
        .containsExactly(1, 1, 2);
  }

  @Test
  void whatIsDueFirstIsMadeFirst() {
    Task late = scene.task("late", daily("20:00", CatchUp.ALL), RunSettings.DEFAULT);
    Task early = scene.task("early", daily("01:00", CatchUp.ALL), RunSettings.DEFAULT);
    clock.set(NIGHT);
    scene.scheduler.nightly();
    Instant later = NIGHT.plus(Duration.ofDays(2));
    assertThat(
            database.<List<Long>, RuntimeException>with(
                handle -> scene.scheduler.tasks().toGenerate(handle, later)))
        .containsExactly(early.id(), late.id());
  }

  /** Stands still; holds whoever makes instances in the background, when it is told to. */
  private static final class HeldClock extends Clock {

    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile Instant now = MORNING;
    private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);

    void set(Instant time) {
      now = time;
    }

    /** The time is told so often, less one, before. */
    void hold(int call) {
      left.set(call);
    }

    void awaitHeld() {
      await(held);
    }

    void goOn() {
      goOn.countDown();
    }

    @Override
    public Instant instant() {
      if (Thread.currentThread().getName().equals("millrace-generator")
          && left.decrementAndGet() == 0) {
        held.countDown();
        await(goOn);
      }
      return now;
    }

    private static void await(CountDownLatch latch) {
      try {
        if (!latch.await(60, TimeUnit.SECONDS)) {
          throw new IllegalStateException("nobody came");
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return Clock.fixed(now, zone);
    }
  }
}
