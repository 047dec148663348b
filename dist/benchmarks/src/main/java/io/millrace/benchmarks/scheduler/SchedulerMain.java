package io.millrace.benchmarks.scheduler;

import io.millrace.benchmarks.measure.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** {@code dist/bench scheduler HOME}: prints each figure beside its target. */
public final class SchedulerMain {

  private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

  private SchedulerMain() {}

  /**
   * A figure.
   *
   * @param what it is
   * @param value in its unit
   * @param limit the target; NaN for none
   * @param atLeast true when more is better
   */
  record Figure(String what, String unit, double value, double limit, boolean atLeast) {

    String line() {
      String target =
          Double.isNaN(limit)
              ? ""
              : String.format(
                  Locale.ROOT,
                  "   target %s %.0f: %s",
                  atLeast ? ">=" : "<=",
                  limit,
                  (atLeast ? value >= limit : value <= limit) ? "met" : "missed");
      return String.format(Locale.ROOT, "%-78s %8.1f %s%s", what, value, unit, target);
    }
  }

  /**
   * Measures.
   *
   * @param arguments the installation whose connectors are used, then what to measure: backfill,
   *     run, tasks; all when nothing is named
   */
  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]);
    // Without a logging library it writes to the console by itself.
    FLYWAY.setLevel(Level.SEVERE);
    Machine machine = Machine.current();
    System.out.println(
        machine.cores()
            + " cores ("
            + machine.processor()
            + "), "
            + machine.system()
            + ", "
            + machine.java());
    Machine.load().ifPresent(load -> System.out.println("load at the start: " + load));
    Path scratch = Files.createTempDirectory("millrace-bench-scheduler-");
    try {
      if (isWanted(arguments, "backfill")) {
        print(Backfill10k.measure(Files.createDirectory(scratch.resolve("backfill"))));
      }
      if (isWanted(arguments, "run")) {
        print(OneRun.measure(home, Files.createDirectory(scratch.resolve("run"))));
      }
      if (isWanted(arguments, "tasks")) {
        print(ManyTasks.measure(Files.createDirectory(scratch.resolve("tasks"))));
      }
    } finally {
      delete(scratch);
    }
  }

  private static boolean isWanted(String[] arguments, String what) {
    return arguments.length == 1
        || Arrays.asList(arguments).subList(1, arguments.length).contains(what);
  }

  private static void print(List<Figure> figures) {
    figures.forEach(figure -> System.out.println(figure.line()));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
