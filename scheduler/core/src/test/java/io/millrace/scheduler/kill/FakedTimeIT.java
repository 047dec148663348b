package io.millrace.scheduler.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scheduler.Scheduler;
import io.millrace.scheduler.SchedulerSettings;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.instance.Instances;
import io.millrace.scheduler.instance.RunMode;
import io.millrace.scheduler.runner.RunDirectories;
import io.millrace.scheduler.schedule.Cycle;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.StoreSettings;
import io.millrace.scheduler.task.Publishing;
import io.millrace.scheduler.task.RunSettings;
import io.millrace.scheduler.task.TaskDefinition;
import io.millrace.scheduler.task.TaskKind;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A scheduler at the moments at which clocks are difficult, in a process whose clock is faked: what
 * exists is listed exactly, and was fired by Quartz, as the reconciler is off.
 */
@Timeout(120)
class FakedTimeIT {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** So much before a moment, a clock that was put forward has left its traces behind. */
  private static final Duration BEFORE = Duration.ofSeconds(40);

  private static final Duration AFTER = Duration.ofSeconds(8);

  /** For the start of a process whose time goes faster. */
  private static final Duration START = Duration.ofMinutes(10);

  /** By which something may be late: three seconds, as it is seen from outside. */
  private static final Duration LATEST = Duration.ofSeconds(30);

  /** Quartz looks once a minute for what it has missed. */
  private static final Duration MISFIRED = Duration.ofSeconds(60).plus(LATEST);

  @TempDir private Path directory;
  private FakedClock clock;
  private SchedulerNode node;

  @AfterEach
  void end() {
    if (node != null) {
      node.close();
    }
  }

  @Test
  void inSpringNothingIsLostInTheGapAndWhatAJumpOfTheClockPassesKeepsItsTrueTime()
      throws Exception {
    LocalDate day = LocalDate.of(2026, 3, 29);
    try (Database database = open()) {
      publish(database, "daily", Cycle.daily(LocalTime.of(2, 30)), day);
      publish(database, "hourly", Cycle.hours(1, 2, 8, 0), day);
    }
    // The night's making falls into the gap as well.
    start("02:30 Europe/Berlin", utc("2026-03-29T01:00:00Z"));
    pass("2026-03-29T01:00:00Z");
    pass("2026-03-29T01:30:00Z");
    Instant jump = utc("2026-03-29T05:00:10Z");
    clock.forward(jump);
    awaitEnds(5);
    node.stop();
    try (Database database = open()) {
      assertThat(listed(database))
          .containsExactlyElementsOf(
              Stream.of(
                      Stream.of("daily 2026-03-29T03:30 SUCCEEDED DRY_RUN"),
                      Stream.of("daily 2026-03-30T02:30 WAITING_FOR_TIME NORMAL"),
                      hours("2026-03-29", 3, 7, InstanceState.SUCCEEDED),
                      hours("2026-03-29", 8, 8, InstanceState.WAITING_FOR_TIME),
                      hours("2026-03-30", 2, 8, InstanceState.WAITING_FOR_TIME))
                  .flatMap(list -> list)
                  .toList());
      assertOnTime(instance(database, "hourly", "2026-03-29T03:00"));
      assertOnTime(instance(database, "daily", "2026-03-29T03:30"));
      for (int hour = 4; hour <= 7; hour++) {
        Instance late = instance(database, "hourly", "2026-03-29T0" + hour + ":00");
        assertThat(late.scheduledAt()).isEqualTo(utc("2026-03-29T0" + (hour - 2) + ":00:00Z"));
        assertThat(late.startedAt()).isBetween(jump.minusSeconds(1), jump.plus(MISFIRED));
        assertThat(late.parameters()).contains("\"202603290" + hour + "0000\"");
      }
    }
  }

  @Test
  void inAutumnTheHourThatComesTwiceRunsOnceTheSecondTime() throws Exception {
    LocalDate day = LocalDate.of(2026, 10, 25);
    try (Database database = open()) {
      publish(database, "daily", Cycle.daily(LocalTime.of(2, 30)), day);
      publish(database, "hourly", Cycle.hours(1, 2, 3, 0), day);
    }
    start("23:30 Europe/Berlin", utc("2026-10-25T00:00:00Z"));
    pass("2026-10-25T00:30:00Z");
    assertThat(node.lines()).as("02:00 and 02:30 the first time").noneMatch(this::isBegin);
    pass("2026-10-25T01:00:00Z");
    pass("2026-10-25T01:30:00Z");
    awaitEnds(2);
    node.stop();
    try (Database database = open()) {
      assertThat(listed(database))
          .containsExactly(
              "daily 2026-10-25T02:30 SUCCEEDED NORMAL",
              "hourly 2026-10-25T02:00 SUCCEEDED NORMAL",
              "hourly 2026-10-25T03:00 WAITING_FOR_TIME NORMAL");
      assertThat(instance(database, "daily", "2026-10-25T02:30").scheduledAt())
          .isEqualTo(utc("2026-10-25T01:30:00Z"));
      assertOnTime(instance(database, "daily", "2026-10-25T02:30"));
      assertOnTime(instance(database, "hourly", "2026-10-25T02:00"));
    }
  }

