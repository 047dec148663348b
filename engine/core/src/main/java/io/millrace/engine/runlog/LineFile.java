package io.millrace.engine.runlog;

import io.millrace.api.Sensitive;
import io.millrace.engine.task.Secrets;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A log file that is written line by line, each at once on the disk's way. A file of the same name
 * from an earlier attempt is kept under another name. Safe for use by several threads; never
 * throws: what cannot be written is complained about once.
 */
final class LineFile implements AutoCloseable {

  /** Characters; a longer line is cut and says so. */
  static final int MAX_LINE = 64 << 10;

  /** Beyond this nothing of a line is looked at, so that a huge value costs little. */
  private static final int MAX_LOOK = 1 << 20;

  private final Path file;
  private final Consumer<String> complain;
  private final boolean keepsMarks;
  private @Nullable OutputStream out;
  private boolean begun;
  private boolean complained;
  private boolean broken;
  private boolean closed;

  /**
   * @param keepsMarks lines are written with the marks of what is data
   */
  LineFile(Path file, Consumer<String> complain, boolean keepsMarks) {
    this.keepsMarks = keepsMarks;
    this.file = file;
    this.complain = complain;
  }

  Path path() {
    return file;
  }

  /** True once there was a line to write. */
  synchronized boolean isBegun() {
    return begun;
  }

  /** Writes one line, which {@link #clean} has been applied to. */
  synchronized void write(String line) {
    if (closed) {
      return;
    }
    try {
      OutputStream stream = out;
      if (stream == null) {
        stream = open();
        out = stream;
      }
      // A line that was written in part ends before the next one begins.
      String text = (broken ? "\n" : "") + (keepsMarks ? line : Sensitive.plain(line)) + "\n";
      broken = true;
      stream.write(text.getBytes(StandardCharsets.UTF_8));
      broken = false;
    } catch (IOException | RuntimeException e) {
      if (!complained) {
        complained = true;
        complain.accept(
            "millrace: the log "
                + file
                + " cannot be written ("
                + e.getClass().getSimpleName()
                + "); the attempt goes on without it");
      }
    }
  }

  /** Not a channel: an interrupt of the writing thread would close it. */
  private OutputStream open() throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    if (!begun) {
      begun = true;
      keepEarlier();
    }
    return new FileOutputStream(file.toFile(), true);
  }

  /** {@code run.log} becomes {@code run-1.log}, and so on. */
  private void keepEarlier() throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    int number = 1;
    Path other = file;
    while (Files.exists(other)) {
      other = file.resolveSibling(name.substring(0, dot) + "-" + number++ + name.substring(dot));
    }
    Files.move(file, other);
  }

  @Override
  public synchronized void close() {
    closed = true;
    OutputStream stream = out;
    if (stream == null) {
      return;
    }
    try {
      stream.close();
    } catch (IOException e) {
      // Every line was written before; there is nothing left to lose.
      broken = true;
    }
  }

  /**
   * Makes text fit to be a line: without secrets, without control characters (which could forge
   * lines or steer a terminal), and of bounded length.
   */
  static String clean(String text, Secrets secrets) {
    String looked = Sensitive.cut(text, MAX_LOOK);
    String line = escape(secrets.redact(looked));
    if (line.length() <= MAX_LINE && looked.length() == text.length()) {
      return line;
    }
    return Sensitive.cut(line, MAX_LINE) + "… [" + text.length() + " characters, cut]";
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\t' -> escaped.append(c);
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        default -> {
          if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
            escaped.append("\\u").append(String.format("%04x", (int) c));
          } else {
            escaped.append(c);
          }
        }
      }
    }
    return escaped.toString();
  }
}
