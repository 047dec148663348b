package io.millrace.engine.attempt;

import io.millrace.api.Sensitive;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.dirty.DirtyGate;
import io.millrace.engine.state.StateStore;
import io.millrace.engine.task.TaskSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One attempt: a straight line through the four stages. Used once. {@link #run} is called by one
 * thread, {@link #cancel} and {@link #progress} by any.
 */
public final class Attempt {

  private static final Logger logger = LoggerFactory.getLogger(Attempt.class);

  /** How long a cancelled attempt may take to end by itself before it is left behind. */
  static final Duration CANCEL_GRACE = Duration.ofSeconds(6);

  private static final Duration WATCH_INTERVAL = Duration.ofMillis(250);
  private static final Duration STATE_LINE_INTERVAL = Duration.ofSeconds(10);

  private final AttemptRequest request;
  private final Connectors connectors;
  private final Clock clock;
  private final AttemptLog log;
  private final TaskContext context;
  private final CancellationSource cancellation = new CancellationSource();
  private final Counters counters = new Counters();
  private final DirtyGate gate;
  private final DeclaredOptions declared;
  private final AttemptStatus status;
  private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable String cancelledBecause;

  private Attempt(AttemptRequest request, Connectors connectors, Clock clock, AttemptLog log) {
    this.request = request;
    this.connectors = connectors;
    this.clock = clock;
    this.log = log;
    TaskSettings settings = request.task().settings();
    this.gate = new DirtyGate(settings.dirtyLimit(), settings.rules().form());
    this.context = Contexts.of(request.task(), connectors, clock);
    this.declared = DeclaredOptions.of(request.task(), connectors);
    this.status = new AttemptStatus(clock, log);
  }

  /**
   * Makes an attempt that is not begun.
   *
   * @param clock the source of the current time
   * @param log is told everything, the end last
   */
  public static Attempt create(
      AttemptRequest request, Connectors connectors, Clock clock, AttemptLog log) {
    return new Attempt(request, connectors, clock, log);
  }

  /**
   * Runs the attempt to its end and returns what it came to. Failures of the task are results, not
   * exceptions. After a cancellation it returns within seconds, whatever blocks.
   */
  public AttemptResult run() {
    Threads.daemon("millrace-attempt", this::runStages).start();
    Instant nextLine = clock.instant().plus(STATE_LINE_INTERVAL);
    long cancelledAt = 0;
    while (!awaitEnd(WATCH_INTERVAL)) {
      watchForStall();
      if (!clock.instant().isBefore(nextLine)) {
        log.state(progress());
        nextLine = clock.instant().plus(STATE_LINE_INTERVAL);
      }
      if (cancellation.isCancelled()) {
        cancelledAt = cancelledAt == 0 ? System.nanoTime() : cancelledAt;
        if (System.nanoTime() - cancelledAt > CANCEL_GRACE.toNanos()) {
          settle(
              new Ending(
                  new MillraceException(
                      StandardError.CANCELLED,
                      cancellation.reason() + "; something does not answer and was left behind"),
                  counters.totals()));
        }
      }
    }
    AttemptResult result = result();
    log.ended(result, progress());
    return result;
  }

  /** Ends the attempt as soon as possible; later calls do nothing. */
  public void cancel(String reason) {
    if (cancelledBecause == null) {
      cancelledBecause = reason;
    }
    cancellation.cancel(reason);
  }

  /** A look at where the attempt is. */
  public Progress progress() {
    return status.progress(counters.totals(), gate.bytes());
  }

  private boolean awaitEnd(Duration time) {
    try {
      return ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      cancel("interrupted");
      return false;
    }
  }

  private void watchForStall() {
    Duration timeout = request.task().settings().stallTimeout();
    if (status.stage() == Stage.SYNCHRONIZE
        && counters.nanosSinceActivity() > timeout.toNanos()
        && !cancellation.isCancelled()) {
      cancellation.cancel(
          "no channel made progress for "
              + timeout.toSeconds()
              + " s (setting stallTimeout): source or target does not answer");
    }
  }

  /** The attempt itself, on its own thread. */
  private void runStages() {
    MDC.put("task", request.task().name());
    try (StateStore store = StateStore.open(request.stateDirectory());
        Ends ends = Ends.create(request.task(), connectors, context)) {
      ends.notes().forEach(log::warn);
      Stages.Watched watched =
          new Stages.Watched(request, declared, context, cancellation, counters, gate, status, log);
      new Stages(watched, store, ends).run();
      // Whoever is told of the success may begin the next attempt in the same directory at once.
      store.close();
      settle(new Ending(null, counters.totals()));
    } catch (Throwable e) {
      settle(new Ending(e, counters.totals()));
    }
  }

  /** The first to settle decides: what comes after a settled end changes nothing. */
  private void settle(Ending how) {
    if (ending.compareAndSet(null, how)) {
      if (how.error() != null && !(how.error() instanceof MillraceException)) {
        // As text, because the messages of foreign exceptions may hold anything.
        StringWriter trace = new StringWriter();
        how.error().printStackTrace(new PrintWriter(trace));
        logger.error(
            "The attempt in {} ended unexpectedly: {}",
            request.runDirectory(),
            declared.secrets(request.task()).redactForeign(trace.toString()));
      }
      status.state(how.error() == null ? RunState.SUCCESS : RunState.FAIL);
      ended.countDown();
    }
  }

  private AttemptResult result() {
    Ending how = Objects.requireNonNull(ending.get());
    status.end(false);
    boolean cancelled = how.error() != null && cancelledBecause != null;
    return status.result(
        how.totals(), context.limits().channels(), cancelled, failure(how.error()));
  }

  private AttemptResult.@Nullable Failure failure(@Nullable Throwable error) {
    if (error == null) {
      return null;
    }
    String cancelReason = cancelledBecause;
    if (cancelReason != null) {
      return failure(new MillraceException(StandardError.CANCELLED, cancelReason));
    }
    if (error instanceof MillraceException known) {
      // The stall watchdog cancels; what then breaks is a consequence, its reason is the cause.
      boolean consequence = cancellation.isCancelled() && stalled();
      return consequence
          ? failure(new MillraceException(StandardError.READ, cancellation.reason()))
          : failure(known);
    }
    if (error instanceof OutOfMemoryError) {
      return failure(
          new MillraceException(
              StandardError.RESOURCE,
              "memory is exhausted: give the process more (-Xmx), or use fewer channels"));
    }
    return failure(
        new MillraceException(
            StandardError.INTERNAL, "unexpected: " + Sensitive.mark(error), error));
  }

  private boolean stalled() {
    return cancellation.reason().startsWith("no channel made progress");
  }

  private AttemptResult.Failure failure(MillraceException error) {
    return new AttemptResult.Failure(
        error.errorCode().code(),
        error.errorCode().kind().name(),
        declared.secrets(request.task()).redact(String.valueOf(error.getMessage())));
  }

  /** Where the run directory is. */
  public Path runDirectory() {
    return request.runDirectory();
  }

  private record Ending(@Nullable Throwable error, Counters.Totals totals) {}
}
