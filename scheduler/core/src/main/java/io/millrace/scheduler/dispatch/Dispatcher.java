package io.millrace.scheduler.dispatch;

import io.millrace.scheduler.group.ResourceGroup;
import io.millrace.scheduler.group.ResourceGroups;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.task.RunSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts attempts for instances that wait for resources, on this node, and settles them when they
 * end. One thread gives out slots; ends are settled on the threads they come from. No attempt
 * begins before its row is durable, and nothing is settled that another node has taken over.
 */
public final class Dispatcher implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(Dispatcher.class);

  /** How long a missed signal (another node's) can go unnoticed. */
  private static final long LOOK_EVERY_MILLIS = 1000;

  private final Database database;
  private final ResourceGroups groups;
  private final Queue queue;
  private final Settlement settlement;
  private final Launcher launcher;
  private final Function<Instance, RunSettings> settings;
  private final Clock clock;
  private final Map<Long, Slot> running = new ConcurrentHashMap<>();

  /** Is told of every end. */
  private final Object idle = new Object();

  private final AtomicLong ticks = new AtomicLong();
  private final Semaphore signal = new Semaphore(0);
  private final Thread thread = new Thread(this::loop, "millrace-dispatcher");
  private volatile Membership membership = Membership.NONE;
  private volatile boolean accepting = true;
  private volatile boolean closed;
  private volatile long lastTick;

  public Dispatcher(
      Database database,
      ResourceGroups groups,
      Queue queue,
      Settlement settlement,
      Launcher launcher,
      Function<Instance, RunSettings> settings,
      Clock clock) {
    this.database = database;
    this.groups = groups;
    this.queue = queue;
    this.settlement = settlement;
    this.launcher = launcher;
    this.settings = settings;
    this.clock = clock;
    thread.setDaemon(true);
  }

  /** Who this node is, and whether it may start something now. */
  public interface Membership {
    Membership NONE = () -> null;

    /** The node with its lease; null while it has none. */
    @Nullable Node node();
  }

  /** Begins to give out slots. */
  public void start(Membership as) {
    membership = as;
    thread.start();
  }

  /** Has the dispatcher look at once. */
  public void wake() {
    signal.release();
  }

  /** How long the last look took; zero before the first. */
  public Duration lastTick() {
    return Duration.ofNanos(lastTick);
  }

  /** How often it has looked. */
  public long ticks() {
    return ticks.get();
  }

  /** How many attempts run here. */
  public int running() {
    return running.size();
  }

  /** Starts nothing new; what runs goes on. */
  public void drain() {
    accepting = false;
  }

  /**
   * Waits until nothing runs here.
   *
   * @return false when something runs after the given time, or the caller was interrupted
   */
  public boolean awaitIdle(Duration most) {
    long until = System.nanoTime() + most.toNanos();
    synchronized (idle) {
      for (long left = most.toNanos();
          !running.isEmpty() && left > 0;
          left = until - System.nanoTime()) {
        try {
          TimeUnit.NANOSECONDS.timedWait(idle, left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
    }
    return running.isEmpty();
  }

  /** Ends the attempt of an instance, if it runs here. */
  public boolean cancel(long instance, String reason) {
    Slot started = running.get(instance);
    if (started == null) {
      return false;
    }
    started.cancel(reason);
    return true;
  }

  /** Ends every attempt on this node. */
  public void cancelAll(String reason) {
    running.values().forEach(started -> started.cancel(reason));
  }

  /**
   * Ends every attempt on this node because its lease ends. Those that do not succeed are not
   * settled: whoever has the lease next goes on with their instances.
   */
  void abandonAll(String reason) {
    running.values().forEach(slot -> slot.abandon(reason));
  }

  private void loop() {
    while (!closed) {
      try {
        if (signal.tryAcquire(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
          signal.drainPermits();
        }
        if (!closed) {
          tick();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        logger.error("Giving out slots failed; it is tried again", e);
      }
    }
  }

  private void tick() {
    Node node = membership.node();
    if (node != null && accepting) {
      long begin = System.nanoTime();
      tick(node);
      lastTick = System.nanoTime() - begin;
      ticks.incrementAndGet();
    }
  }

  /** Looks once. */
  void tick(Node node) {
    stopWhatTakesTooLong();
    compare(node);
    for (ResourceGroup group : database.with(groups::all)) {
      List<Picked> picked =
          database.inTransaction(handle -> queue.pick(handle, group.id(), node, clock.instant()));
      picked.forEach(this::launch);
    }
  }

  private @Nullable Instant deadline(Instance instance) {
    int minutes = settings.apply(instance).timeoutMinutes();
    return minutes == 0 ? null : clock.instant().plus(Duration.ofMinutes(minutes));
  }

  private void stopWhatTakesTooLong() {
    Instant now = clock.instant();
    running.forEach(
        (id, slot) -> {
          Instant deadline = slot.deadline;
          if (deadline != null && !now.isBefore(deadline) && slot.reason == null) {
            String reason = "timeout: it ran longer than its task allows";
            database.useTransaction(
                handle ->
                    handle
                        .createUpdate(
                            "UPDATE instance SET stop_reason = :reason"
                                + " WHERE id = :id AND state = 'RUNNING'")
                        .bind("reason", reason)
                        .bind("id", id)
                        .execute());
            slot.cancel(reason);
          }
        });
  }

  /**
   * Looks at what runs here according to the store. Another node's API may have been asked to stop
   * it; and what does not run here was left when the store's answer to its pick or to its end was
   * lost.
   */
  private void compare(Node node) {
    record Row(long id, long epoch, String stopReason) {}
    List<Row> rows =
        database.with(
            handle ->
                handle
                    .createQuery(
                        "SELECT id, epoch, stop_reason FROM instance"
                            + " WHERE node = :node AND state = 'RUNNING'")
                    .bind("node", node.name())
                    .map(
                        (row, context) -> new Row(row.getLong(1), row.getLong(2), row.getString(3)))
                    .list());
    Set<Long> left = new TreeSet<>();
    for (Row row : rows) {
      if (!row.stopReason().isEmpty()) {
        cancel(row.id(), row.stopReason());
      }
      if (row.epoch() == node.epoch() && !running.containsKey(row.id())) {
        left.add(row.id());
      }
    }
    if (!left.isEmpty()) {
      settlement.recover(node, left);
    }
  }

  private void launch(Picked picked) {
    Instance instance = picked.instance();
    long id = instance.id();
    Slot slot = new Slot(deadline(instance));
    running.put(id, slot);
    try {
      slot.started = launcher.start(picked, ended -> ended(picked, slot, ended));
      slot.passOn();
    } catch (RuntimeException e) {
      logger.error("Attempt {} of instance {} could not be started", picked.attempt(), id, e);
      ended(
          picked,
          slot,
          new Launcher.Ended(
              false, false, 0, 0, 0, 0, "Framework-02", "could not be started: " + e));
    }
  }

  private void ended(Picked picked, Slot slot, Launcher.Ended ended) {
    if (slot.abandoned && !ended.succeeded()) {
      logger.warn(
          "Attempt {} of instance {} was ended with the lease of this node; the next one continues",
          picked.attempt(),
          picked.instance().id());
    } else {
      settlement.settle(picked, ended);
    }
    running.remove(picked.instance().id(), slot);
    synchronized (idle) {
      idle.notifyAll();
    }
    wake();
  }

  /** Takes a cancellation that comes while the attempt is being started. */
  private static final class Slot implements Launcher.Started {
    private final @Nullable Instant deadline;
    private volatile Launcher.@Nullable Started started;
    private volatile @Nullable String reason;
    private volatile boolean abandoned;

    Slot(@Nullable Instant deadline) {
      this.deadline = deadline;
    }

    void abandon(String why) {
      abandoned = true;
      cancel(why);
    }

    @Override
    public void cancel(String why) {
      reason = why;
      passOn();
    }

    void passOn() {
      Launcher.Started known = started;
      String why = reason;
      if (known != null && why != null) {
        known.cancel(why);
      }
    }
  }

  /** Starts nothing new and waits for the thread; what runs is not ended. */
  @Override
  public void close() {
    closed = true;
    accepting = false;
    wake();
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
