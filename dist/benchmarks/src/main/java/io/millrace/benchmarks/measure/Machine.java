package io.millrace.benchmarks.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The machine that was measured on, as far as it tells about itself.
 *
 * @param cores processors that this JVM may use
 * @param processor the model, as Linux names it
 * @param memoryBytes main memory
 * @param system the operating system
 * @param java the Java that runs the benchmark and Millrace
 */
public record Machine(int cores, String processor, long memoryBytes, String system, String java) {

  /** This one. */
  public static Machine current() {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        entry("/proc/cpuinfo", "model name", ":", "unknown"),
        memory(),
        entry("/etc/os-release", "PRETTY_NAME", "=", System.getProperty("os.name"))
                .replace("\"", "")
            + ", kernel "
            + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
  }

  /** Processes that wanted to run in the last minute, on average; empty where nobody counts. */
  public static OptionalDouble load() {
    try {
      String[] loads = Files.readString(Path.of("/proc/loadavg")).split(" ");
      return OptionalDouble.of(Double.parseDouble(loads[0]));
    } catch (IOException e) {
      return OptionalDouble.empty();
    }
  }

  private static long memory() {
    String kibibytes = entry("/proc/meminfo", "MemTotal", ":", "0 kB").replaceAll("[^0-9]", "");
    return Long.parseLong(kibibytes) << 10;
  }

  private static String entry(String file, String key, String separator, String fallback) {
    List<String> lines;
    try {
      lines = Files.readAllLines(Path.of(file));
    } catch (IOException e) {
      return fallback;
    }
    return lines.stream()
        .filter(line -> line.startsWith(key) && line.contains(separator))
        .map(line -> line.substring(line.indexOf(separator) + 1).strip())
        .findFirst()
        .orElse(fallback);
  }
}
