package io.millrace.benchmarks.scheduler;

import io.millrace.engine.connector.PluginConnectors;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.runner.LocalRunner;
import io.millrace.scheduler.runner.RunDirectories;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;

/** From the trigger of a task of one row to its success, in a server that is warm. */
final class OneRun {

  private static final int RUNS = 40;
  private static final int WARM = 10;

  private OneRun() {}

  static List<SchedulerMain.Figure> measure(Path home, Path directory) throws InterruptedException {
    try (PluginConnectors connectors =
            PluginConnectors.open(home.resolve("plugins"), directory.resolve("cache"));
        Bench bench =
            new Bench(
                directory,
                new LocalRunner(
                    connectors,
                    new RunDirectories(directory.resolve("runs")),
                    Clock.systemUTC()))) {
      long task = bench.task("one-row", null);
      LinkedBlockingQueue<Long> changes = new LinkedBlockingQueue<>();
      bench.scheduler.onChange(outcome -> changes.addAll(outcome.changed()));
      bench.scheduler.start();
      double[] millis =
          IntStream.range(0, WARM + RUNS)
              .mapToDouble(run -> once(bench, task, changes))
              .skip(WARM)
              .sorted()
              .toArray();
      return List.of(
          new SchedulerMain.Figure(
              "trigger to SUCCESS of a one-row task (stream), median",
              "ms",
              millis[RUNS / 2],
              150,
              false),
          new SchedulerMain.Figure("the slowest of 40", "ms", millis[RUNS - 1], Double.NaN, false));
    }
  }

  private static double once(Bench bench, long task, LinkedBlockingQueue<Long> changes) {
    changes.clear();
    long begin = System.nanoTime();
    long id = bench.scheduler.taskOperations().run(task, Bench.ME);
    try {
      while (true) {
        if (changes.take() == id) {
          InstanceState state =
              bench.database.with(handle -> bench.scheduler.instances().get(handle, id)).state();
          if (state == InstanceState.SUCCEEDED) {
            return (System.nanoTime() - begin) / 1e6;
          }
          if (state == InstanceState.FAILED) {
            throw new IllegalStateException("instance " + id + " failed");
          }
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
