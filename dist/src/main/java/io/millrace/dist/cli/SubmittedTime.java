package io.millrace.dist.cli;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * When a run was first submitted, kept in its directory: a resume after midnight still means the
 * business date of the first attempt.
 */
final class SubmittedTime {

  private static final String FILE = "submitted";

  private SubmittedTime() {}

  /** Keeps the time, unless an earlier attempt did. */
  static void keep(Path runDirectory, Instant time) {
    Path file = runDirectory.resolve(FILE);
    if (Files.exists(file)) {
      return;
    }
    try {
      Files.createDirectories(runDirectory);
      Files.writeString(file, time + "\n");
    } catch (IOException e) {
      throw new MillraceException(
          StandardError.RESOURCE,
          "the run directory "
              + runDirectory
              + " cannot be made or written to ("
              + e
              + "); name another one with --run-dir, or set runs in conf/millrace.yaml",
          e);
    }
  }

  /** A clock that stands at the kept time, or the present one where none is kept. */
  static Clock clock(Path runDirectory) {
    Path file = runDirectory.resolve(FILE);
    if (!Files.exists(file)) {
      return Clock.systemUTC();
    }
    try {
      return Clock.fixed(Instant.parse(Files.readString(file).strip()), ZoneOffset.UTC);
    } catch (IOException | DateTimeException e) {
      throw TaskInput.wrong(
          file + " does not hold a time; give the business date with --bizdate and delete it");
    }
  }
}
