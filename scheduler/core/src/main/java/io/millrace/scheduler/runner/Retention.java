package io.millrace.scheduler.runner;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the run directories of instances that nothing was written to for a time: logs, dirty
 * records and the state to continue from. Whoever calls it does so from one thread at a time.
 */
public final class Retention {

  /** How long logs are kept unless somebody says otherwise. */
  public static final Duration DEFAULT_KEEP = Duration.ofDays(30);

  private static final Logger log = LoggerFactory.getLogger(Retention.class);
  private static final String LEAVING = ".leaving";

  private final RunDirectories directories;
  private final Duration keep;
  private final LongPredicate inUse;
  private final Clock clock;

  /**
   * @param keep how long after the last change
   * @param inUse true for an instance that runs or may be continued: it is left alone however old
   */
  public Retention(RunDirectories directories, Duration keep, LongPredicate inUse, Clock clock) {
    this.directories = directories;
    this.keep = keep;
    this.inUse = inUse;
    this.clock = clock;
  }

  /**
   * Removes what is too old. What cannot be removed is logged and left to the next time.
   *
   * @return how many instances were removed
   */
  public int sweep() {
    if (!Files.isDirectory(directories.root())) {
      return 0;
    }
    Instant before = clock.instant().minus(keep);
    int removed = 0;
    try (Stream<Path> entries = Files.list(directories.root())) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        removed += sweep(entry, before) ? 1 : 0;
      }
    } catch (IOException e) {
      log.warn("Old run directories in {} cannot be listed: {}", directories.root(), e.toString());
    }
    return removed;
  }

  private boolean sweep(Path entry, Instant before) {
    String name = entry.getFileName().toString();
    try {
      if (name.matches("[0-9]{1,19}\\" + LEAVING)) {
        delete(entry);
        return true;
      }
      if (!name.matches("[1-9][0-9]{0,17}")
          || !Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
          || !lastChange(entry).isBefore(before)
          || inUse.test(Long.parseLong(name))) {
        return false;
      }
      // Away in one step: a half-removed directory must not look like one to continue from.
      delete(Files.move(entry, entry.resolveSibling(name + LEAVING)));
      return true;
    } catch (IOException e) {
      log.warn("The old run directory {} cannot be removed: {}", entry, e.toString());
      return false;
    }
  }

  /** Of the instance's directory and two levels below it, where attempts add files. */
  private static Instant lastChange(Path instance) throws IOException {
    try (Stream<Path> tree = Files.walk(instance, 3)) {
      List<FileTime> times =
          tree.map(
                  path -> {
                    try {
                      return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS);
                    } catch (IOException e) {
                      // It went away while it was looked at: somebody works here.
                      return FileTime.from(Instant.MAX);
                    }
                  })
              .toList();
      return times.stream().max(FileTime::compareTo).map(FileTime::toInstant).orElse(Instant.MAX);
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, java.io.IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
