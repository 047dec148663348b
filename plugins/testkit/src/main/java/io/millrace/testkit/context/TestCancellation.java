package io.millrace.testkit.context;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A cancellation that the test pulls. Safe for use by several threads. */
public final class TestCancellation implements Cancellation {

  private final List<Runnable> actions = new ArrayList<>();
  private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();
  private boolean cancelled;

  /** Cancels, and runs what was registered on a thread of its own. */
  public void cancel() {
    List<Runnable> toRun;
    synchronized (actions) {
      cancelled = true;
      toRun = List.copyOf(actions);
      actions.clear();
    }
    toRun.forEach(this::start);
  }

  /** How many registrations are open: none should be left when a connector has ended. */
  public int registrations() {
    synchronized (actions) {
      return actions.size();
    }
  }

  /** What registered actions threw. */
  public List<RuntimeException> failures() {
    return List.copyOf(failures);
  }

  @Override
  public boolean isCancelled() {
    synchronized (actions) {
      return cancelled;
    }
  }

  @Override
  public void throwIfCancelled() {
    if (isCancelled()) {
      throw new MillraceException(StandardError.CANCELLED, "the test has cancelled");
    }
  }

  @Override
  public Registration onCancel(Runnable action) {
    // An object of its own: the same action may be registered twice.
    Runnable registered = action::run;
    synchronized (actions) {
      if (!cancelled) {
        actions.add(registered);
        return () -> {
          synchronized (actions) {
            actions.remove(registered);
          }
        };
      }
    }
    start(registered);
    return () -> {};
  }

  private void start(Runnable action) {
    Thread thread =
        new Thread(
            () -> {
              try {
                action.run();
              } catch (RuntimeException e) {
                failures.add(e);
              }
            },
            "test-cancel");
    thread.setDaemon(true);
    thread.start();
  }
}
