package io.millrace.scheduler.dispatch;

import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.Progression;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.task.RunSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down how attempts ended, and what follows: dependants, automatic reruns, and attempts that
 * a dead node has left. What is written is conditional on the lease under which the attempt was
 * started. Safe for use by several threads.
 */
public final class Settlement {

  private static final Logger logger = LoggerFactory.getLogger(Settlement.class);
  private static final int TRIES = 20;
  private static final int MESSAGE = 1000;

  private final Database database;
  private final Attempts attempts;
  private final Progression progression;
  private final Nodes nodes;
  private final Function<Instance, RunSettings> settings;
  private final Consumer<Progression.Outcome> follow;
  private final Clock clock;
  private volatile boolean handingOver;

  /**
   * @param settings how the instances of a task run
   * @param follow takes what came of each settlement, after it is durable
   */
  public Settlement(
      Database database,
      Attempts attempts,
      Progression progression,
      Nodes nodes,
      Function<Instance, RunSettings> settings,
      Consumer<Progression.Outcome> follow,
      Clock clock) {
    this.database = database;
    this.attempts = attempts;
    this.progression = progression;
    this.nodes = nodes;
    this.settings = settings;
    this.follow = follow;
    this.clock = clock;
  }

  /**
   * From now on attempts that fail do so because this node stops: another one, or the next start,
   * goes on with their instances.
   */
  public void handOver() {
    handingOver = true;
  }

  /**
   * Settles the end of an attempt of this node; tries for a while when the store does not answer.
   */
  void settle(Picked picked, Launcher.Ended ended) {
    for (int attempt = 1; ; attempt++) {
      try {
        Progression.Outcome outcome =
            database.inTransaction(handle -> write(handle, picked, ended));
        follow.accept(outcome);
        return;
      } catch (RuntimeException e) {
        if (attempt == TRIES) {
          logger.error(
              "The end of attempt {} of instance {} could not be written; it will count as lost",
              picked.attempt(),
              picked.instance().id(),
              e);
          return;
        }
        pause(attempt);
      }
    }
  }

