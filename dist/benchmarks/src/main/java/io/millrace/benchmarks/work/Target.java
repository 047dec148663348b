package io.millrace.benchmarks.work;

import io.millrace.benchmarks.measure.Cost;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * A figure that is to be reached. Immutable.
 *
 * @param title what is to be reached
 * @param unit what the figure is
 * @param limit the least or the most that is good
 * @param atLeast true when more is better
 * @param atAnyScale true when the figure says something at a small scale as well
 * @param figure finds it among the medians, which are kept by the scenarios' names; empty when it
 *     was not measured
 */
public record Target(
    String title, Unit unit, double limit, boolean atLeast, boolean atAnyScale, Figure figure) {

  /** What kind of figure it is. */
  public enum Unit {
    RATIO,
    SECONDS,
    SHARE,
    MEGABYTES
  }

  /** Finds a figure. */
  @FunctionalInterface
  public interface Figure {
    OptionalDouble of(Map<String, Cost> medians);
  }

  /** Rows per second of a scenario, as a ratio to a yardstick's. */
  static Target ratio(String title, String scenario, String yardstick, double limit) {
    return new Target(
        title,
        Unit.RATIO,
        limit,
        true,
        false,
        medians -> {
          Cost measured = medians.get(scenario);
          Cost compared = medians.get(yardstick);
          return measured == null || compared == null
              ? OptionalDouble.empty()
              : OptionalDouble.of(measured.rowsPerSecond() / compared.rowsPerSecond());
        });
  }

  /** A figure of one scenario that should not be above the limit. */
  static Target atMost(
      String title,
      Unit unit,
      String scenario,
      double limit,
      boolean atAnyScale,
      ToDoubleFunction<Cost> figure) {
    return new Target(
        title,
        unit,
        limit,
        false,
        atAnyScale,
        medians -> {
          Cost measured = medians.get(scenario);
          return measured == null
              ? OptionalDouble.empty()
              : OptionalDouble.of(figure.applyAsDouble(measured));
        });
  }

  /** True when a figure reaches it. */
  public boolean isMetBy(double value) {
    return atLeast ? value >= limit : value <= limit;
  }
}
