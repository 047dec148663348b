package io.millrace.benchmarks.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The most memory (resident set) that any process of a tree had. Linux keeps the high-water mark
 * itself, so that looking now and then misses only the last moments. For one thread.
 */
final class PeakMemory {

  private static final String MARK = "VmHWM:";

  private final ProcessHandle root;
  private long bytes;

  PeakMemory(ProcessHandle root) {
    this.root = root;
  }

  /** Looks once. */
  void look() {
    try (Stream<ProcessHandle> children = root.descendants()) {
      Stream.concat(Stream.of(root), children)
          .forEach(process -> bytes = Math.max(bytes, mark(process.pid())));
    }
  }

  /** The peak in bytes; empty where Linux told nothing. */
  OptionalLong bytes() {
    return bytes == 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
  }

  private static long mark(long pid) {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith(MARK))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0; // it has just ended
    }
  }
}
