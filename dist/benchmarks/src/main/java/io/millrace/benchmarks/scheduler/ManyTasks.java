package io.millrace.benchmarks.scheduler;

import io.millrace.scheduler.schedule.Cycle;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.store.Json;
import io.millrace.scheduler.task.TaskDefinition;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.PreparedBatch;

/** A store with 100,000 tasks: making their instances, starting, and looking. */
final class ManyTasks {

  private static final int TASKS = 100_000;
  private static final int BATCH = 1000;
  private static final int LOOKS = 50;
  private static final LocalTime LAST = LocalTime.of(23, 59);
  private static final int QUIET_MINUTES = 30;
  private static final int LOOK_EVERY_MILLIS = 200;

  private ManyTasks() {}

  static List<SchedulerMain.Figure> measure(Path directory) throws InterruptedException {
    double first;
    double made;
    double[] meanwhile;
    try (Bench bench = new Bench(directory)) {
      define(bench);
      long begin = System.nanoTime();
      first = start(bench);
      List<Double> looks = new ArrayList<>();
      while (made(bench) < TASKS) {
        looks.add(look(bench));
        Thread.sleep(LOOK_EVERY_MILLIS);
      }
      made = (System.nanoTime() - begin) / 1e9;
      meanwhile = sorted(looks);
    }
    try (Bench bench = new Bench(directory)) {
      double again = start(bench);
      List<Double> looks = new ArrayList<>();
      for (int i = 0; i < LOOKS; i++) {
        looks.add(look(bench));
      }
      double[] quiet = sorted(looks);
      return List.of(
          new SchedulerMain.Figure(
              "100,000 tasks: start with a day's instances to make", "s", first, 10, false),
          new SchedulerMain.Figure("100,000 tasks: until these are made", "s", made, 30, false),
          new SchedulerMain.Figure(
              "100,000 tasks: a look of the dispatcher meanwhile, median",
              "ms",
              meanwhile[meanwhile.length / 2],
              Double.NaN,
              false),
          new SchedulerMain.Figure("100,000 tasks: start", "s", again, 10, false),
          new SchedulerMain.Figure(
              "100,000 tasks: a look of the dispatcher, median of 50",
              "ms",
              quiet[LOOKS / 2],
              50,
              false),
          new SchedulerMain.Figure(
              "100,000 tasks: the slowest of 50", "ms", quiet[LOOKS - 1], Double.NaN, false));
    }
  }

  private static double start(Bench bench) {
    long begin = System.nanoTime();
    bench.scheduler.start();
    return (System.nanoTime() - begin) / 1e9;
  }

  private static long made(Bench bench) {
    return bench.database.with(
        handle -> handle.createQuery("SELECT COUNT(*) FROM instance").mapTo(Long.class).one());
  }

  /** What the dispatcher's next look takes, in milliseconds. */
  private static double look(Bench bench) throws InterruptedException {
    long before = bench.scheduler.ticks();
    bench.scheduler.wake();
    while (bench.scheduler.ticks() == before) {
      Thread.sleep(1);
    }
    return bench.scheduler.lastTick().toNanos() / 1e6;
  }

  private static double[] sorted(List<Double> values) {
    return values.stream().mapToDouble(value -> value).sorted().toArray();
  }

  /** As if they had been published yesterday; they are due at the minutes that today still has. */
  private static void define(Bench bench) {
    LocalTime now = LocalTime.now(ZoneOffset.UTC);
    int last = LAST.toSecondOfDay() / 60;
    int first = Math.min(last, now.toSecondOfDay() / 60 + QUIET_MINUTES);
    List<String> contents = new ArrayList<>();
    for (int minute = first; minute <= last; minute++) {
      Cycle cycle = Cycle.daily(LocalTime.ofSecondOfDay(minute * 60L));
      TaskDefinition definition = Bench.definition(Schedule.of(cycle, ZoneOffset.UTC));
      contents.add(Json.write(Map.of("definition", definition, "slots", 1)));
    }
    long yesterday = Instant.now().minus(Duration.ofDays(1)).toEpochMilli();
    long today = Instant.now().truncatedTo(ChronoUnit.DAYS).toEpochMilli();
    for (int from = 1; from <= TASKS; from += BATCH) {
      int begin = from;
      bench.database.useTransaction(
          handle -> {
            PreparedBatch tasks =
                handle.prepareBatch(
                    "INSERT INTO task (id, name, owner, description, labels, frozen, deleted,"
                        + " published, published_at, recurs_from, generated_until, revision)"
                        + " VALUES (?, ?, 'bench', '', '', FALSE, FALSE, 1, ?, ?, ?, 1)");
            PreparedBatch versions =
                handle.prepareBatch(
                    "INSERT INTO task_version (task_id, version, content, published_by,"
                        + " published_at, note) VALUES (?, 1, ?, 'bench', ?, '')");
            for (int id = begin; id < begin + BATCH; id++) {
              tasks.add(id, "task-" + id, yesterday, today, today);
              versions.add(id, contents.get(id % contents.size()), yesterday);
            }
            tasks.execute();
            versions.execute();
          });
    }
  }
}
