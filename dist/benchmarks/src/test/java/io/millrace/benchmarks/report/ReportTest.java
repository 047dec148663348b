package io.millrace.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.benchmarks.measure.Cost;
import io.millrace.benchmarks.measure.Machine;
import io.millrace.benchmarks.work.Scenario;
import io.millrace.benchmarks.work.Work;
import io.millrace.benchmarks.work.Works;
import io.millrace.testkit.server.Flavour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {

  private static final Machine MACHINE = new Machine(2, "a processor", 1L << 34, "Linux", "Java");

  private final Work work = Works.all().get(0);
  private final WorkResults measured =
      new WorkResults(work, Flavour.MYSQL, "MySQL 8", Map.of("log_bin", "OFF"));

  private void ran(String name, double seconds) {
    measured.add(
        scenario(name),
        new Cost(
            seconds,
            2_000_000,
            5,
            OptionalDouble.of(12),
            OptionalLong.of(200_000_000),
            Map.of("rateError", 0.2)));
  }

  private Scenario scenario(String name) {
    return work.scenarios().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Results results(double scale) {
    return new Results(
        Instant.parse("2026-11-22T10:00:00Z"),
        MACHINE,
        OptionalDouble.of(0.1),
        scale,
        1,
        List.of(measured));
  }

  @Test
  void aTargetIsMetOrMissedByTheRatioToTheYardstick() {
    ran("insert-select", 10);
    ran("millrace-4", 8);
    ran("millrace-insert", 40);
    assertThat(TextReport.of(results(0.33)))
        .containsPattern("of INSERT … SELECT +≥ 1.00 +1.25 +met")
        .containsPattern("for a million rows +≤ 2.7 s +2.5 s +met")
        .containsPattern("without local_infile.* +≥ 0.45 +0.25 +missed");
  }

  @Test
  void aSmallScaleIsNotJudged() {
    ran("insert-select", 10);
    ran("millrace-4", 80);
    assertThat(TextReport.of(results(0.001))).contains("not judged").doesNotContain("missed");
  }

  @Test
  void whatWasNotMeasuredIsNotTold() {
    ran("millrace-4", 8);
    assertThat(TextReport.of(results(0.33)))
        .doesNotContain("INSERT … SELECT")
        .doesNotContain("local_infile");
  }

  @Test
  void aFailureMakesTheResultsIncomplete() {
    ran("insert-select", 10);
    measured.fail(scenario("insert-select"), "the copy is not the source");
    assertThat(results(0.33).isComplete()).isFalse();
    assertThat(TextReport.of(results(0.33))).contains("FAILED insert-select: the copy is not");
    JsonNode json = JsonReport.of(results(0.33));
    assertThat(json.at("/works/0/failures/insert-select").asText()).contains("not the source");
    assertThat(json.at("/works/0/scenarios/insert-select").isMissingNode()).isTrue();
  }

  @Test
  void theJsonHoldsEachRun() {
    ran("millrace-4", 8);
    ran("millrace-4", 9);
    JsonNode json = JsonReport.of(results(0.33)).at("/works/0/scenarios/millrace-4");
    assertThat(json.at("/runs")).hasSize(2);
    assertThat(json.at("/median/seconds").asDouble()).isEqualTo(8.5);
    assertThat(json.at("/median/clientPeakBytes").asLong()).isEqualTo(200_000_000);
  }

  @Test
  void resultsReplaceTheLastOnesInADocument(@TempDir Path directory) throws Exception {
    Path document = directory.resolve("performance.md");
    MarkdownReport.write(results(0.33), document);
    Files.writeString(document, "before\n" + Files.readString(document) + "after\n");
    ran("insert-select", 10);
    MarkdownReport.write(results(0.33), document);
    assertThat(Files.readString(document))
        .startsWith("before\n<!--")
        .endsWith("-->\nafter\n")
        .containsOnlyOnce("Measured on 2026-11-22, 2 cores (a processor), 17 GB")
        .contains("| the server's own INSERT … SELECT | 10.0 | 200,000 | 1.00 |");
  }

  @Test
  void aDocumentWithoutAPlaceForResultsIsLeftAlone(@TempDir Path directory) throws Exception {
    Path document = Files.writeString(directory.resolve("other.md"), "words");
    assertThatThrownBy(() -> MarkdownReport.write(results(0.33), document))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no place");
    assertThat(Files.readString(document)).isEqualTo("words");
  }
}
