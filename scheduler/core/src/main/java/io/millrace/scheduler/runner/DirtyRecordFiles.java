package io.millrace.scheduler.runner;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the dirty records of instances page by page, also while they run. Safe for use by several
 * threads; blocks for the disk only.
 */
public final class DirtyRecordFiles {

  /** The most records of a page. */
  public static final int MAX_RECORDS = 1000;

  /** A page ends after the record with which it exceeds this. */
  static final int PAGE_BYTES = 1 << 20;

  /** A longer record is cut. */
  static final int RECORD_BYTES = 64 << 10;

  private static final Pattern FILE =
      Pattern.compile("(.+\\.[0-9]+-[0-9]+)(\\.uncommitted)?\\.jsonl(\\.open)?");
  private static final Pattern CURSOR = Pattern.compile("([0-9]{1,18}):(.{1,300})");

  private final RunDirectories directories;

  public DirtyRecordFiles(RunDirectories directories) {
    this.directories = directories;
  }

  /**
   * A part of the dirty records.
   *
   * @param records in the order of splits, and within a split as they came
   * @param next names the next page; null when this is the last one for now
   */
  public record Page(List<DirtyLine> records, @Nullable String next) {

    public Page {
      records = List.copyOf(records);
    }
  }

  /**
   * One dirty record.
   *
   * @param json an object with {@code split}, {@code position}, {@code type}, {@code code}, {@code
   *     exception}, {@code column} and {@code record}; the beginning of it when cut
   * @param cut true when it was too long to be shown whole
   * @param settled false while its split is not committed, or when the attempt failed before that:
   *     the record does not count (yet)
   */
  public record DirtyLine(String json, boolean cut, boolean settled) {}

  private record Source(String key, Path file, boolean settled) {}

  /**
   * A page of the dirty records of an attempt and of those that it went on from.
   *
   * @param cursor null for the first page, else what the page before gave
   * @param most how many at most, from 1 to {@link #MAX_RECORDS}
   * @throws MillraceException when the cursor is not one
   */
  public Page page(long instanceId, int attempt, @Nullable String cursor, int most) {
    String from = "";
    long offset = 0;
    if (cursor != null) {
      Matcher parts = CURSOR.matcher(cursor);
      if (!parts.matches()) {
        throw new MillraceException(
            StandardError.CONFIGURATION, "the cursor is not one that an earlier page gave");
      }
      offset = Long.parseLong(parts.group(1));
      from = parts.group(2);
    }
    List<DirtyLine> lines = new ArrayList<>();
    long bytes = 0;
    for (Source source : sources(instanceId, attempt)) {
      int order = source.key().compareTo(from);
      if (order < 0) {
        continue;
      }
      long at = order == 0 ? offset : 0;
      try (Lines in = new Lines(source.file(), at)) {
        for (Line line = in.next(); line != null; line = in.next()) {
          if (lines.size() >= Math.min(Math.max(most, 1), MAX_RECORDS) || bytes > PAGE_BYTES) {
            return new Page(lines, line.begin() + ":" + source.key());
          }
          lines.add(new DirtyLine(line.text(), line.cut(), source.settled()));
          bytes += line.text().length();
        }
      } catch (NoSuchFileException e) {
        // Its try was given up meanwhile: its records are not dirty ones any more.
        continue;
      } catch (IOException e) {
        throw new MillraceException(
            StandardError.RESOURCE,
            "the dirty records cannot be read: " + e.getClass().getSimpleName(),
            e);
      }
    }
    return new Page(lines, null);
  }

  /** By the name of the try, which stays when a file is sealed. */
  private List<Source> sources(long instanceId, int attempt) {
    Path directory =
        directories
            .find(instanceId, attempt)
            .map(each -> each.resolveSibling("dirty"))
            .orElse(null);
    if (directory == null || !Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Source> sources = new ArrayList<>();
      for (Path file : (Iterable<Path>) files::iterator) {
        Matcher name = FILE.matcher(file.getFileName().toString());
        if (name.matches() && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          boolean settled = name.group(2) == null && name.group(3) == null;
          sources.add(new Source(name.group(1), file, settled));
        }
      }
      sources.sort(Comparator.comparing(Source::key));
      return sources;
    } catch (IOException e) {
      throw new MillraceException(
          StandardError.RESOURCE,
          "the dirty records cannot be listed: " + e.getClass().getSimpleName(),
          e);
    }
  }

  private record Line(long begin, String text, boolean cut) {}

  /** Whole lines with the positions where they begin. */
  private static final class Lines implements AutoCloseable {
    private final InputStream in;
    private long position;

    Lines(Path file, long from) throws IOException {
      SeekableByteChannel channel =
          Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
      channel.position(from);
      in = new BufferedInputStream(Channels.newInputStream(channel), 64 << 10);
      position = from;
    }

    /** The next line, or null at the end; one that is not written to its end is not there yet. */
    @Nullable Line next() throws IOException {
      long begin = position;
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      boolean cut = false;
      for (int b = in.read(); b >= 0; b = in.read()) {
        position++;
        if (b == '\n') {
          return new Line(begin, line.toString(StandardCharsets.UTF_8), cut);
        }
        if (line.size() < RECORD_BYTES) {
          line.write(b);
        } else {
          cut = true;
        }
      }
      return null;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