  @Test
  void atTheEndOfAMonthTheNightMakesTheFirstOfTheNext() throws Exception {
    LocalDate day = LocalDate.of(2026, 10, 31);
    try (Database database = open()) {
      publish(database, "last", Cycle.monthly(List.of("last"), LocalTime.of(23, 31)), day);
      publish(database, "first", Cycle.monthly(List.of("1"), LocalTime.of(0, 1)), day.plusDays(1));
    }
    start("23:30 Europe/Berlin", utc("2026-10-31T22:30:00Z"));
    pass("2026-10-31T22:30:00Z");
    // Before it has run the clock must not be put forward: on a busy machine it would begin then.
    awaitEnds(1);
    pass("2026-10-31T23:01:00Z");
    awaitEnds(2);
    node.stop();
    try (Database database = open()) {
      assertThat(listed(database))
          .containsExactly(
              "first 2026-11-01T00:01 SUCCEEDED NORMAL",
              "last 2026-10-31T23:31 SUCCEEDED NORMAL",
              "last 2026-11-01T23:31 WAITING_FOR_TIME DRY_RUN");
      Instance first = instance(database, "first", "2026-11-01T00:01");
      Instant night = utc("2026-10-31T22:30:00Z");
      assertThat(first.createdAt()).isBetween(night, night.plus(LATEST));
      assertOnTime(first);
      assertOnTime(instance(database, "last", "2026-10-31T23:31"));
    }
  }

  /** Waits until so many attempts have succeeded; a node that is stopped writes that down. */
  private void awaitEnds(int attempts) throws Exception {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> node.lines().stream().filter(line -> line.matches("END .* SUCCESS")).count(),
            ended -> ended == attempts);
  }

  private boolean isBegin(String line) {
    return line.startsWith("BEGIN ");
  }

  private static Stream<String> hours(String day, int from, int to, InstanceState state) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(hour -> "hourly " + day + "T0" + hour + ":00 " + state + " NORMAL");
  }

  private static Instant utc(String text) {
    return Instant.parse(text);
  }

  private StoreSettings store() {
    return StoreSettings.file(directory.resolve("store"));
  }

  private Database open() {
    return Database.open(store());
  }

  /** As if two days ago; due from a day on. */
  private void publish(Database database, String name, Cycle cycle, LocalDate from) {
    Clock before = Clock.fixed(from.minusDays(2).atStartOfDay(BERLIN).toInstant(), BERLIN);
    Schedule schedule = Schedule.of(cycle, BERLIN).effective(from, null);
    TaskDefinition definition =
        new TaskDefinition(
            TaskKind.SYNC,
            World.NOTHING_SCRIPT,
            schedule,
            RunSettings.DEFAULT,
            Map.of("mark", "$[yyyymmddhh24miss]"),
            List.of());
    try (Scheduler scheduler =
        Scheduler.create(
            database,
            SchedulerSettings.of("maker", ZoneOffset.UTC),
            new Scheduler.Execution(
                (order, done) -> {
                  throw new AssertionError("nothing is to run here");
                },
                new RunDirectories(directory.resolve("runs")),
                source -> Optional.empty()),
            (handle, by, action, subject, detail) -> {},
            before)) {
      long id =
          database.inTransaction(
              handle -> scheduler.tasks().create(handle, name, "me", definition).id());
      scheduler.taskOperations().publish(id, new Publishing.By("me", before.instant(), ""));
    }
  }

  private void start(String nightly, Instant moment) throws Exception {
    clock = new FakedClock(directory.resolve("clock"), moment.minus(START));
    node =
        SchedulerNode.start(
            "one",
            Map.of(
                "store",
                store().url(),
                "user",
                "",
                "password",
                "",
                "runs",
                directory.resolve("runs").toString(),
                "lease",
                "20000",
                "nightly",
                nightly),
            clock.environment());
    node.await("STARTED");
  }

  /** Puts the clock to a bit before a moment, and lets the moment pass. */
  private void pass(String moment) throws Exception {
    clock.forward(utc(moment).minus(BEFORE));
    awaitTime(utc(moment).plus(AFTER));
  }

  private void awaitTime(Instant time) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              node.command("now");
              List<String> told =
                  node.lines().stream().filter(line -> line.startsWith("DONE now ")).toList();
              return !told.isEmpty()
                  && utc(told.get(told.size() - 1).substring("DONE now ".length())).isAfter(time);
            });
  }

  private static List<Instance> instances(Database database) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "SELECT i.* FROM instance i JOIN task t ON t.id = i.task_id"
                        + " ORDER BY t.name, i.scheduled_at")
                .map((row, context) -> Instances.instance(row))
                .list());
  }

  private static String name(Database database, Instance instance) {
    return database.with(
        handle ->
            handle
                .createQuery("SELECT name FROM task WHERE id = :id")
                .bind("id", instance.taskId())
                .mapTo(String.class)
                .one());
  }

  private static List<String> listed(Database database) {
    return instances(database).stream()
        .map(
            one ->
                name(database, one)
                    + " "
                    + one.scheduledTime()
                    + " "
                    + one.state()
                    + " "
                    + one.mode())
        .toList();
  }

  private static Instance instance(Database database, String task, String time) {
    return instances(database).stream()
        .filter(one -> name(database, one).equals(task))
        .filter(one -> one.scheduledTime().toString().equals(time))
        .findFirst()
        .orElseThrow();
  }

  /** It began when it was due, once. */
  private static void assertOnTime(Instance instance) {
    Instant due = instance.scheduledAt();
    assertThat(instance.startedAt()).isBetween(due, due.plus(LATEST));
    assertThat(instance.attempts()).isEqualTo(instance.mode() == RunMode.DRY_RUN ? 0 : 1);
  }
}
