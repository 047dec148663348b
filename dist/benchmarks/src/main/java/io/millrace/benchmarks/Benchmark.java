package io.millrace.benchmarks;

import io.millrace.benchmarks.measure.Cost;
import io.millrace.benchmarks.measure.Machine;
import io.millrace.benchmarks.report.Results;
import io.millrace.benchmarks.report.WorkResults;
import io.millrace.benchmarks.server.MeasuredServer;
import io.millrace.benchmarks.server.ServerChoice;
import io.millrace.benchmarks.work.Millrace;
import io.millrace.benchmarks.work.Scenario;
import io.millrace.benchmarks.work.Work;
import io.millrace.benchmarks.work.Workbench;
import io.millrace.benchmarks.work.Works;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Goes through servers, works and rounds. A round runs every scenario once, so that whatever slows
 * the machine down for a while slows all of them. For one thread.
 */
public final class Benchmark {

  private final BenchmarkOptions options;
  private final Clock clock;
  private final PrintStream progress;

  /**
   * @param progress where a line is printed for each run
   */
  public Benchmark(BenchmarkOptions options, Clock clock, PrintStream progress) {
    this.options = options;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Measures all. A scenario that fails is told in the results and not run again; the others go on.
   *
   * @throws Exception when a server cannot be started or a work not be prepared
   */
  public Results run() throws Exception {
    Instant started = clock.instant();
    Machine machine = Machine.current();
    OptionalDouble load = Machine.load();
    if (load.orElse(0) > machine.cores() / 4.0) {
      progress.printf(
          Locale.ROOT,
          "This machine is busy (load %.1f): what is measured now says little.%n",
          load.getAsDouble());
    }
    List<WorkResults> results = new ArrayList<>();
    List<Work> works =
        Works.all().stream()
            .filter(work -> options.works().isEmpty() || options.works().contains(work.name()))
            .toList();
    for (ServerChoice choice : options.servers()) {
      try (MeasuredServer server = MeasuredServer.start(choice, options.timeout())) {
        if (choice.binaryLog() && !server.binaryLog()) {
          progress.println(server.title() + " was given without a binary log, which stays so");
          continue;
        }
        for (Work work : works) {
          results.add(measure(work, server));
        }
      }
    }
    return new Results(started, machine, load, options.scale(), options.runs(), results);
  }

  private WorkResults measure(Work work, MeasuredServer server) throws Exception {
    Millrace millrace = new Millrace(options.home(), options.scratch(), options.timeout());
    Workbench bench = new Workbench(server, millrace, options.scratch(), options.scale());
    WorkResults results =
        new WorkResults(work, server.flavour(), server.title(), server.settings());
    List<Scenario> scenarios =
        work.scenarios().stream()
            .filter(each -> options.only().isEmpty() || options.only().contains(each.name()))
            .toList();
    progress.printf("%s: preparing work %s: %s%n", server.title(), work.name(), work.title());
    work.prepare(bench);
    List<Scenario> millraces = scenarios.stream().filter(Scenario::usesMillrace).toList();
    if (!millraces.isEmpty()) {
      warmUp(work, bench, millraces, results);
    }
    for (int round = 1; round <= options.runs(); round++) {
      for (Scenario scenario : scenarios) {
        if (round <= scenario.rounds(options.runs())
            && !results.failures().containsKey(scenario.name())) {
          run(scenario, bench, results, round);
        }
      }
    }
    return results;
  }

  /** A Millrace that cannot copy one row is not measured. */
  private void warmUp(Work work, Workbench bench, List<Scenario> millrace, WorkResults results)
      throws InterruptedException {
    try {
      work.warmUp(bench);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      millrace.forEach(scenario -> results.fail(scenario, message(e)));
      progress.println("Millrace FAILED to warm up, " + inShort(e));
    }
  }

  private void run(Scenario scenario, Workbench bench, WorkResults results, int round)
      throws InterruptedException {
    String head =
        String.format("%s, round %d, %s: ", bench.server().title(), round, scenario.name());
    try {
      Cost cost = scenario.run(bench);
      results.add(scenario, cost);
      progress.printf(
          Locale.ROOT,
          "%s%.2f s, %,d rows, %.2f s of client CPU%n",
          head,
          cost.seconds(),
          cost.rows(),
          cost.clientSeconds());
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      results.fail(scenario, message(e));
      progress.println(head + "FAILED, " + inShort(e));
    }
  }

  private static String message(Exception e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }

  /** Of a failed program this is the last thing it said, which mostly is the reason. */
  private static String inShort(Exception e) {
    List<String> lines = message(e).lines().toList();
    return lines.isEmpty() ? e.toString() : lines.get(lines.size() - 1).strip();
  }
}
