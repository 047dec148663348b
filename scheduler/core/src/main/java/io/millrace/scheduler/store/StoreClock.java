package io.millrace.scheduler.store;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time of the store, for whatever nodes decide together: what is due, and when a session, a
 * token or a limit ends. The store is asked now and then; in between the time goes on by a counter
 * that nobody sets, so that a change of this node's clock changes nothing. Safe for use by several
 * threads.
 */
public final class StoreClock extends Clock implements NodeTime, AutoCloseable {

  /**
   * How far a node's clock may be away from the store's unless somebody says otherwise: two nodes
   * are then never so far apart that Quartz takes the one for dead by the clock of the other, which
   * it does after 7.5 seconds.
   */
  public static final Duration MOST_SKEW = Duration.ofSeconds(3);

  private static final Logger logger = LoggerFactory.getLogger(StoreClock.class);
  private static final int ASKED_SECONDS = 10;

  /** The answer that came fastest is the one that is known best. */
  private static final int TRIES = 3;

  private final LongSupplier storeMillis;
  private final Clock node;
  private final LongSupplier nanos;
  private final Duration mostSkew;
  private @Nullable ScheduledExecutorService timer;
  private volatile Known known;

  private record Known(Instant time, long nanos) {}

  /**
   * Asks the store for its time.
   *
   * @param mostSkew how far this node's clock may be away from it
   */
  public StoreClock(Database database, Duration mostSkew) {
    this(
        () ->
            database.with(
                handle ->
                    handle
                        .createQuery("SELECT " + database.dialect().now())
                        .mapTo(Long.class)
                        .one()),
        Clock.systemUTC(),
        System::nanoTime,
        mostSkew);
  }

  /** With other sources of the store's time, this node's time, and what goes on by itself. */
  StoreClock(LongSupplier storeMillis, Clock node, LongSupplier nanos, Duration mostSkew) {
    this.storeMillis = storeMillis;
    this.node = node;
    this.nanos = nanos;
    this.mostSkew = mostSkew;
    this.known = asked();
  }

  /**
   * Refuses to go on with a clock that is too far away from the store's.
   *
   * @throws MillraceException in one line, with both times
   */
  public void requireTolerable() {
    problem()
        .ifPresent(
            problem -> {
              throw new MillraceException(
                  StandardError.CONFIGURATION,
                  problem + ": set this machine's clock (NTP), and start again");
            });
  }

  /** Begins to ask the store now and then. */
  public synchronized void start() {
    ScheduledExecutorService started =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "millrace-clock");
              thread.setDaemon(true);
              return thread;
            });
    started.scheduleWithFixedDelay(
        this::askQuietly, ASKED_SECONDS, ASKED_SECONDS, TimeUnit.SECONDS);
    timer = started;
  }

  private void askQuietly() {
    try {
      ask();
    } catch (RuntimeException e) {
      // It goes on by itself. That the store does not answer is told by who needs an answer.
      logger.debug("The store was not asked for its time", e);
    }
  }

  /** Asks the store for its time. */
  void ask() {
    known = asked();
  }

  private Known asked() {
    Known best = null;
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < TRIES; i++) {
      long before = nanos.getAsLong();
      long millis = storeMillis.getAsLong();
      long took = nanos.getAsLong() - before;
      if (best == null || took < fastest) {
        // Somewhere on the way there and back; whoever is asked does not tell parts of
        // milliseconds.
        best = new Known(Instant.ofEpochMilli(millis), before + took / 2);
        fastest = took;
      }
    }
    return java.util.Objects.requireNonNull(best);
  }

  @Override
  public Instant instant() {
    Known last = known;
    return last.time().plusNanos(nanos.getAsLong() - last.nanos());
  }

  @Override
  public Duration ahead() {
    return Duration.between(instant(), node.instant());
  }

  @Override
  public Optional<String> problem() {
    Instant store = instant();
    Instant here = node.instant();
    Duration ahead = Duration.between(store, here);
    if (ahead.abs().compareTo(mostSkew) <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        "the clock of this node says "
            + here
            + " and the store's "
            + store
            + ", more than the "
            + mostSkew.toMillis() / 1000.0
            + " s apart that scheduler.clockSkewMillis allows");
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    StoreClock store = this;
    return new Clock() {
      @Override
      public Instant instant() {
        return store.instant();
      }

      @Override
      public ZoneId getZone() {
        return zone;
      }

      @Override
      public Clock withZone(ZoneId other) {
        return store.withZone(other);
      }
    };
  }

  @Override
  public synchronized void close() {
    if (timer != null) {
      // Not by an interrupt, which would have H2 close its file.
      timer.shutdown();
    }
  }
}
