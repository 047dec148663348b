package io.millrace.benchmarks.measure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What one run cost. Immutable.
 *
 * @param seconds wall time, for a program from its start to its end
 * @param rows rows that were moved, as the target counted them
 * @param clientSeconds processor time of the client with all its children
 * @param serverSeconds processor time of the server meanwhile; empty when it cannot be looked at
 * @param peakBytes the client's peak of resident memory; empty when it was no program of its own
 * @param details other figures by name, for the JSON
 */
public record Cost(
    double seconds,
    long rows,
    double clientSeconds,
    OptionalDouble serverSeconds,
    OptionalLong peakBytes,
    Map<String, Double> details) {

  public Cost {
    details = Map.copyOf(details);
  }

  /** Rows in a second of wall time. */
  public double rowsPerSecond() {
    return rows / seconds;
  }

  /** Processor time of the client for a million rows, in seconds. */
  public double clientSecondsPerMillion() {
    return clientSeconds * 1e6 / rows;
  }

  /** The same with the rows as they were counted afterwards. */
  public Cost withRows(long counted) {
    return new Cost(seconds, counted, clientSeconds, serverSeconds, peakBytes, details);
  }

  /** The same with one more figure. */
  public Cost with(String name, double figure) {
    Map<String, Double> more = new LinkedHashMap<>(details);
    more.put(name, figure);
    return new Cost(seconds, rows, clientSeconds, serverSeconds, peakBytes, more);
  }
}
