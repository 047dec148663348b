package io.millrace.benchmarks.measure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Measures what a client and the server cost. For one thread, and one measurement at a time in a
 * JVM: the processor time of children is counted together.
 */
public final class Meter {

  private final long server;

  /**
   * @param server the server's process id; -1 when it is none of this machine
   */
  public Meter(long server) {
    this.server = server;
  }

  /** What is measured inside this JVM. */
  @FunctionalInterface
  public interface Action {
    /** Returns the number of rows that were moved. */
    long run() throws Exception;
  }

  /** Measures a client that runs inside this JVM. */
  public Cost inside(Action action) throws Exception {
    OptionalDouble serverBefore = ProcessTimes.of(server);
    double before = ProcessTimes.own();
    long start = System.nanoTime();
    long rows = action.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Cost(
        seconds,
        rows,
        ProcessTimes.own() - before,
        serverSince(serverBefore),
        OptionalLong.empty(),
        Map.of());
  }

  /**
   * Measures a program from its start to its end.
   *
   * @throws ProgramException when it fails or does not end in time
   */
  public Cost program(
      List<String> command, Map<String, String> environment, Path log, Duration timeout)
      throws InterruptedException {
    OptionalDouble serverBefore = ProcessTimes.of(server);
    double before = ProcessTimes.endedChildren();
    Program.Run run = Program.run(command, environment, log, timeout);
    return new Cost(
        run.seconds(),
        0,
        ProcessTimes.endedChildren() - before,
        serverSince(serverBefore),
        run.peakBytes(),
        Map.of());
  }

  private OptionalDouble serverSince(OptionalDouble before) {
    OptionalDouble now = ProcessTimes.of(server);
    return before.isPresent() && now.isPresent()
        ? OptionalDouble.of(now.getAsDouble() - before.getAsDouble())
        : OptionalDouble.empty();
  }
}
