package io.millrace.scheduler.runner;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where attempts keep what they write: {@code <runs>/<instance>/g<generation>/attempt-<number>},
 * with {@code run.log}, the detailed logs and {@code state}, and beside the attempts {@code dirty},
 * which those of one generation share. Names are made of numbers only, so that none leads outside.
 *
 * <p>The directory may be shared by several nodes. Where it is not, an instance can be continued
 * only on the node that its earlier attempts ran on. Safe for use by several threads.
 */
public final class RunDirectories {

  private final Path runs;

  /**
   * @param runs made when first needed; other directories in it are left alone
   */
  public RunDirectories(Path runs) {
    this.runs = runs.toAbsolutePath().normalize();
  }

  /** The directory of all runs. */
  public Path root() {
    return runs;
  }

  /**
   * Makes an attempt's directory. To be called before the attempt's row is committed: then a row
   * without a directory means that the directory is lost or on another node, and never that a crash
   * came in between. Making it again is harmless, and so is one that is never used.
   *
   * @throws MillraceException when the disk refuses
   */
  public Path reserve(long instanceId, int generation, int attempt) {
    Path directory = attempt(instanceId, generation, attempt);
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new MillraceException(
          StandardError.RESOURCE,
          "cannot make the run directory " + directory + ": " + e + "; check the disk and `runs`",
          e);
    }
  }

  /**
   * True when everything is here that an attempt needs to go on from earlier ones of its
   * generation; always true for the first. For the dispatcher, which may leave an instance to the
   * node that has it.
   */
  public boolean holds(long instanceId, int generation, List<RunOrder.EarlierAttempt> earlier) {
    return missing(instanceId, generation, earlier).isEmpty();
  }

  /** The first of the earlier attempts whose directory is not here. */
  Optional<RunOrder.EarlierAttempt> missing(
      long instanceId, int generation, List<RunOrder.EarlierAttempt> earlier) {
    return earlier.stream()
        .filter(each -> !Files.isDirectory(attempt(instanceId, generation, each.attempt())))
        .findFirst();
  }

  /** The directory of an attempt, whether it is there or not. */
  Path attempt(long instanceId, int generation, int attempt) {
    return generation(instanceId, generation).resolve("attempt-" + attempt);
  }

  /** The dirty records of a generation. */
  Path dirty(long instanceId, int generation) {
    return generation(instanceId, generation).resolve("dirty");
  }

  private Path generation(long instanceId, int generation) {
    return instance(instanceId).resolve("g" + generation);
  }

  Path instance(long instanceId) {
    if (instanceId < 1) {
      throw new IllegalArgumentException("instances count from 1");
    }
    return runs.resolve(Long.toString(instanceId));
  }

  /** The directory of an attempt of any generation, if it is on this node. */
  Optional<Path> find(long instanceId, int attempt) {
    return generations(instanceId).stream()
        .map(generation -> generation.resolve("attempt-" + attempt))
        .filter(directory -> Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS))
        .findFirst();
  }

  private List<Path> generations(long instanceId) {
    Path instance = instance(instanceId);
    if (!Files.isDirectory(instance, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(instance)) {
      return entries
          .filter(entry -> entry.getFileName().toString().matches("g[1-9][0-9]{0,9}"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
