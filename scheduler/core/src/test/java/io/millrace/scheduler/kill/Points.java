package io.millrace.scheduler.kill;

import io.millrace.scheduler.runner.RunOrder;
import io.millrace.scheduler.runner.RunOutcome;
import io.millrace.scheduler.runner.Runner;
import io.millrace.scheduler.runner.RunningAttempt;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * Tells where a scheduler is, and stops it there for ever when it is asked to, so that it can be
 * killed there. Everything hangs on what a scheduler is given from outside: its clock and its
 * runner. Safe for use by several threads.
 */
final class Points {

  /** In the transaction that makes instances, before the first one. */
  static final String CREATE = "create";

  /** The attempt's row is durable, the attempt has not begun. */
  static final String DISPATCH = "dispatch";

  /** Some splits are committed. Nothing stops here. */
  static final String RUN = "run";

  /** The attempt has ended; nobody has been told. */
  static final String END = "end";

  /** In the transaction that writes down the end of an attempt. */
  static final String SETTLE = "settle";

  private static final StackWalker STACK = StackWalker.getInstance();

  private final String hold;

  /**
   * @param hold the point to stop at, as {@code point} or {@code point:task}
   */
  Points(String hold) {
    this.hold = hold;
  }

  static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private void at(String point) {
    if (point.equals(hold)) {
      say("AT " + point);
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void at(String point, RunOrder order) {
    at(point + ":" + order.task());
  }

  private static boolean calledBy(String type, String method) {
    return STACK.walk(
        frames ->
            frames.anyMatch(
                frame ->
                    frame.getClassName().endsWith(type) && frame.getMethodName().equals(method)));
  }

  /** The system's clock: who asks it tells where the scheduler is. */
  Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        if (hold.equals(CREATE) && calledBy(".Generator", "make")) {
          at(CREATE);
        }
        if (hold.equals(SETTLE) && calledBy(".Settlement", "write")) {
          at(SETTLE);
        }
        return Instant.now();
      }

      @Override
      public ZoneId getZone() {
        return ZoneId.systemDefault();
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return Clock.system(zone);
      }
    };
  }

  /**
   * Tells of every attempt.
   *
   * @param deaf true when attempts are not to hear that they are cancelled, as if the node had no
   *     time to tell them
   */
  Runner around(Runner runner, boolean deaf) {
    return (order, done) -> {
      at(DISPATCH, order);
      say("BEGIN " + order.instanceId() + " " + order.attempt());
      RunningAttempt running = runner.start(order, outcome -> ended(order, outcome, done));
      watch(order, running);
      return deaf ? new Deaf(running) : running;
    };
  }

  private void ended(RunOrder order, RunOutcome outcome, Consumer<RunOutcome> done) {
    var error = outcome.result().error();
    say(
        "END "
            + order.instanceId()
            + " "
            + order.attempt()
            + " "
            + outcome.result().state()
            + (error == null ? "" : " " + error.code() + " " + error.message()));
    at(END, order);
    done.accept(outcome);
  }

  private static void watch(RunOrder order, RunningAttempt running) {
    if (!order.task().equals(World.COPY)) {
      return;
    }
    Thread thread =
        new Thread(
            () -> {
              // Between its first commits and its last ones; it may have ended before.
              while (running.progress().splitsDone() < 2) {
                Thread.onSpinWait();
                java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
              }
              say("AT " + RUN + " " + order.instanceId() + " " + order.attempt());
            },
            "watch-" + order.instanceId());
    thread.setDaemon(true);
    thread.start();
  }

  private record Deaf(RunningAttempt running) implements RunningAttempt {
    @Override
    public long instanceId() {
      return running.instanceId();
    }

    @Override
    public int attempt() {
      return running.attempt();
    }

    @Override
    public void cancel(String reason) {
      Points.say("DEAF " + reason);
    }

    @Override
    public io.millrace.engine.attempt.Progress progress() {
      return running.progress();
    }
  }
}
