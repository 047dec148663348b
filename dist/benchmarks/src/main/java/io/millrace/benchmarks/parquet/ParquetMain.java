package io.millrace.benchmarks.parquet;

import io.millrace.api.record.RecordBatch;
import io.millrace.benchmarks.measure.Machine;
import io.millrace.engine.connector.PluginConnectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** {@code dist/bench parquet HOME}: prints each figure, and the ratio beside its target. */
public final class ParquetMain {

  private static final int ROWS = 150_000;
  private static final int TIMES = 6;
  private static final int ROUNDS = 3;
  private static final double TARGET = 0.8;

  /** What the connector takes with this heap and one channel. */
  private static final long GROUP_BYTES = Runtime.getRuntime().maxMemory() / 16;

  private ParquetMain() {}

  /** One way of doing the work. */
  private interface Run {
    void run() throws IOException;
  }

  /**
   * Measures.
   *
   * @param arguments the installation whose connector is measured
   */
  public static void main(String[] arguments) throws IOException {
    Machine machine = Machine.current();
    System.out.println(machine.cores() + " cores (" + machine.processor() + "), " + machine.java());
    System.out.println("heap: " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
    Machine.load().ifPresent(load -> System.out.println("load at the start: " + load));
    Path scratch = Files.createTempDirectory("millrace-bench-parquet-");
    try (PluginConnectors connectors =
        PluginConnectors.open(Path.of(arguments[0], "plugins"), scratch.resolve("cache"))) {
      measure(new MillraceParquet(connectors.find("files").orElseThrow()), scratch);
    } finally {
      delete(scratch);
    }
    Machine.load().ifPresent(load -> System.out.println("load at the end: " + load));
  }

  private static void measure(MillraceParquet millrace, Path scratch) throws IOException {
    List<RecordBatch> batches = Rows.batches(ROWS);
    double megabytes = batches.stream().mapToLong(RecordBatch::bytes).sum() * TIMES / 1e6;
    Path own = Files.createDirectory(scratch.resolve("own"));
    Path plain = scratch.resolve("plain.parquet");
    double[][] seconds = new double[4][ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
      Files.deleteIfExists(plain);
      double[] each = {
        seconds(() -> PlainParquet.write(plain, batches, TIMES, GROUP_BYTES)),
        seconds(() -> millrace.write(own, batches, TIMES)),
        seconds(() -> PlainParquet.read(plain)),
        seconds(() -> millrace.read(plain)),
      };
      // The first round warms up.
      for (int i = 0; round >= 0 && i < each.length; i++) {
        seconds[i][round] = each[i];
      }
    }
    compare(millrace, plain, own);
    print("write", megabytes, seconds[0], seconds[1]);
    print("read", megabytes, seconds[2], seconds[3]);
  }

  private static void compare(MillraceParquet millrace, Path plain, Path own) throws IOException {
    Path written;
    try (Stream<Path> files = Files.list(own)) {
      written =
          files.filter(each -> each.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    long expected = PlainParquet.read(plain);
    if (PlainParquet.read(written) != expected
        || millrace.read(plain) != expected
        || millrace.read(written) != expected) {
      throw new IllegalStateException("the files do not hold the same");
    }
    System.out.printf(
        Locale.ROOT,
        "file: parquet-java %.1f MB, Millrace %.1f MB; every value compared%n",
        Files.size(plain) / 1e6,
        Files.size(written) / 1e6);
  }

  private static double seconds(Run run) throws IOException {
    System.gc();
    long begin = System.nanoTime();
    run.run();
    return (System.nanoTime() - begin) / 1e9;
  }

  private static void print(String what, double megabytes, double[] plain, double[] own) {
    double theirs = megabytes / median(plain);
    double ours = megabytes / median(own);
    System.out.printf(
        Locale.ROOT,
        "%-6s parquet-java %7.1f MB/s   Millrace %7.1f MB/s   ratio %.2f   target >= %.1f: %s%n",
        what,
        theirs,
        ours,
        ours / theirs,
        TARGET,
        ours / theirs >= TARGET ? "met" : "missed");
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
