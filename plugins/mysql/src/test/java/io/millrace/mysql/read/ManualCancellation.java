package io.millrace.mysql.read;

import io.millrace.api.Cancellation;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A cancellation that a test pulls. */
final class ManualCancellation implements Cancellation {

  private final List<Runnable> actions = new CopyOnWriteArrayList<>();
  private volatile boolean cancelled;

  void cancel() {
    cancelled = true;
    actions.forEach(Runnable::run);
  }

  int registrations() {
    return actions.size();
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public void throwIfCancelled() {
    if (cancelled) {
      throw new MillraceException(StandardError.CANCELLED, "cancelled by the test");
    }
  }

  @Override
  public Registration onCancel(Runnable action) {
    if (cancelled) {
      action.run();
      return () -> {};
    }
    actions.add(action);
    return () -> actions.remove(action);
  }
}
