package io.millrace.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class MeterIT {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir private Path directory;

  private Cost run(String script, Duration timeout) throws InterruptedException {
    return new Meter(-1)
        .program(
            List.of("/bin/sh", "-c", script), Map.of("A", "b"), directory.resolve("log"), timeout);
  }

  @Test
  void theProcessorTimeOfAProgramAndItsChildrenIsCounted() throws Exception {
    // A shell that counts, inside a shell.
    String count = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";
    Cost cost = run("sh -c '" + count + "'; sleep 0.3", MINUTE);
    assertThat(cost.clientSeconds()).isBetween(0.02, cost.seconds());
    assertThat(cost.seconds()).isGreaterThan(0.3);
    assertThat(cost.peakBytes().orElse(0)).isBetween(100_000L, 100_000_000L);
    assertThat(cost.serverSeconds()).isEmpty();
  }

  @Test
  void aFailedProgramIsToldWithTheEndOfWhatItSaid() {
    assertThatThrownBy(() -> run("echo it is cold; exit 3", MINUTE))
        .isInstanceOf(ProgramException.class)
        .hasMessageContaining("ended with 3")
        .hasMessageContaining("it is cold");
  }

  @Test
  void aProgramThatDoesNotEndIsEnded() {
    assertThatThrownBy(() -> run("sleep 100 & sleep 100", Duration.ofMillis(300)))
        .isInstanceOf(ProgramException.class)
        .hasMessageContaining("did not end");
    assertThat(ProcessHandle.current().descendants()).isEmpty();
  }

  @Test
  void whatRunsInsideThisMachineIsMeasuredAsWell() throws Exception {
    Cost cost =
        new Meter(ProcessHandle.current().pid())
            .inside(
                () -> {
                  long end = System.nanoTime() + 200_000_000;
                  long rows = 0;
                  while (System.nanoTime() < end) {
                    rows++;
                  }
                  return rows;
                });
    assertThat(cost.rows()).isPositive();
    assertThat(cost.clientSeconds()).isPositive();
    assertThat(cost.serverSeconds().orElse(0)).isPositive();
  }
}
