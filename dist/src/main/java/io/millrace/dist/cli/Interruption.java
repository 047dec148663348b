package io.millrace.dist.cli;

import io.millrace.engine.attempt.Attempt;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What Ctrl-C (and a polite kill) does to a run: the attempt is cancelled, and the process waits
 * until its log and result are written, but not for ever. Once they are, it changes nothing: the
 * process ends with the code of its result, since whoever goes by it would run a finished task
 * again.
 */
final class Interruption implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final Terminal terminal;
  private final CountDownLatch settled = new CountDownLatch(1);
  private final Thread hook;
  private volatile @Nullable Attempt attempt;
  private volatile boolean interrupted;
  private volatile int code = ExitCode.INTERRUPTED;

  /** From now until close, interruptions come here. */
  Interruption(Terminal terminal) {
    this.terminal = terminal;
    this.hook = new Thread(this::interrupt, "millrace-interrupted");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** From now on, an interruption cancels the attempt. */
  void cancels(Attempt begun) {
    attempt = begun;
  }

  private void interrupt() {
    Attempt running = attempt;
    if (running == null) {
      return; // nothing was begun, the process ends by itself
    }
    if (settled.getCount() > 0) {
      interrupted = true;
      terminal.err().println();
      terminal.err().println("millrace: interrupted, ending the run");
      running.cancel("interrupted");
      try {
        if (!settled.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
          terminal.err().println("millrace: the run did not end in time and was left behind");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    terminal.out().flush();
    // The machine's own code for a signal differs from signal to signal.
    Runtime.getRuntime().halt(code);
  }

  boolean happened() {
    return interrupted;
  }

  /**
   * Everything about the run is written.
   *
   * @param end what the process ends with from now on
   */
  void settle(int end) {
    code = end;
    settled.countDown();
  }

  @Override
  public void close() {
    settled.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already: the hook takes it from here.
      return;
    }
  }
}
