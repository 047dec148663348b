package io.millrace.scheduler.runner;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the logs that attempts left on this node, also while they run. What is asked for is named
 * by numbers and by {@link LogFile}, and links are not followed, so that nothing else of the disk
 * can be read. Empty results mean that there is no such log here: the attempt wrote none, or ran on
 * another node, or it was removed after its time. Safe for use by several threads; blocks for the
 * disk only.
 */
public final class AttemptLogs {

  /** A log above this size is trimmed where it is shown. */
  public static final int SHOWN_BYTES = 3 << 20;

  private static final int HEAD_BYTES = 1 << 20;
  private static final int CHUNK_BYTES = 256 << 10;

  private final RunDirectories directories;

  public AttemptLogs(RunDirectories directories) {
    this.directories = directories;
  }

  /**
   * A log as it is shown.
   *
   * @param text whole lines; of a long log its beginning and its end, with a line between them that
   *     says how much is left out
   * @param bytes the size of the whole file
   * @param trimmed true when something is left out
   */
  public record View(String text, long bytes, boolean trimmed) {}

  /**
   * A part of a growing log.
   *
   * @param text whole lines; empty when there are no new ones
   * @param next where the next part begins
   */
  public record Chunk(String text, long next) {}

  /**
   * A whole log.
   *
   * @param name for the file that a browser saves
   * @param bytes how many the content has
   * @param content to be closed by the caller
   */
  public record Download(String name, long bytes, InputStream content) {}

  /** True when the attempt has begun its run log on this node, or in a directory that it shares. */
  public boolean isHere(long instanceId, int attempt) {
    return directories
        .find(instanceId, attempt)
        .map(directory -> directory.resolve(LogFile.RUN.fileName()))
        .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
        .isPresent();
  }

  /** The name of the file that a browser saves. */
  public static String downloadName(long instanceId, int attempt, LogFile file) {
    return String.format(Locale.ROOT, "instance-%d-%d-%s", instanceId, attempt, file.fileName());
  }

  /** A log, trimmed when it is long. */
  public Optional<View> view(long instanceId, int attempt, LogFile file) {
    return read(instanceId, attempt, file, AttemptLogs::view);
  }

  /**
   * What was added to a log since a position, at most 256 KB of it.
   *
   * @param from 0, or what an earlier call gave as the next position
   */
  public Optional<Chunk> follow(long instanceId, int attempt, LogFile file, long from) {
    return read(instanceId, attempt, file, channel -> follow(channel, from));
  }

  /** A whole log, as long as it is now. */
  public Optional<Download> download(long instanceId, int attempt, LogFile file) {
    SeekableByteChannel channel = open(instanceId, attempt, file);
    if (channel == null) {
      return Optional.empty();
    }
    try {
      String name = downloadName(instanceId, attempt, file);
      long size = channel.size();
      return Optional.of(
          new Download(name, size, new BoundedStream(Channels.newInputStream(channel), size)));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private interface Reading<T> {
    T read(SeekableByteChannel channel) throws IOException;
  }

  private <T> Optional<T> read(
      long instanceId, int attempt, LogFile file, Reading<? extends T> reading) {
    try (SeekableByteChannel channel = open(instanceId, attempt, file)) {
      return channel == null ? Optional.empty() : Optional.of(reading.read(channel));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private @Nullable SeekableByteChannel open(long instanceId, int attempt, LogFile file) {
    Path path =
        directories
            .find(instanceId, attempt)
            .map(directory -> directory.resolve(file.fileName()))
            .filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS))
            .orElse(null);
    if (path == null) {
      return null;
    }
    try {
      return Files.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static MillraceException unreadable(LogFile file, IOException e) {
    return new MillraceException(
        StandardError.RESOURCE,
        "the log " + file.fileName() + " cannot be read: " + e.getClass().getSimpleName(),
        e);
  }

  private static View view(SeekableByteChannel channel) throws IOException {
    long size = channel.size();
    if (size <= SHOWN_BYTES) {
      return new View(text(bytes(channel, 0, (int) size)), size, false);
    }
    byte[] head = bytes(channel, 0, HEAD_BYTES);
    byte[] tail = bytes(channel, size - (SHOWN_BYTES - HEAD_BYTES), SHOWN_BYTES - HEAD_BYTES);
    int headEnd = lastLineEnd(head);
    int tailBegin = firstLineEnd(tail);
    long left = size - headEnd - (tail.length - tailBegin);
    String between =
        String.format(
            Locale.ROOT,
            "... %d of %d bytes are left out here; download the log to see all of it ...%n",
            left,
            size);
    return new View(
        text(head, 0, headEnd) + between + text(tail, tailBegin, tail.length), size, true);
  }

  private static Chunk follow(SeekableByteChannel channel, long from) throws IOException {
    long size = channel.size();
    if (from < 0 || from >= size) {
      return new Chunk("", Math.max(0, Math.min(from, size)));
    }
    byte[] bytes = bytes(channel, from, (int) Math.min(CHUNK_BYTES, size - from));
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    if (end == 0 && bytes.length == CHUNK_BYTES) {
      // No line is so long; whatever it is, it must not stop the reader.
      end = bytes.length;
    }
    return new Chunk(text(bytes, 0, end), from + end);
  }

  private static byte[] bytes(SeekableByteChannel channel, long from, int count)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    channel.position(from);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
      continue;
    }
    byte[] bytes = new byte[buffer.position()];
    buffer.flip().get(bytes);
    return bytes;
  }

  /** After the last line break, or the end when there is none. */
  private static int lastLineEnd(byte[] bytes) {
    for (int i = bytes.length; i > 0; i--) {
      if (bytes[i - 1] == '\n') {
        return i;
      }
    }
    return bytes.length;
  }

  /** After the first line break, or the beginning when there is none. */
  private static int firstLineEnd(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    return 0;
  }

  private static String text(byte[] bytes) {
    return text(bytes, 0, bytes.length);
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
