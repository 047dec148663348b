package io.millrace.benchmarks.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.measure.Cost;
import io.millrace.benchmarks.server.MeasuredServer;
import io.millrace.testkit.server.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The packaged program, run as its users run it: as a process, with a task file and a file of data
 * sources. For one thread.
 */
public final class Millrace {

  /** How its users give options to its Java machine. */
  private static final String JAVA_OPTIONS = "MILLRACE_OPTS";

  private static final String PASSWORD = "MILLRACE_BENCH_PASSWORD";

  private final Path home;
  private final Path scratch;
  private final Duration timeout;

  /**
   * @param home where the distribution lies
   * @param scratch a directory for task files and run directories
   * @param timeout after which a run is ended and has failed
   */
  public Millrace(Path home, Path scratch, Duration timeout) {
    this.home = home;
    this.scratch = scratch;
    this.timeout = timeout;
  }

  /**
   * Runs a task.
   *
   * @param javaOptions such as {@code -Xmx128m}; empty for none
   * @throws io.millrace.benchmarks.measure.ProgramException when it fails
   * @throws MismatchException when it succeeds with records missing
   */
  Cost run(MeasuredServer server, CopyTask task, String javaOptions)
      throws IOException, InterruptedException {
    return run(server, task.yaml(), javaOptions);
  }

  /** The same with a task in Millrace's own form. */
  Cost run(MeasuredServer server, String task, String javaOptions)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(scratch, "run-");
    Path file = Files.writeString(directory.resolve("task.yaml"), task);
    Path sources = Files.writeString(directory.resolve("datasources.yaml"), dataSources(server));
    Path result = directory.resolve("result.json");
    List<String> command =
        List.of(
            home.resolve("bin/millrace").toString(),
            "run",
            file.toString(),
            "--datasources",
            sources.toString(),
            "--result",
            result.toString(),
            "--run-dir",
            directory.resolve("run").toString());
    Map<String, String> environment =
        Map.of(
            PASSWORD,
            server.account().password(),
            JAVA_OPTIONS,
            javaOptions,
            // The one that the results tell of.
            "JAVA_HOME",
            System.getProperty("java.home"));
    Cost cost =
        server.meter().program(command, environment, directory.resolve("output.log"), timeout);
    return checked(cost, new ObjectMapper().readTree(result.toFile()));
  }

  private static String dataSources(MeasuredServer server) {
    TestServer account = server.account();
    return """
        %s:
          type: mysql
          jdbcUrl: %s
          username: %s
          password: {env: %s}
        """
        .formatted(
            CopyTask.DATA_SOURCE, account.jdbcUrl(server.database()), account.user(), PASSWORD);
  }

  private static Cost checked(Cost cost, JsonNode result) {
    long read = result.path("read").asLong(-1);
    if (!result.path("state").asText().equals("SUCCESS")
        || read != result.path("written").asLong()
        || result.path("dirty").asLong() != 0) {
      throw new MismatchException("the result tells of records that were not written: " + result);
    }
    return cost.withRows(read)
        .with("bytes", result.path("bytes").asDouble())
        .with("splits", result.path("splits").asDouble())
        .with("readWaitSeconds", result.path("readWaitSeconds").asDouble())
        .with("writeWaitSeconds", result.path("writeWaitSeconds").asDouble())
        .with("attemptSeconds", result.path("seconds").asDouble())
        .with("synchronizeSeconds", synchronizeSeconds(result));
  }

  private static double synchronizeSeconds(JsonNode result) {
    for (JsonNode stage : result.path("stages")) {
      if (stage.path("name").asText().equalsIgnoreCase("SYNCHRONIZE")) {
        return stage.path("seconds").asDouble();
      }
    }
    return result.path("seconds").asDouble();
  }
}
