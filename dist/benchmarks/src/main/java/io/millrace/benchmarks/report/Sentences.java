package io.millrace.benchmarks.report;

import io.millrace.benchmarks.measure.Cost;
import io.millrace.benchmarks.measure.Machine;
import io.millrace.benchmarks.work.Scenario;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.stream.Collectors;

/** What stands around the tables. */
final class Sentences {

  private Sentences() {}

  static String done(Results results, WorkResults work) {
    long rows =
        work.measured().stream()
            .filter(Scenario::isComparable)
            .flatMap(scenario -> work.runs().get(scenario.name()).stream())
            .mapToLong(Cost::rows)
            .findFirst()
            .orElse(0);
    return String.format(
        Locale.ROOT,
        "%s%s, %s",
        work.work().title(),
        rows == 0 ? "" : String.format(Locale.ROOT, " (%,d rows)", rows),
        results.runs() == 1 ? "one run" : "median of " + results.runs() + " runs");
  }

  static String place(Results results) {
    Machine machine = results.machine();
    return String.format(
        Locale.ROOT,
        "%s, %d cores (%s), %.0f GB, %s, %s",
        results.started().atZone(ZoneOffset.UTC).toLocalDate(),
        machine.cores(),
        machine.processor(),
        machine.memoryBytes() / 1e9,
        machine.system(),
        machine.java());
  }

  static String settings(WorkResults work) {
    return work.settings().entrySet().stream()
        .map(setting -> setting.getKey() + "=" + setting.getValue())
        .collect(Collectors.joining(", "));
  }
}
