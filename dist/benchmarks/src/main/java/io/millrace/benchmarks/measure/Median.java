package io.millrace.benchmarks.measure;

import java.util.Arrays;
import java.util.Collection;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;

/** The middle of several runs, which one noisy run does not move. */
public final class Median {

  private Median() {}

  /**
   * The median of a figure; with an even number of values the mean of the two in the middle.
   *
   * @throws IllegalArgumentException when there are no values
   */
  public static <T> double of(Collection<T> runs, ToDoubleFunction<T> figure) {
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("no median of nothing");
    }
    double[] values = runs.stream().mapToDouble(figure).sorted().toArray();
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }

  /** One cost with the median of each figure; of the memory, the most. */
  public static Cost of(Collection<Cost> runs) {
    Cost median =
        new Cost(
            of(runs, Cost::seconds),
            Math.round(of(runs, Cost::rows)),
            of(runs, Cost::clientSeconds),
            runs.stream().allMatch(run -> run.serverSeconds().isPresent())
                ? OptionalDouble.of(of(runs, run -> run.serverSeconds().orElse(0)))
                : OptionalDouble.empty(),
            most(runs),
            java.util.Map.of());
    for (String name : runs.iterator().next().details().keySet()) {
      if (runs.stream().allMatch(run -> run.details().containsKey(name))) {
        median = median.with(name, of(runs, run -> run.details().getOrDefault(name, 0.0)));
      }
    }
    return median;
  }

  private static OptionalLong most(Collection<Cost> runs) {
    long[] peaks = runs.stream().flatMapToLong(run -> run.peakBytes().stream()).toArray();
    return Arrays.stream(peaks).max();
  }
}
