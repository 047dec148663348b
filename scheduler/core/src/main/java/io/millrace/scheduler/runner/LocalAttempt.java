package io.millrace.scheduler.runner;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.engine.Engine;
import io.millrace.engine.attempt.Attempt;
import io.millrace.engine.attempt.AttemptRequest;
import io.millrace.engine.attempt.AttemptResult;
import io.millrace.engine.attempt.Lineage;
import io.millrace.engine.attempt.Progress;
import io.millrace.engine.attempt.RunState;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.runlog.Dispatch;
import io.millrace.engine.runlog.RunLog;
import io.millrace.engine.task.ReadSettings;
import io.millrace.engine.task.TaskFiles;
import io.millrace.engine.task.TaskSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** One attempt in this process. Used once. */
final class LocalAttempt implements RunningAttempt {

  private static final Logger log = LoggerFactory.getLogger(LocalAttempt.class);

  private final RunOrder order;
  private final Connectors connectors;
  private final RunDirectories directories;
  private final Clock clock;
  private final Consumer<RunOutcome> done;
  private final Dispatch dispatch;
  private @Nullable Attempt attempt;
  private @Nullable String cancelled;

  LocalAttempt(
      RunOrder order,
      Connectors connectors,
      RunDirectories directories,
      Clock clock,
      Consumer<RunOutcome> done) {
    this.order = order;
    this.connectors = connectors;
    this.directories = directories;
    this.clock = clock;
    this.done = done;
    this.dispatch =
        new Dispatch(
            Long.toString(order.instanceId()),
            UUID.randomUUID().toString(),
            order.pipeline(),
            order.ready(),
            order.waits());
  }

  void start() {
    Thread thread = new Thread(this::runAndTell, "attempt-" + order.instanceId());
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      tell(
          refused(
              new MillraceException(
                  StandardError.RESOURCE,
                  "the system gives no more threads: raise its limit, or run fewer tasks at once",
                  e)));
    }
  }

  @Override
  public long instanceId() {
    return order.instanceId();
  }

  @Override
  public int attempt() {
    return order.attempt();
  }

  @Override
  public void cancel(String reason) {
    Attempt running;
    synchronized (this) {
      if (cancelled == null) {
        cancelled = reason;
      }
      running = attempt;
    }
    if (running != null) {
      running.cancel(reason);
    }
  }

  @Override
  public Progress progress() {
    Attempt running;
    synchronized (this) {
      running = attempt;
    }
    return running == null
        ? new Progress(RunState.SUBMIT, null, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        : running.progress();
  }

  private void runAndTell() {
    MDC.put("instanceId", Long.toString(order.instanceId()));
    MDC.put("attempt", Integer.toString(order.attempt()));
    RunOutcome outcome;
    try {
      outcome = run();
    } catch (Throwable e) {
      // Without its message: that of a foreign exception may hold anything.
      String kind = e.getClass().getName();
      log.error("{} ended unexpectedly: {} {}", order, kind, Arrays.toString(e.getStackTrace()));
      outcome =
          outcome(
              true,
              AttemptResult.refused(
                  new MillraceException(
                      StandardError.INTERNAL, "unexpected: " + kind + "; see the server's log"),
                  false));
    }
    tell(outcome);
  }

  private void tell(RunOutcome outcome) {
    try {
      done.accept(outcome);
    } catch (Throwable e) {
      log.error("Nobody took what {} came to: {}", order, outcome.result().state(), e);
    }
  }

  private RunOutcome run() {
    Attempt made;
    try {
      made = prepare();
    } catch (MillraceException e) {
      return refused(e);
    }
    return outcome(true, made.run());
  }

  /** Everything before anything can be changed: what it throws refuses the attempt. */
  private Attempt prepare() {
    throwIfCancelled();
    requireEarlierAttempts();
    Path directory = directory();
    directories.reserve(order.instanceId(), generation(), order.attempt());
    if (Files.exists(directory.resolve("state"))) {
      throw new MillraceException(
          StandardError.INTERNAL, directory + " was used by another attempt of the same number");
    }
    TaskSpec task = task();
    AttemptRequest request = AttemptRequest.of(task, directory, lineage());
    Attempt made = new Engine(connectors, clock).attempt(request, dispatch, line -> {});
    synchronized (this) {
      attempt = made;
      if (cancelled != null) {
        made.cancel(cancelled);
      }
    }
    return made;
  }

  private synchronized void throwIfCancelled() {
    if (cancelled != null) {
      throw new MillraceException(StandardError.CANCELLED, cancelled);
    }
  }

  private void requireEarlierAttempts() {
    directories
        .missing(order.instanceId(), generation(), order.earlier())
        .ifPresent(
            missing -> {
              throw new MillraceException(
                  StandardError.RESOURCE,
                  "cannot continue: the state of attempt "
                      + missing.attempt()
                      + " is on node "
                      + missing.node()
                      + ", not in "
                      + directories.root()
                      + " of this node; rerun while that node runs, let the nodes share `runs`, or"
                      + " start the instance anew");
            });
  }

  private TaskSpec task() {
    RunOrder.Values values = order.values();
    return TaskFiles.read(
        order.task(),
        order.script(),
        ReadSettings.defaults()
            .withClock(Clock.fixed(values.frozenAt(), values.zone()), values.zone())
            .withParameters(values.parameters())
            .withBusinessDate(values.businessDate())
            .withScheduledTime(values.scheduledTime())
            .withDataSources(order.dataSources()));
  }

  private Lineage lineage() {
    RunOrder.LedgerIdentity ledger = order.ledger();
    List<Path> earlier =
        order.earlier().stream()
            .map(each -> directories.attempt(order.instanceId(), generation(), each.attempt()))
            .toList();
    List<Path> abandoned =
        order.abandoned().stream()
            .map(one -> directories.attempt(order.instanceId(), one.generation(), one.attempt()))
            .toList();
    return new Lineage(
        ledger.instance(),
        ledger.generation(),
        ledger.epoch(),
        earlier,
        abandoned,
        directories.dirty(order.instanceId(), generation()),
        // Its directory is made before it is given out, see RunDirectories.reserve.
        () -> directories.find(order.instanceId(), order.attempt() + 1).isPresent());
  }

  private int generation() {
    return order.ledger().generation();
  }

  private Path directory() {
    return directories.attempt(order.instanceId(), generation(), order.attempt());
  }

  private RunOutcome refused(MillraceException error) {
    boolean wasCancelled = error.errorCode() == StandardError.CANCELLED;
    AttemptResult result = AttemptResult.refused(error, wasCancelled);
    RunLog.refused(directory(), dispatch, order.values().zone(), clock, result);
    return outcome(false, result);
  }

  private RunOutcome outcome(boolean begun, AttemptResult result) {
    return new RunOutcome(order.instanceId(), order.attempt(), begun, result);
  }
}
