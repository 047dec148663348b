package io.millrace.server.event;

import io.millrace.server.problem.ProblemException;
import io.millrace.server.route.Answer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A log file that may still grow, by parts or as a stream. Whatever its size, only one part is in
 * memory. Parts end at line ends where there are any, and never within a character.
 *
 * <pre>{@code
 * Route.get("/instances/{id}/log", VIEWER, "Shows the log", request -> {
 *       LogTail tail = new LogTail(file, finished, interval);
 *       long offset = request.number("offset", 0, 0, Long.MAX_VALUE);
 *       return request.flag("follow")
 *           ? tail.follow(LogTail.resume(request.header("Last-Event-ID"), offset))
 *           : tail.part(offset);
 *     }).givesMedia("text/plain").query("offset", "…").query("follow", "…")
 * }</pre>
 */
public final class LogTail {

  /** The most bytes of one part. */
  public static final int PART = 256 << 10;

  /** The header with the offset at which the next part begins. */
  public static final String NEXT = "Millrace-Next-Offset";

  private static final long HEARTBEAT_NANOS = 10_000_000_000L;

  private final Path file;
  private final BooleanSupplier finished;
  private final Duration interval;

  /**
   * Makes a tail.
   *
   * @param file the log; it need not exist yet
   * @param finished true once nothing more is written
   * @param interval how often the file is looked at
   */
  public LogTail(Path file, BooleanSupplier finished, Duration interval) {
    this.file = file;
    this.finished = finished;
    this.interval = interval;
  }

  /** Where to go on: at what the browser has seen, otherwise where the request says. */
  public static long resume(Optional<String> lastEventId, long offset) {
    return lastEventId.filter(id -> id.matches("[0-9]{1,18}")).map(Long::parseLong).orElse(offset);
  }

  /** One part from this offset, with the header {@link #NEXT}. */
  public Answer part(long offset) throws IOException {
    byte[] part;
    try {
      part = read(offset, true);
    } catch (NoSuchFileException e) {
      throw ProblemException.notFound("there is no log yet");
    }
    return Answer.text("text/plain; charset=utf-8", new String(part, StandardCharsets.UTF_8))
        .with(NEXT, Long.toString(offset + part.length));
  }

  /**
   * A stream from this offset: events {@code log} whose id is the offset behind them and whose
   * data, one after another, are the text, {@code resync} when the file has become shorter and is
   * read from its beginning, {@code end} when it is complete.
   */
  public EventSource follow(long offset) {
    return out -> {
      long at = offset;
      long quietSince = System.nanoTime();
      while (out.open()) {
        // Asked before reading: what is written before the end is then read for certain.
        boolean last = finished.getAsBoolean();
        if (size() < at) {
          at = 0;
          out.event("0", Events.RESYNC, "{}");
        }
        byte[] part = readIfThere(at, last);
        if (part.length > 0) {
          at += part.length;
          out.text(Long.toString(at), "log", new String(part, StandardCharsets.UTF_8));
          quietSince = System.nanoTime();
        } else if (last) {
          out.event(Long.toString(at), "end", "{}");
          return;
        } else {
          if (System.nanoTime() - quietSince > HEARTBEAT_NANOS) {
            out.heartbeat();
            quietSince = System.nanoTime();
          }
          Thread.sleep(interval.toMillis());
        }
      }
    };
  }

  private long size() throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  private byte[] readIfThere(long offset, boolean last) throws IOException {
    try {
      return read(offset, last);
    } catch (NoSuchFileException e) {
      return new byte[0];
    }
  }

  private byte[] read(long offset, boolean last) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer =
          ByteBuffer.allocate((int) Math.max(0, Math.min(PART, channel.size() - offset)));
      while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) > 0) {
        // Reads on until it is full.
      }
      byte[] bytes = buffer.array();
      return Arrays.copyOf(bytes, end(bytes, buffer.position(), last));
    }
  }

  /** Where a part of this many bytes is cut. */
  private static int end(byte[] bytes, int length, boolean last) {
    for (int i = length; i > 0; i--) {
      if (bytes[i - 1] == '\n') {
        return i;
      }
    }
    if (length < PART) {
      // Half a line: the rest is still being written, unless nothing is.
      return last ? length : 0;
    }
    int end = length;
    while (end > length - 4 && (bytes[end - 1] & 0xC0) == 0x80) {
      end--;
    }
    // Before the first byte of a character that may not be complete.
    return (bytes[end - 1] & 0x80) == 0 ? end : end - 1;
  }
}
