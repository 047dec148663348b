package io.millrace.scheduler.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {

  private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");

  @TempDir Path runs;

  private Path instance(String name, Duration age) throws IOException {
    Path attempt = Files.createDirectories(runs.resolve(name).resolve("g1/attempt-1"));
    Files.writeString(attempt.resolve("run.log"), "x");
    Files.createDirectories(runs.resolve(name).resolve("g1/dirty"));
    try (Stream<Path> tree = Files.walk(runs.resolve(name))) {
      for (Path path : tree.toList()) {
        Files.setLastModifiedTime(path, FileTime.from(NOW.minus(age)));
      }
    }
    return runs.resolve(name);
  }

  private int sweep() {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    return new Retention(new RunDirectories(runs), Retention.DEFAULT_KEEP, id -> id == 4, clock)
        .sweep();
  }

  @Test
  void whatIsOldAndNotInUseIsRemoved() throws IOException {
    Path young = instance("1", Duration.ofDays(29));
    Path old = instance("2", Duration.ofDays(31));
    Path again = instance("3", Duration.ofDays(31));
    Files.writeString(again.resolve("g1/attempt-1/run.log"), "y");
    Path running = instance("4", Duration.ofDays(31));
    Path foreign = instance("orders-20260101-000000-abcdef", Duration.ofDays(99));
    Path interrupted = instance("5.leaving", Duration.ofDays(1));

    assertThat(sweep()).isEqualTo(2);
    assertThat(old).doesNotExist();
    assertThat(interrupted).doesNotExist();
    assertThat(young).exists();
    assertThat(again).exists();
    assertThat(running).exists();
    assertThat(foreign).exists();
  }

  @Test
  void linksAreRemovedAndNotFollowed() throws IOException {
    Path outside = Files.createDirectories(runs.resolve("outside"));
    Files.writeString(outside.resolve("kept"), "x");
    Path old = instance("2", Duration.ofDays(31));
    Files.createSymbolicLink(old.resolve("g1/link"), outside);
    for (Path path : new Path[] {old, old.resolve("g1")}) {
      Files.setLastModifiedTime(path, FileTime.from(NOW.minus(Duration.ofDays(31))));
    }
    Files.createSymbolicLink(runs.resolve("6"), outside);
    sweep();
    // The link itself is new, and so keeps the instance for its time.
    assertThat(outside.resolve("kept")).exists();
    assertThat(runs.resolve("6")).exists();
  }

  @Test
  void aDirectoryThatIsNotThereNeedsNoSweeping() {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    RunDirectories none = new RunDirectories(runs.resolve("none"));
    assertThat(new Retention(none, Duration.ofDays(1), id -> false, clock).sweep()).isZero();
  }
}
