package io.millrace.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class MedianTest {

  private static Cost cost(double seconds, long peak) {
    return new Cost(
        seconds,
        1000,
        seconds / 2,
        OptionalDouble.of(seconds * 2),
        OptionalLong.of(peak),
        Map.of("splits", seconds));
  }

  @Test
  void oneSlowRunDoesNotMoveTheMedian() {
    Cost median = Median.of(List.of(cost(2, 10), cost(90, 30), cost(3, 20)));
    assertThat(median.seconds()).isEqualTo(3);
    assertThat(median.clientSeconds()).isEqualTo(1.5);
    assertThat(median.serverSeconds()).hasValue(6);
    assertThat(median.details()).containsEntry("splits", 3.0);
  }

  @Test
  void ofTheMemoryTheMostCounts() {
    assertThat(Median.of(List.of(cost(2, 10), cost(9, 30), cost(3, 20))).peakBytes()).hasValue(30);
  }

  @Test
  void anEvenNumberOfRunsHasItsMedianInBetween() {
    assertThat(Median.of(List.of(cost(2, 10), cost(3, 10))).seconds()).isEqualTo(2.5);
  }

  @Test
  void ratesAreByTheSecondAndByTheMillionRows() {
    Cost cost = cost(2, 10);
    assertThat(cost.rowsPerSecond()).isEqualTo(500);
    assertThat(cost.clientSecondsPerMillion()).isCloseTo(1000, within(1e-9));
  }
}
