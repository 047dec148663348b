package io.millrace.engine.attempt;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one who cancels. A child is cancelled with its parent, not the other way round: the try of a
 * split can be given up alone. Safe for use by several threads.
 */
final class CancellationSource implements Cancellation, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CancellationSource.class);

  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final Set<Action> actions = new LinkedHashSet<>();
  private final @Nullable Registration parentRegistration;
  private String reason = "";

  CancellationSource() {
    parentRegistration = null;
  }

  private CancellationSource(CancellationSource parent) {
    parentRegistration = parent.onCancel(() -> cancel(parent.reason()));
  }

  /** A source that is cancelled with this one. Close it when its work has ended. */
  CancellationSource child() {
    return new CancellationSource(this);
  }

  /** Cancels once; later calls do nothing. */
  void cancel(String why) {
    List<Action> toRun;
    synchronized (actions) {
      if (isCancelled()) {
        return;
      }
      reason = why;
      cancelled.countDown();
      toRun = new ArrayList<>(actions);
      actions.clear();
    }
    toRun.forEach(Action::start);
  }

  String reason() {
    synchronized (actions) {
      return reason;
    }
  }

  /** Waits at most so long; true when cancelled. */
  boolean await(Duration time) {
    try {
      return cancelled.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MillraceException(StandardError.CANCELLED, "interrupted while waiting", e);
    }
  }

  @Override
  public boolean isCancelled() {
    return cancelled.getCount() == 0;
  }

  @Override
  public void throwIfCancelled() {
    if (isCancelled()) {
      throw new MillraceException(StandardError.CANCELLED, reason());
    }
  }

  @Override
  public Registration onCancel(Runnable run) {
    Action action = new Action(run);
    synchronized (actions) {
      if (!isCancelled()) {
        actions.add(action);
        return () -> {
          synchronized (actions) {
            actions.remove(action);
          }
        };
      }
    }
    action.start();
    return () -> {};
  }

  /** Ends the tie to the parent. */
  @Override
  public void close() {
    if (parentRegistration != null) {
      parentRegistration.close();
    }
  }

  /**
   * What unblocks somebody. Each has a thread of its own, so that one that hangs keeps no other
   * from running.
   */
  private static final class Action {
    private final Runnable run;
    // A connector's action needs the class loader of the connector that registered it.
    private final ClassLoader loader = Thread.currentThread().getContextClassLoader();

    Action(Runnable run) {
      this.run = run;
    }

    void start() {
      Thread thread = new Thread(this::runLogged, "millrace-cancel");
      thread.setDaemon(true);
      thread.setContextClassLoader(loader);
      thread.start();
    }

    private void runLogged() {
      try {
        run.run();
      } catch (RuntimeException e) {
        log.debug("An action that unblocks a cancelled attempt failed", e);
      }
    }
  }
}
