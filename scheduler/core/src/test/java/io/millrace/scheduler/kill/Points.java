package io.millrace.scheduler.kill;

import io.millrace.scheduler.runner.RunOrder;
import io.millrace.scheduler.runner.RunOutcome;
import io.millrace.scheduler.runner.Runner;
import io.millrace.scheduler.runner.RunningAttempt;
import io.millrace.scheduler.store.Database;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * Tells where a scheduler is, and stops it there when it is asked to, so that it can be killed
 * there. Everything hangs on what a scheduler is given from outside: its clock, its runner and who
 * listens to it. Safe for use by several threads.
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

  /** A backfill is durable, none of its dates is opened. */
  static final String CREATED = "created";

  /** A date of a backfill is opened: its instances are made. */
  static final String OPENED = "opened";

  /** The end of an attempt is written down; nothing that follows from it has happened. */
  static final String SETTLED = "settled";

  /** In the transaction that ends a backfill, all of whose instances have succeeded. */
  static final String CONCLUDE = "conclude";

  /** A backfill is to be cancelled, and nothing of it is. */
  static final String CANCEL = "cancel";

  /** The dispatcher looks. */
  static final String TICK = "tick";

  private static final StackWalker STACK = StackWalker.getInstance();

  private final String hold;
  private final CountDownLatch gone = new CountDownLatch(1);

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

  /** Has what was stopped go on, and stops nothing any more. */
  void go() {
    gone.countDown();
  }

  private void at(String point) {
    if (point.equals(hold) && gone.getCount() > 0) {
      say("AT " + point);
      try {
        gone.await();
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
  Clock clock(Database database) {
    return new Clock() {
      @Override
      public Instant instant() {
        if (isAt(database)) {
          at(hold);
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

  private boolean isAt(Database database) {
    return switch (hold) {
      case CREATE -> calledBy(".Generator", "make");
      case SETTLE -> calledBy(".Settlement", "write");
      case TICK -> calledBy(".Dispatcher", "tick");
      case CREATED -> calledBy(".Backfills", "moveOnce") && calledBy(".Backfills", "create");
      case CANCEL -> calledBy(".Backfills", "moveOnce") && calledBy(".Backfills", "cancel");
      case CONCLUDE -> calledBy(".Backfills", "moveOnce") && nothingIsLeft(database);
      default -> false;
    };
  }

  private static boolean nothingIsLeft(Database database) {
    return database.with(
        handle ->
            handle
                    .createQuery(
                        "SELECT (SELECT COUNT(*) FROM backfill_step WHERE state = 'TO_COME')"
                            + " + (SELECT COUNT(*) FROM instance WHERE state <> 'SUCCEEDED')")
                    .mapTo(Long.class)
                    .one()
                == 0);
  }

  /** Is told of changes of instances. */
  void changed(Database database, Set<Long> instances) {
    boolean moved = calledBy(".Backfills", "move");
    if (hold.equals(OPENED) && moved) {
      at(OPENED);
    }
    if (hold.startsWith(SETTLED) && !moved && calledBy(".Settlement", "settle")) {
      for (String task : succeeded(database, instances)) {
        at(SETTLED + ":" + task);
      }
    }
  }

  /** What the tasks of those instances are called that have succeeded. */
  private static List<String> succeeded(Database database, Set<Long> instances) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "SELECT t.name FROM instance i JOIN task t ON t.id = i.task_id"
                        + " WHERE i.id IN (<ids>) AND i.state = 'SUCCEEDED'")
                .bindList("ids", List.copyOf(instances))
                .mapTo(String.class)
                .list());
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