  private static void pause(int attempt) {
    try {
      Thread.sleep(Math.min(2000, 50L << Math.min(attempt, 6)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Progression.Outcome write(Handle handle, Picked picked, Launcher.Ended ended) {
    Instant now = clock.instant();
    Instance instance = picked.instance();
    String stopped = stopReason(handle, instance.id());
    Next next = next(instance, ended, stopped, now);
    boolean ours =
        handle
                .createUpdate(
                    "UPDATE instance SET state = :state, reason = :reason, due_at = :due,"
                        + " reruns = :reruns, node = '', stop_reason = '', ready_at = :ready,"
                        + " changed_at = :now, finished_at = :now WHERE id = :id"
                        + " AND state = 'RUNNING' AND node = :node AND epoch = :epoch"
                        + " AND attempts = :attempt")
                .bind("state", next.state())
                .bind("reason", next.reason())
                .bind("due", next.dueAt().toEpochMilli())
                .bind("reruns", next.reruns())
                .bind(
                    "ready", next.state().equals("WAITING_FOR_RESOURCES") ? now.toEpochMilli() : 0)
                .bind("now", now.toEpochMilli())
                .bind("id", instance.id())
                .bind("node", picked.node().name())
                .bind("epoch", picked.node().epoch())
                .bind("attempt", picked.attempt())
                .execute()
            == 1;
    if (!ours) {
      logger.warn(
          "Instance {} was taken over by another node; the end of attempt {} here changes nothing",
          instance.id(),
          picked.attempt());
      return Progression.Outcome.NOTHING;
    }
    attempts.end(handle, instance.id(), picked.attempt(), ended, now);
    Set<Long> changed = new HashSet<>(Set.of(instance.id()));
    if (!ended.succeeded()) {
      boolean again = next.state().equals("WAITING_FOR_TIME");
      return new Progression.Outcome(again ? Set.of(next.dueAt()) : Set.of(), false, changed);
    }
    Progression.Outcome after = progression.succeeded(handle, List.of(instance.id()), now);
    changed.addAll(after.changed());
    return new Progression.Outcome(after.times(), after.ready(), changed);
  }

  private static String stopReason(Handle handle, long id) {
    return handle
        .createQuery("SELECT stop_reason FROM instance WHERE id = :id FOR UPDATE")
        .bind("id", id)
        .mapTo(String.class)
        .findOne()
        .orElse("");
  }

  private Next next(Instance instance, Launcher.Ended ended, String stopped, Instant now) {
    if (ended.succeeded()) {
      return new Next("SUCCEEDED", "", instance.dueAt(), instance.reruns());
    }
    if (handingOver && stopped.isEmpty()) {
      String words = "its node was stopped; the next attempt continues";
      return new Next("WAITING_FOR_RESOURCES", words, instance.dueAt(), instance.reruns());
    }
    // Whoever stopped it, or the timeout, does not want it to run again.
    String reason = stopped.isEmpty() ? ended.message() : stopped;
    RunSettings run = settings.apply(instance);
    if (!stopped.isEmpty() || instance.reruns() >= run.automaticReruns()) {
      return new Next("FAILED", cut(reason), instance.dueAt(), instance.reruns());
    }
    int number = instance.reruns() + 1;
    String words =
        "automatic rerun " + number + " of " + run.automaticReruns() + " after: " + reason;
    return new Next(
        "WAITING_FOR_TIME", cut(words), now.plus(Duration.ofMinutes(run.rerunMinutes())), number);
  }

  private static String cut(String text) {
    return text.length() <= MESSAGE ? text : text.substring(0, MESSAGE);
  }

  private record Next(String state, String reason, Instant dueAt, int reruns) {}

  /**
   * Takes over what nodes have left whose lease has ended: their instances wait for resources again
   * and continue their ledger.
   */
  public void recover() {
    for (String lost : database.with(nodes::lost)) {
      boolean fenced = database.inTransaction(handle -> nodes.fence(handle, lost));
      if (fenced) {
        takeOver(lost, "node " + lost + " was lost; the next attempt continues");
      }
    }
  }

  /** Takes over what this node has left under its earlier epochs. */
  public void recover(Node own) {
    takeOver(own.name(), "node " + own.name() + " was started anew; the next attempt continues");
  }

  private void takeOver(String node, String reason) {
    Set<Long> taken = new HashSet<>();
    database.useTransaction(
        handle -> {
          taken.clear();
          Instant now = clock.instant();
          long epoch = nodes.lock(handle, node).orElse(0L);
          List<Long> left =
              handle
                  .createQuery(
                      "SELECT id FROM instance WHERE state = 'RUNNING' AND node = :node"
                          + " AND epoch < :epoch ORDER BY id FOR UPDATE")
                  .bind("node", node)
                  .bind("epoch", epoch)
                  .mapTo(Long.class)
                  .list();
          left.forEach(id -> release(handle, id, reason, now));
          taken.addAll(left);
        });
    tell(taken, reason);
  }

  /**
   * Takes over what this node should run and does not. Only whoever starts attempts on this node
   * may call this: then none of them can begin in the meantime.
   */
  void recover(Node own, Set<Long> ids) {
    String reason = "its attempt was lost between node and store; the next attempt continues";
    Set<Long> taken = new HashSet<>();
    database.useTransaction(
        handle -> {
          taken.clear();
          Instant now = clock.instant();
          for (long id : ids) {
            boolean left =
                handle
                    .createQuery(
                        "SELECT id FROM instance WHERE id = :id AND state = 'RUNNING'"
                            + " AND node = :node AND epoch = :epoch FOR UPDATE")
                    .bind("id", id)
                    .bind("node", own.name())
                    .bind("epoch", own.epoch())
                    .mapTo(Long.class)
                    .findOne()
                    .isPresent();
            if (left) {
              release(handle, id, reason, now);
              taken.add(id);
            }
          }
        });
    tell(taken, reason);
  }

  /** Ends the attempt as lost and has its instance wait for another, unless it was stopped. */
  private void release(Handle handle, long id, String reason, Instant now) {
    attempts.lose(handle, id, now);
    handle
        .createUpdate(
            "UPDATE instance SET state = CASE WHEN stop_reason = ''"
                + " THEN 'WAITING_FOR_RESOURCES' ELSE 'FAILED' END,"
                + " reason = CASE WHEN stop_reason = '' THEN :reason ELSE stop_reason END,"
                + " node = '', changed_at = :now, ready_at = :now WHERE id = :id")
        .bind("reason", reason)
        .bind("now", now.toEpochMilli())
        .bind("id", id)
        .execute();
  }

  private void tell(Set<Long> taken, String reason) {
    if (!taken.isEmpty()) {
      logger.warn("{} instances go on elsewhere: {}", taken.size(), reason);
      follow.accept(new Progression.Outcome(Set.of(), true, taken));
    }
  }
}
