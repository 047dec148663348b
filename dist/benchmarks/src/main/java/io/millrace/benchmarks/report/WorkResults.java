package io.millrace.benchmarks.report;

import io.millrace.benchmarks.measure.Cost;
import io.millrace.benchmarks.measure.Median;
import io.millrace.benchmarks.work.Scenario;
import io.millrace.benchmarks.work.Target;
import io.millrace.benchmarks.work.Work;
import io.millrace.testkit.server.Flavour;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a work cost on one server, filled run by run. For one thread.
 *
 * @param work what was done
 * @param flavour MySQL or MariaDB
 * @param server name and version of the server
 * @param settings the server's settings that move figures
 * @param runs each scenario's runs, by its name, in their order
 * @param failures what went wrong, by the scenario's name
 */
public record WorkResults(
    Work work,
    Flavour flavour,
    String server,
    Map<String, String> settings,
    Map<String, List<Cost>> runs,
    Map<String, String> failures) {

  /** Nothing yet. */
  public WorkResults(Work work, Flavour flavour, String server, Map<String, String> settings) {
    this(work, flavour, server, settings, new LinkedHashMap<>(), new LinkedHashMap<>());
  }

  /** Keeps a run. */
  public void add(Scenario scenario, Cost cost) {
    runs.computeIfAbsent(scenario.name(), name -> new ArrayList<>()).add(cost);
  }

  /** Keeps a failure; what was measured of the scenario before counts no more. */
  public void fail(Scenario scenario, String message) {
    runs.remove(scenario.name());
    failures.put(scenario.name(), message);
  }

  /** The median of each scenario that ran, by its name. */
  Map<String, Cost> medians() {
    Map<String, Cost> medians = new LinkedHashMap<>();
    runs.forEach((name, costs) -> medians.put(name, Median.of(costs)));
    return medians;
  }

  /** The scenarios that ran, in the order of the work. */
  List<Scenario> measured() {
    return work.scenarios().stream().filter(each -> runs.containsKey(each.name())).toList();
  }

  /** What was to be reached. */
  List<Target> targets() {
    return work.targets(flavour);
  }
}
