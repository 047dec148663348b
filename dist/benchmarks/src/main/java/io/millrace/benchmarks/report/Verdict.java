package io.millrace.benchmarks.report;

import io.millrace.benchmarks.measure.Cost;
import io.millrace.benchmarks.work.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A target beside what was measured.
 *
 * @param target what was to be reached
 * @param figure what was measured
 * @param word {@code met}, {@code missed} or {@code not judged}
 */
record Verdict(Target target, double figure, String word) {

  /** Those of all targets whose figures were measured. */
  static List<Verdict> of(Results results, WorkResults work) {
    Map<String, Cost> medians = work.medians();
    List<Verdict> verdicts = new ArrayList<>();
    for (Target target : work.targets()) {
      OptionalDouble figure = target.figure().of(medians);
      if (figure.isPresent()) {
        boolean judged = results.isFullScale() || target.atAnyScale();
        boolean met = target.isMetBy(figure.getAsDouble());
        verdicts.add(
            new Verdict(
                target, figure.getAsDouble(), judged ? met ? "met" : "missed" : "not judged"));
      }
    }
    return verdicts;
  }

  String limit() {
    if (Double.isInfinite(target.limit())) {
      return "runs";
    }
    return (target.atLeast() ? "≥ " : "≤ ") + Figures.of(target.unit(), target.limit());
  }

  String measured() {
    return Figures.of(target.unit(), figure);
  }
}
