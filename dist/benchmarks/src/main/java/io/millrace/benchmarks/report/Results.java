package io.millrace.benchmarks.report;

import io.millrace.benchmarks.measure.Machine;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;

/**
 * All that was measured.
 *
 * @param started when
 * @param machine where
 * @param load processes that wanted to run before anything was measured
 * @param scale of TPC-H
 * @param runs rounds that were asked for
 * @param works one entry for each work on each server
 */
public record Results(
    Instant started,
    Machine machine,
    OptionalDouble load,
    double scale,
    int runs,
    List<WorkResults> works) {

  /** The scale from which targets are judged: below it fixed costs drown everything. */
  private static final double JUDGED_FROM = 0.33;

  public Results {
    works = List.copyOf(works);
  }

  /** True when everything ran, and every copy was what was sent. */
  public boolean isComplete() {
    return works.stream().allMatch(work -> work.failures().isEmpty());
  }

  /** True when targets that need the whole work can be judged. */
  boolean isFullScale() {
    return scale >= JUDGED_FROM;
  }
}
