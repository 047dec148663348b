package io.millrace.scheduler.kill;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The clock of a process, by libfaketime: what the process sees begins when it is said to, goes
 * faster than the real one, and can be put forward while it runs.
 */
final class FakedClock {

  /** So many seconds of the process take one. */
  static final int RATE = 10;

  private final Path file;
  private final Instant started = Instant.now();
  private Instant shown;

  /** To be made just before the process is started. */
  FakedClock(Path file, Instant begin) throws IOException {
    this.file = file;
    this.shown = begin;
    write(begin);
  }

  /** What the process is started with. */
  Map<String, String> environment() throws IOException {
    return Map.of(
        "LD_PRELOAD", library().toString(),
        "FAKETIME_TIMESTAMP_FILE", file.toString(),
        // How long the file is not read again.
        "FAKETIME_CACHE_DURATION", "1");
  }

  /** Puts the clock forward. */
  void forward(Instant to) throws IOException {
    if (to.isBefore(shown)) {
      throw new IllegalArgumentException(to + " is before " + shown);
    }
    Duration gone = Duration.between(started, Instant.now());
    write(to.minus(gone.multipliedBy(RATE)));
    shown = to;
  }

  /**
   * @param begin what the clock would have shown when the process was started
   */
  private void write(Instant begin) throws IOException {
    long seconds = Duration.between(started, begin).toSeconds();
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.writeString(next, (seconds < 0 ? "" : "+") + seconds + " x" + RATE + "\n");
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Path library() throws IOException {
    String name = "faketime/libfaketimeMT.so.1";
    for (Path folder : List.of(Path.of("/usr/lib"), Path.of("/usr/lib64"))) {
      if (Files.isRegularFile(folder.resolve(name))) {
        return folder.resolve(name);
      }
      if (Files.isDirectory(folder)) {
        try (DirectoryStream<Path> platforms = Files.newDirectoryStream(folder, "*-linux-gnu*")) {
          for (Path platform : platforms) {
            if (Files.isRegularFile(platform.resolve(name))) {
              return platform.resolve(name);
            }
          }
        }
      }
    }
    throw new AssertionError(
        "this machine lacks libfaketime, which gives a process another time:"
            + " apt-get install libfaketime");
  }
}
