package io.millrace.benchmarks.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * Processor time (user and system) as Linux counts it, in steps of 10 ms. Empty or zero where there
 * is no {@code /proc}. Safe for use by several threads.
 */
public final class ProcessTimes {

  /** What {@code getconf CLK_TCK} answers on every Linux that Java runs on. */
  private static final double TICKS_PER_SECOND = 100;

  /** Positions in {@code /proc/PID/stat}, counted after the name, which may hold blanks. */
  private static final int USER = 11;

  private static final int SYSTEM = 12;
  private static final int CHILDREN_USER = 13;
  private static final int CHILDREN_SYSTEM = 14;

  private ProcessTimes() {}

  /** Seconds that this JVM has used, compiler and garbage collector included. */
  public static double own() {
    return seconds(Path.of("/proc/self/stat"), USER, SYSTEM).orElse(0);
  }

  /** Seconds that the ended children of this JVM have used, with all that they waited for. */
  public static double endedChildren() {
    return seconds(Path.of("/proc/self/stat"), CHILDREN_USER, CHILDREN_SYSTEM).orElse(0);
  }

  /**
   * Seconds that a process has used.
   *
   * @return empty when there is no such process on this machine
   */
  public static OptionalDouble of(long pid) {
    return pid <= 0
        ? OptionalDouble.empty()
        : seconds(Path.of("/proc", Long.toString(pid), "stat"), USER, SYSTEM);
  }

  private static OptionalDouble seconds(Path stat, int user, int system) {
    try {
      return OptionalDouble.of(parse(Files.readString(stat), user, system));
    } catch (IOException e) {
      return OptionalDouble.empty();
    }
  }

  private static double parse(String stat, int user, int system) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[user]) + Long.parseLong(fields[system])) / TICKS_PER_SECOND;
  }
}
