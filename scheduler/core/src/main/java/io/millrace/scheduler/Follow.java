package io.millrace.scheduler;

import io.millrace.scheduler.backfill.Backfill;
import io.millrace.scheduler.backfill.Backfills;
import io.millrace.scheduler.dispatch.Dispatcher;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.Operation;
import io.millrace.scheduler.instance.Operations;
import io.millrace.scheduler.instance.Progression;
import io.millrace.scheduler.quartz.Clockwork;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows a change, after it is durable: Quartz hears of times, the dispatcher of work,
 * backfills of what has ended, and everybody who listens. Whoever changes something has this one to
 * tell, so that none of them has to know the others. Safe for use by several threads.
 */
final class Follow implements Operations.Effects, Backfills.Listener {

  private static final Logger logger = LoggerFactory.getLogger(Follow.class);

  private final Scheduler.Auditor auditor;
  private final List<Consumer<Progression.Outcome>> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<Backfill>> alerted = new CopyOnWriteArrayList<>();
  private volatile @Nullable Parts parts;

  private record Parts(Clockwork clockwork, Dispatcher dispatcher, Backfills backfills) {}

  Follow(Scheduler.Auditor auditor) {
    this.auditor = auditor;
  }

  /** Says who is to hear of changes: they are put together after those who change something. */
  void connect(Clockwork clockwork, Dispatcher dispatcher, Backfills backfills) {
    parts = new Parts(clockwork, dispatcher, backfills);
  }

  private Parts parts() {
    Parts connected = parts;
    if (connected == null) {
      throw new IllegalStateException("the scheduler is not put together yet");
    }
    return connected;
  }

  void onChange(Consumer<Progression.Outcome> listener) {
    listeners.add(listener);
  }

  void onAlert(Consumer<Backfill> listener) {
    alerted.add(listener);
  }

  @Override
  public void follow(Progression.Outcome outcome) {
    tell(outcome);
    if (!outcome.changed().isEmpty()) {
      parts().backfills().onSettled(outcome.changed());
    }
  }

  private void tell(Progression.Outcome outcome) {
    at(outcome.times());
    if (outcome.ready()) {
      parts().dispatcher().wake();
    }
    if (!outcome.changed().isEmpty()) {
      listeners.forEach(listener -> tell(listener, outcome));
    }
  }

  /** An instance runs: nobody waits for that, but it is to be seen. */
  void running(long instance) {
    tell(new Progression.Outcome(Set.of(), false, Set.of(instance)));
  }

  /** Something is to be released at these times. */
  void at(Collection<Instant> times) {
    parts().clockwork().at(times);
  }

  /** The next day's instances are not all made, and this node makes no more. */
  void nightlyAgain() {
    parts().clockwork().nightlyAgain();
  }

  private static <T> void tell(Consumer<T> listener, T news) {
    try {
      listener.accept(news);
    } catch (RuntimeException e) {
      logger.error("Somebody who follows the scheduler failed", e);
    }
  }

  @Override
  public void cancel(long instance, String reason) {
    parts().dispatcher().cancel(instance, reason);
  }

  @Override
  public void audit(Handle handle, Operations.By by, Operation operation, Instance before) {
    auditor.record(
        handle, by, operation.name(), "instance " + before.id(), "was " + before.state());
  }

  @Override
  public void audit(Handle handle, Operations.By by, String action, long backfill, String detail) {
    auditor.record(handle, by, "backfill." + action, "backfill/" + backfill, detail);
  }

  /** Also of dry runs, which have ended already. */
  @Override
  public void moved(Progression.Outcome outcome) {
    follow(outcome);
  }

  @Override
  public void stop(long instance, String reason) {
    cancel(instance, reason);
  }

  @Override
  public void alert(Backfill ended) {
    alerted.forEach(listener -> tell(listener, ended));
  }
}
