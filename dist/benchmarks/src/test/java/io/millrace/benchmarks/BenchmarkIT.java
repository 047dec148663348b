package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.benchmarks.report.Results;
import io.millrace.benchmarks.report.TextReport;
import io.millrace.benchmarks.server.ServerChoice;
import io.millrace.testkit.server.Flavour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keeps the benchmark alive: tiny tables, every scenario once. Its figures mean nothing. */
final class BenchmarkIT {

  private static final double TINY = 0.001;
  private static final long ROWS = 6005;

  @TempDir private Path scratch;

  private Results run(String work, Flavour flavour, boolean binaryLog, Path home, Set<String> only)
      throws Exception {
    BenchmarkOptions options =
        new BenchmarkOptions(
            List.of(new ServerChoice(flavour, binaryLog, 64, null)),
            Set.of(work),
            only,
            1,
            TINY,
            home,
            scratch,
            Duration.ofMinutes(1));
    return new Benchmark(options, Clock.systemUTC(), System.out).run();
  }

  @ParameterizedTest
  @EnumSource
  void yardsticksCopyEveryRowWithTheBinaryLogOnAsWell(Flavour flavour) throws Exception {
    Results results = run("A", flavour, true, scratch, Set.of("insert-select", "load-data"));
    assertThat(results.isComplete()).as(TextReport.of(results)).isTrue();
    assertThat(results.works().get(0).runs()).containsOnlyKeys("insert-select", "load-data");
    assertThat(results.works().get(0).runs().values())
        .allSatisfy(costs -> assertThat(costs.get(0).rows()).isEqualTo(ROWS));
    assertThat(results.works().get(0).server()).endsWith("binary log on");
  }

  @Test
  void thePackagedMillraceCopiesEveryRowByEachOfItsWays() throws Exception {
    Set<String> ways = Set.of("millrace-128m", "millrace-insert", "one-row", "rate-limit");
    Results results = run("A", Flavour.MYSQL, false, distribution(), ways);
    assertThat(results.isComplete()).as(TextReport.of(results)).isTrue();
    assertThat(results.works().get(0).runs()).containsOnlyKeys(ways);
  }

  @ParameterizedTest
  @EnumSource
  void textFilesHoldEveryRowInBothDirections(Flavour flavour) throws Exception {
    Results results = run("files", flavour, false, distribution(), Set.of());
    assertThat(results.isComplete()).as(TextReport.of(results)).isTrue();
    assertThat(results.works().get(0).runs())
        .containsOnlyKeys("text-load-data", "text-mysql", "mysql-outfile", "mysql-text")
        .allSatisfy((way, costs) -> assertThat(costs.get(0).rows()).isEqualTo(ROWS));
  }

  /** What the module before this one has built. */
  private static Path distribution() throws IOException {
    try (Stream<Path> built = Files.list(Path.of("../target"))) {
      return built
          .filter(home -> Files.isExecutable(home.resolve("bin/millrace")))
          .findFirst()
          .orElseThrow(
              () -> new AssertionError("no distribution in dist/target: build dist first"));
    }
  }
}
