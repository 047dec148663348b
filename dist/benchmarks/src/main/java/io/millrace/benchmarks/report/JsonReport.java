package io.millrace.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.benchmarks.measure.Cost;
import io.millrace.benchmarks.measure.Machine;
import io.millrace.benchmarks.measure.Median;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Results for programs, each single run included. */
public final class JsonReport {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private JsonReport() {}

  /** Writes a file, and the directories it lies in. */
  public static void write(Results results, Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    MAPPER.writeValue(file.toFile(), of(results));
  }

  static ObjectNode of(Results results) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("started", results.started().toString());
    machine(root.putObject("machine"), results.machine());
    results.load().ifPresent(load -> root.put("loadBefore", load));
    root.put("scale", results.scale());
    root.put("runs", results.runs());
    root.put("complete", results.isComplete());
    ArrayNode works = root.putArray("works");
    results.works().forEach(work -> work(works.addObject(), results, work));
    return root;
  }

  private static void machine(ObjectNode node, Machine machine) {
    node.put("cores", machine.cores());
    node.put("processor", machine.processor());
    node.put("memoryBytes", machine.memoryBytes());
    node.put("system", machine.system());
    node.put("java", machine.java());
  }

  private static void work(ObjectNode node, Results results, WorkResults work) {
    node.put("work", work.work().name());
    node.put("title", work.work().title());
    node.put("server", work.server());
    ObjectNode settings = node.putObject("settings");
    work.settings().forEach(settings::put);
    ObjectNode scenarios = node.putObject("scenarios");
    work.runs()
        .forEach(
            (name, costs) -> {
              ObjectNode scenario = scenarios.putObject(name);
              cost(scenario.putObject("median"), Median.of(costs));
              ArrayNode runs = scenario.putArray("runs");
              costs.forEach(cost -> cost(runs.addObject(), cost));
            });
    ArrayNode targets = node.putArray("targets");
    for (Verdict verdict : Verdict.of(results, work)) {
      ObjectNode target = targets.addObject();
      target.put("title", verdict.target().title());
      if (Double.isFinite(verdict.target().limit())) {
        target.put(verdict.target().atLeast() ? "atLeast" : "atMost", verdict.target().limit());
      }
      target.put("measured", rounded(verdict.figure()));
      target.put("unit", verdict.target().unit().name());
      target.put("verdict", verdict.word());
    }
    ObjectNode failures = node.putObject("failures");
    work.failures().forEach(failures::put);
  }

  private static void cost(ObjectNode node, Cost cost) {
    node.put("seconds", rounded(cost.seconds()));
    node.put("rows", cost.rows());
    node.put("rowsPerSecond", rounded(cost.rowsPerSecond()));
    node.put("clientCpuSeconds", rounded(cost.clientSeconds()));
    cost.serverSeconds().ifPresent(seconds -> node.put("serverCpuSeconds", rounded(seconds)));
    cost.peakBytes().ifPresent(bytes -> node.put("clientPeakBytes", bytes));
    cost.details().entrySet().stream()
        .sorted(java.util.Map.Entry.comparingByKey())
        .forEach(detail -> node.put(detail.getKey(), rounded(detail.getValue())));
  }

  /** What is finer than a millisecond, and than a thousandth of anything else, is noise. */
  private static double rounded(double figure) {
    return Math.round(figure * 1000) / 1000.0;
  }
}
