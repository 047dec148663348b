package io.millrace.scheduler.instance;

import io.millrace.api.error.MillraceException;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.task.Rerun;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * What people do with instances. Each instance is a transaction of its own and has a result of its
 * own: one that is refused keeps none of the others. Safe for use by several threads.
 */
public final class Operations {

  private static final int MOST_DESCENDANTS = 100_000;

  private final Database database;
  private final Instances instances;
  private final Progression progression;
  private final Function<Instance, Rerun> rerun;
  private final Effects effects;
  private final Clock clock;

  /** What follows a change, after it is durable. */
  public interface Effects {
    /** Writes down, in the same transaction, who did what. */
    void audit(Handle handle, By by, Operation operation, Instance before);

    /** Takes what came of it. */
    void follow(Progression.Outcome outcome);

    /** Ends the attempt that runs, if it runs here; other nodes look for it themselves. */
    void cancel(long instance, String reason);
  }

  /** Who does it, and why. */
  public record By(String who, String why) {}

  /**
   * What came of it for one instance.
   *
   * @param refusal one line that says why nothing was changed; empty when it was done
   */
  public record Result(long id, String refusal) {
    public boolean isDone() {
      return refusal.isEmpty();
    }
  }

  /**
   * @param rerun the rerun property of an instance's task
   */
  public Operations(
      Database database,
      Instances instances,
      Progression progression,
      Function<Instance, Rerun> rerun,
      Effects effects,
      Clock clock) {
    this.database = database;
    this.instances = instances;
    this.progression = progression;
    this.rerun = rerun;
    this.effects = effects;
    this.clock = clock;
  }

  /** Ends instances as failed. */
  public List<Result> stop(Collection<Long> ids, By by) {
    String reason = "stopped by " + by.who() + (by.why().isBlank() ? "" : ": " + by.why());
    List<Result> results =
        each(
            ids,
            Operation.STOP,
            by,
            (handle, instance) -> {
              if (instance.state() == InstanceState.RUNNING) {
                update(handle, instance, "stop_reason = :text", reason);
              } else {
                move(handle, instance, InstanceState.FAILED, reason);
              }
              return Set.of();
            });
    results.stream().filter(Result::isDone).forEach(result -> effects.cancel(result.id(), reason));
    return results;
  }

  /** Runs instances again. */
  public List<Result> rerun(Collection<Long> ids, Again again, boolean force, By by) {
    return each(
        ids,
        force ? Operation.FORCE_RERUN : Operation.RERUN,
        by,
        (handle, instance) -> {
          requireRerun(instance, again, force);
          reset(handle, instance, again, force);
          return Set.of(instance.id());
        });
  }

  /**
   * Runs instances and all that depend on them again: the descendants when their ancestors are
   * done.
   */
  public List<Result> rerunDownstream(Collection<Long> ids, Again again, By by) {
    Set<Long> all = database.with(handle -> withDescendants(handle, ids));
    List<Result> results =
        each(
            all,
            Operation.RERUN,
            by,
            (handle, instance) -> {
              requireRerun(instance, again, false);
              awaitAgain(handle, instance, all);
              reset(handle, instance, again, false);
              // Advanced together below: each must wait for those before it.
              return Set.of();
            });
    List<Long> done = results.stream().filter(Result::isDone).map(Result::id).toList();
    effects.follow(
        database.inTransaction(handle -> progression.advance(handle, done, clock.instant())));
    return results;
  }

  /** Counts failed instances as succeeded. */
  public List<Result> setSucceeded(Collection<Long> ids, By by) {
    List<Result> results =
        each(
            ids,
            Operation.SET_SUCCEEDED,
            by,
            (handle, instance) -> {
              move(
                  handle,
                  instance,
                  InstanceState.SUCCEEDED,
                  "set to succeeded by " + by.who() + (by.why().isBlank() ? "" : ": " + by.why()));
              return instances.satisfy(handle, List.of(instance.id()));
            });
    return results;
  }

  /** Holds instances back. */
  public List<Result> freeze(Collection<Long> ids, By by) {
    return each(
        ids,
        Operation.FREEZE,
        by,
        (handle, instance) -> {
          move(handle, instance, InstanceState.FROZEN, "frozen by " + by.who());
          return Set.of();
        });
  }

