package io.millrace.dist.cli;

import io.millrace.engine.attempt.Attempt;
import org.jspecify.annotations.Nullable;

/**
 * What is seen of a run while it goes on: on a terminal a progress bar and warnings, otherwise
 * every line of the run log. Safe for use by several threads.
 */
final class Console implements AutoCloseable {

  private final Terminal terminal;
  private @Nullable ProgressBar bar;

  Console(Terminal terminal) {
    this.terminal = terminal;
  }

  /** From now until close, shows how far an attempt is. */
  synchronized void watch(Attempt attempt) {
    if (terminal.interactive()) {
      bar = ProgressBar.of(terminal.err(), attempt);
    }
  }

  /** Takes a line of the run log. */
  synchronized void line(String text) {
    if (!terminal.interactive()) {
      terminal.line(text);
    } else if (text.contains(" : WARN ")) {
      if (bar == null) {
        terminal.err().println(text);
      } else {
        bar.above(text, terminal.err());
      }
    }
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
