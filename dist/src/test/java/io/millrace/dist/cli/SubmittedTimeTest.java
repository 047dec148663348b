package io.millrace.dist.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmittedTimeTest {

  private static final Instant EVENING = Instant.parse("2026-11-21T23:59:00Z");

  @TempDir Path directory;

  @Test
  void aResumeAfterMidnightCountsFromTheFirstSubmission() {
    Path run = directory.resolve("runs/orders");
    SubmittedTime.keep(run, EVENING);
    SubmittedTime.keep(run, EVENING.plus(Duration.ofMinutes(5)));
    assertThat(SubmittedTime.clock(run).instant()).isEqualTo(EVENING);
  }

  @Test
  void aRunWithoutAKeptTimeCountsFromNow() {
    Instant before = Clock.systemUTC().instant();
    assertThat(SubmittedTime.clock(directory).instant()).isAfterOrEqualTo(before);
  }

  @Test
  void aDamagedTimeIsOneClearLine() throws IOException {
    Files.writeString(directory.resolve("submitted"), "yesterday");
    assertThatThrownBy(() -> SubmittedTime.clock(directory)).hasMessageContaining("--bizdate");
  }
}