  /** Lets instances go on. */
  public List<Result> unfreeze(Collection<Long> ids, By by) {
    return each(
        ids,
        Operation.UNFREEZE,
        by,
        (handle, instance) -> {
          move(handle, instance, InstanceState.NOT_RUN, "");
          return Set.of(instance.id());
        });
  }

  /** Has instances wait for no ancestor. */
  public List<Result> removeDependencies(Collection<Long> ids, By by) {
    return each(
        ids,
        Operation.REMOVE_DEPENDENCIES,
        by,
        (handle, instance) -> {
          forgetAncestors(handle, instance);
          return Set.of(instance.id());
        });
  }

  /** Changes the priority, 1 to 11. */
  public List<Result> priority(Collection<Long> ids, int priority, By by) {
    int most = 11;
    if (priority < 1 || priority > most) {
      return ids.stream()
          .map(id -> new Result(id, "priority must be 1 to " + most + ", found " + priority))
          .toList();
    }
    return each(
        ids,
        Operation.CHANGE_PRIORITY,
        by,
        (handle, instance) -> {
          handle
              .createUpdate("UPDATE instance SET priority = :priority WHERE id = :id")
              .bind("priority", priority)
              .bind("id", instance.id())
              .execute();
          return Set.of();
        });
  }

  /** A change of one instance, whose row is locked; returns those to be moved on. */
  private interface Change {
    Collection<Long> apply(Handle handle, Instance instance);
  }

  private List<Result> each(Collection<Long> ids, Operation operation, By by, Change change) {
    List<Result> results = new ArrayList<>();
    for (long id : new LinkedHashSet<>(ids)) {
      try {
        Progression.Outcome outcome =
            database.inTransaction(handle -> one(handle, id, operation, by, change));
        effects.follow(outcome);
        results.add(new Result(id, ""));
      } catch (MillraceException e) {
        results.add(new Result(id, String.valueOf(e.getMessage())));
      }
    }
    return results;
  }

  private Progression.Outcome one(
      Handle handle, long id, Operation operation, By by, Change change) {
    Instance instance =
        instances.lock(handle, id).orElseThrow(() -> refusal("there is no instance " + id));
    if (!operation.from().contains(instance.state())) {
      throw refusal(
          "instance "
              + id
              + " is "
              + instance.state()
              + "; "
              + operation
              + " needs one of "
              + operation.from().stream().sorted().toList());
    }
    Collection<Long> free = change.apply(handle, instance);
    effects.audit(handle, by, operation, instance);
    Progression.Outcome outcome = progression.advance(handle, free, clock.instant());
    Set<Long> changed = new LinkedHashSet<>(outcome.changed());
    changed.add(id);
    return new Progression.Outcome(outcome.times(), outcome.ready(), changed);
  }

  private void requireRerun(Instance instance, Again again, boolean force) {
    boolean succeeded = instance.state() == InstanceState.SUCCEEDED;
    Rerun allowed = rerun.apply(instance);
    if (!force && allowed == Rerun.NEVER) {
      throw refusal("the task of instance " + instance.id() + " disallows reruns; force it");
    }
    if (!force && allowed == Rerun.ON_FAILURE && succeeded) {
      throw refusal(
          "instance " + instance.id() + " succeeded, and its task allows reruns upon failure only");
    }
    if (succeeded && again == Again.CONTINUE && instance.attempts() > 0) {
      throw refusal(
          "instance "
              + instance.id()
              + " succeeded: there is nothing to continue; start it anew, which writes every row"
              + " once more");
    }
  }

  private void reset(Handle handle, Instance instance, Again again, boolean force) {
    if (force) {
      forgetAncestors(handle, instance);
    }
    handle
        .createUpdate(
            "UPDATE instance SET state = 'NOT_RUN', reason = '', due_at = :now, reruns = 0,"
                + " generation = generation + :more, changed_at = :now, ready_at = 0,"
                + " mode = CASE WHEN mode = 'SKIP' THEN 'NORMAL' ELSE mode END WHERE id = :id")
        .bind("now", clock.instant().toEpochMilli())
        .bind("more", again == Again.ANEW && instance.attempts() > 0 ? 1 : 0)
        .bind("id", instance.id())
        .execute();
  }

