package io.millrace.benchmarks.report;

import io.millrace.benchmarks.measure.Cost;
import io.millrace.benchmarks.work.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The same cells for every form of a table: a heading and a row for each scenario. */
final class ResultTable {

  private static final String NONE = "–";

  private ResultTable() {}

  /** The first row holds the headings. */
  static List<List<String>> of(WorkResults work) {
    Map<String, Cost> medians = work.medians();
    List<String> yardsticks =
        work.work().yardsticks().stream().filter(medians::containsKey).toList();
    List<List<String>> rows = new ArrayList<>();
    List<String> heading = new ArrayList<>(List.of("", "wall s", "rows/s"));
    yardsticks.forEach(name -> heading.add("of " + name));
    heading.addAll(List.of("client CPU s", "per million", "server CPU s", "client MB"));
    rows.add(heading);
    for (Scenario scenario : work.measured()) {
      rows.add(row(scenario, yardsticks, medians));
    }
    return rows;
  }

  private static List<String> row(
      Scenario scenario, List<String> yardsticks, Map<String, Cost> medians) {
    Cost cost = Objects.requireNonNull(medians.get(scenario.name()));
    boolean comparable = scenario.isComparable();
    List<String> cells = new ArrayList<>();
    cells.add(scenario.title());
    cells.add(Figures.seconds(cost.seconds()));
    cells.add(comparable ? Figures.whole(cost.rowsPerSecond()) : NONE);
    for (String yardstick : yardsticks) {
      Cost compared = medians.get(yardstick);
      cells.add(
          comparable && compared != null
              ? Figures.ratio(cost.rowsPerSecond() / compared.rowsPerSecond())
              : NONE);
    }
    cells.add(Figures.seconds(cost.clientSeconds()));
    cells.add(comparable ? Figures.seconds(cost.clientSecondsPerMillion()) : NONE);
    cells.add(
        cost.serverSeconds().isPresent()
            ? Figures.seconds(cost.serverSeconds().getAsDouble())
            : NONE);
    cells.add(
        cost.peakBytes().isPresent() ? Figures.whole(cost.peakBytes().getAsLong() / 1e6) : NONE);
    return cells;
  }
}
