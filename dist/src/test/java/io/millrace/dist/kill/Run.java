package io.millrace.dist.kill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A {@code millrace run} of the packaged distribution, as a process that can be killed. */
final class Run {

  private final Process process;
  private final Path output;
  private final Path result;

  private Run(Process process, Path output, Path result) {
    this.process = process;
    this.output = output;
    this.result = result;
  }

  static Run start(Path task, Path runDirectory, Path output, boolean resume) throws IOException {
    Path result = output.resolveSibling(output.getFileName() + ".json");
    List<String> command =
        new ArrayList<>(
            List.of(
                distribution().resolve("bin/millrace").toString(),
                "run",
                task.toString(),
                "--run-dir",
                runDirectory.toString(),
                "--result",
                result.toString()));
    if (resume) {
      command.add("--resume");
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder
        .environment()
        .put("MILLRACE_CACHE", Path.of("target", "cache").toAbsolutePath().toString());
    return new Run(builder.start(), output, result);
  }

  private static Path distribution() throws IOException {
    try (Stream<Path> entries = Files.list(Path.of("target"))) {
      return entries
          .filter(entry -> Files.isExecutable(entry.resolve("bin/millrace")))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no distribution in target; run mvn package"));
    }
  }

  /** Kill -9. */
  void kill() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for the process, kills it after two minutes. */
  Result await() throws IOException, InterruptedException {
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      kill();
      throw new AssertionError("the run did not end:\n" + Files.readString(output));
    }
    String log = Files.readString(output);
    JsonNode json =
        Files.exists(result)
            ? new ObjectMapper().readTree(result.toFile())
            : new ObjectMapper().nullNode();
    return new Result(process.exitValue(), json, log);
  }

  /** What a run left. */
  record Result(int exit, JsonNode json, String log) {
    Result assertSuccess() {
      assertThat(exit).as(log).isZero();
      return this;
    }
  }
}
