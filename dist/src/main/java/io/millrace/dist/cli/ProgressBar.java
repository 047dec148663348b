package io.millrace.dist.cli;

import io.millrace.engine.attempt.Attempt;
import io.millrace.engine.attempt.Progress;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.Supplier;

/** One line on a terminal that shows how far a run is, drawn anew five times a second. */
final class ProgressBar implements AutoCloseable {

  private static final int WIDTH = 30;
  private static final long INTERVAL_MILLIS = 200;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final Supplier<Progress> progress;
  private final Thread thread;
  private boolean drawn;
  private boolean closed;

  private ProgressBar(PrintStream out, Supplier<Progress> progress) {
    this.out = out;
    this.progress = progress;
    this.thread = new Thread(this::draw, "millrace-progress");
    thread.setDaemon(true);
  }

  static ProgressBar of(PrintStream out, Attempt attempt) {
    ProgressBar bar = new ProgressBar(out, attempt::progress);
    bar.thread.start();
    return bar;
  }

  private void draw() {
    try {
      while (true) {
        Thread.sleep(INTERVAL_MILLIS);
        synchronized (this) {
          if (closed) {
            return;
          }
          out.print(CLEAR_LINE + line(progress.get()));
          out.flush();
          drawn = true;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Prints a line above the bar. */
  synchronized void above(String text, PrintStream target) {
    clear();
    target.println(text);
    target.flush();
  }

  private void clear() {
    if (drawn) {
      out.print(CLEAR_LINE);
      out.flush();
      drawn = false;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    clear();
    thread.interrupt();
  }

  static String line(Progress now) {
    int full = (int) Math.round(now.share() * WIDTH);
    String stage =
        now.stage() == null
            ? now.state().name().toLowerCase(Locale.ROOT)
            : now.stage().name().toLowerCase(Locale.ROOT).replace('_', '-');
    double seconds = Math.max(now.seconds(), 0.001);
    return String.format(
        Locale.ROOT,
        "[%s%s] %5.1f%%  %s  %,d records  %s  %,.0f/s  %s/s%s",
        "#".repeat(full),
        ".".repeat(WIDTH - full),
        now.share() * 100,
        stage,
        now.read(),
        bytes(now.bytes()),
        now.read() / seconds,
        bytes((long) (now.bytes() / seconds)),
        now.dirty() == 0 ? "" : String.format(Locale.ROOT, "  %,d dirty", now.dirty()));
  }

  static String bytes(long bytes) {
    String[] units = {"B", "KB", "MB", "GB", "TB", "PB", "EB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }
}
