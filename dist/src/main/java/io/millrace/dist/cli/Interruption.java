package io.millrace.dist.cli;

import io.millrace.engine.attempt.Attempt;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What Ctrl-C (and a polite kill) does to a run: the attempt is cancelled, and the process waits
 * until its log and result are written, but not for ever.
 */
final class Interruption implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final CountDownLatch written = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean interrupted;

  private Interruption(Attempt attempt, Terminal terminal) {
    this.hook = new Thread(() -> interrupt(attempt, terminal), "millrace-interrupted");
  }

  /** From now until close, an interruption cancels the attempt. */
  static Interruption of(Attempt attempt, Terminal terminal) {
    Interruption interruption = new Interruption(attempt, terminal);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  private void interrupt(Attempt attempt, Terminal terminal) {
    if (written.getCount() == 0) {
      return; // the process ends by itself
    }
    interrupted = true;
    terminal.err().println();
    terminal.err().println("millrace: interrupted, ending the run");
    attempt.cancel("interrupted");
    try {
      if (!written.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        terminal.err().println("millrace: the run did not end in time and was left behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    terminal.out().flush();
    // The machine's own code for a signal differs from signal to signal.
    Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
  }

  boolean happened() {
    return interrupted;
  }

  /** Everything about the run is written. */
  @Override
  public void close() {
    written.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already: the hook takes it from here.
      return;
    }
  }
}