  /** Makes an instance wait again for those of its ancestors that are run again as well. */
  private static void awaitAgain(Handle handle, Instance instance, Set<Long> rerun) {
    List<Long> ancestors =
        handle
            .createQuery(
                "SELECT u.id FROM instance u JOIN instance_ancestor a ON a.task_id = u.task_id"
                    + " AND a.kind = u.kind AND a.scheduled_at = u.scheduled_at"
                    + " AND a.run_key = u.run_key WHERE a.instance_id = :id AND a.satisfied")
            .bind("id", instance.id())
            .mapTo(Long.class)
            .list();
    for (long ancestor : ancestors) {
      if (rerun.contains(ancestor)) {
        int marked =
            handle
                .createUpdate(
                    "UPDATE instance_ancestor SET satisfied = FALSE WHERE instance_id = :id"
                        + " AND satisfied AND EXISTS (SELECT 1 FROM instance u WHERE u.id = :up"
                        + " AND u.task_id = instance_ancestor.task_id"
                        + " AND u.scheduled_at = instance_ancestor.scheduled_at)")
                .bind("id", instance.id())
                .bind("up", ancestor)
                .execute();
        handle
            .createUpdate("UPDATE instance SET pending = pending + :more WHERE id = :id")
            .bind("more", marked)
            .bind("id", instance.id())
            .execute();
      }
    }
  }

  private static Set<Long> withDescendants(Handle handle, Collection<Long> ids) {
    Set<Long> all = new LinkedHashSet<>(ids);
    Deque<Long> open = new ArrayDeque<>(ids);
    while (!open.isEmpty()) {
      List<Long> next =
          handle
              .createQuery(
                  "SELECT a.instance_id FROM instance_ancestor a JOIN instance u"
                      + " ON a.task_id = u.task_id AND a.kind = u.kind"
                      + " AND a.scheduled_at = u.scheduled_at AND a.run_key = u.run_key"
                      + " WHERE u.id = :id ORDER BY a.instance_id")
              .bind("id", open.remove())
              .mapTo(Long.class)
              .list();
      for (long one : next) {
        if (all.add(one)) {
          open.add(one);
        }
      }
      if (all.size() > MOST_DESCENDANTS) {
        throw refusal("more than " + MOST_DESCENDANTS + " instances depend on these");
      }
    }
    return all;
  }

  private static void forgetAncestors(Handle handle, Instance instance) {
    handle
        .createUpdate("UPDATE instance_ancestor SET satisfied = TRUE WHERE instance_id = :id")
        .bind("id", instance.id())
        .execute();
    handle
        .createUpdate("UPDATE instance SET pending = 0 WHERE id = :id")
        .bind("id", instance.id())
        .execute();
  }

  private void move(Handle handle, Instance instance, InstanceState to, String reason) {
    if (!instance.state().next().contains(to)) {
      throw new IllegalStateException(instance.state() + " is not followed by " + to);
    }
    handle
        .createUpdate(
            "UPDATE instance SET state = :state, reason = :reason, changed_at = :now,"
                + " ready_at = 0, finished_at = CASE WHEN :ended THEN :now ELSE finished_at END"
                + " WHERE id = :id")
        .bind("state", to.name())
        .bind("reason", reason.length() <= 1000 ? reason : reason.substring(0, 1000))
        .bind("ended", to.isEnd())
        .bind("now", clock.instant().toEpochMilli())
        .bind("id", instance.id())
        .execute();
  }

  private static void update(Handle handle, Instance instance, String set, String text) {
    handle
        .createUpdate("UPDATE instance SET " + set + " WHERE id = :id")
        .bind("text", text.length() <= 1000 ? text : text.substring(0, 1000))
        .bind("id", instance.id())
        .execute();
  }

  private static MillraceException refusal(String why) {
    return new MillraceException(io.millrace.api.error.StandardError.CONFIGURATION, why);
  }
}
