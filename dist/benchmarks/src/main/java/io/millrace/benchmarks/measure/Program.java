package io.millrace.benchmarks.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a program to its end, at most for a given time, and looks at its memory meanwhile. */
final class Program {

  /** Looking reads the state of every process: at 20 ms it cost the runs 3 % of the machine. */
  private static final int LOOK_EVERY_MILLIS = 200;

  private static final int TAIL_LINES = 12;
  private static final int KILL_SECONDS = 10;

  private Program() {}

  /** How a program ran. */
  record Run(double seconds, OptionalLong peakBytes) {}

  static Run run(List<String> command, Map<String, String> environment, Path log, Duration timeout)
      throws InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    long start = System.nanoTime();
    Process process;
    try {
      process = builder.start();
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new ProgramException(command.get(0) + " cannot be started: " + e.getMessage());
    }
    Thread killer = new Thread(() -> kill(process), "end-program");
    Runtime.getRuntime().addShutdownHook(killer);
    try {
      return watch(process, builder.command().get(0), log, start, timeout);
    } finally {
      kill(process);
      // Killed programs take a moment to go; the next measurement should not meet them.
      process.waitFor(KILL_SECONDS, TimeUnit.SECONDS);
      forget(killer);
    }
  }

  private static Run watch(Process process, String name, Path log, long start, Duration timeout)
      throws InterruptedException {
    PeakMemory memory = new PeakMemory(process.toHandle());
    while (!process.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
      memory.look();
      if (System.nanoTime() - start > timeout.toNanos()) {
        throw new ProgramException(
            name + " did not end within " + timeout.toSeconds() + " s: " + said(log));
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (process.exitValue() != 0) {
      throw new ProgramException(name + " ended with " + process.exitValue() + ": " + said(log));
    }
    return new Run(seconds, memory.bytes());
  }

  private static void kill(Process process) {
    try (Stream<ProcessHandle> children = process.descendants()) {
      children.forEach(ProcessHandle::destroyForcibly);
    }
    process.destroyForcibly();
  }

  private static void forget(Thread killer) {
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException e) {
      // The JVM is ending, and the hook does its part.
      return;
    }
  }

  /** The end of what a program said. */
  private static String said(Path log) {
    String said;
    try {
      // Not readString: what a program says need not be valid UTF-8.
      said = new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "its output cannot be read: " + e.getMessage();
    }
    List<String> lines = said.lines().filter(line -> !line.isBlank()).toList();
    return lines.isEmpty()
        ? "it said nothing"
        : String.join("\n  ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
  }
}
