package io.millrace.scheduler.backfill;

import io.millrace.api.Counted;
import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.scheduler.backfill.Backfill.Progress;
import io.millrace.scheduler.backfill.BackfillDates.StepState;
import io.millrace.scheduler.backfill.BackfillInstances.Dated;
import io.millrace.scheduler.backfill.BackfillPlan.PlannedInstance;
import io.millrace.scheduler.backfill.Existing.Action;
import io.millrace.scheduler.error.SchedulerError;
import io.millrace.scheduler.group.ResourceGroup;
import io.millrace.scheduler.group.ResourceGroups;
import io.millrace.scheduler.instance.Instances;
import io.millrace.scheduler.instance.Operations;
import io.millrace.scheduler.instance.Progression;
import io.millrace.scheduler.instance.RunMode;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.task.Tasks;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Backfills, from the plan to the end. A backfill is made with all its dates; their instances are
 * made when a date is opened, and as soon as one ends the next is opened. Where it stands is always
 * worked out from the store, so a call that got lost is made good by the next one, whichever node
 * makes it. Safe for use by several threads.
 */
public final class Backfills {

  private static final Logger logger = LoggerFactory.getLogger(Backfills.class);

  private final Database database;
  private final BackfillStore store = new BackfillStore();
  private final BackfillDates storedDates = new BackfillDates();
  private final BackfillInstances storedInstances = new BackfillInstances();
  private final BackfillHistory history = new BackfillHistory();
  private final Scoping scoping;
  private final ResourceGroups groups;
  private final ZoneId zone;
  private final Opener opener;
  private final Listener listener;
  private final Clock clock;
  private final ConcurrentLinkedQueue<Long> settled = new ConcurrentLinkedQueue<>();
  private final Semaphore settling = new Semaphore(1);
  private volatile boolean missed;

  /** Takes what came of a backfill's moves, after it is durable. Must not throw. */
  public interface Listener {
    /** Writes down, in the same transaction, who did what with a backfill. */
    void audit(Handle handle, Operations.By by, String action, long id, String detail);

    /**
     * Instances have changed.
     *
     * @param outcome its times are also those at which {@link Backfills#onTime} has to be called
     */
    void moved(Progression.Outcome outcome);

    /** A running instance has been asked to stop in the store; end its attempt if it is here. */
    void stop(long instance, String reason);

    /**
     * A backfill has ended, and whoever made it wanted to be told of such an end. Called at most
     * once for each end, and not at all when the process dies just then.
     */
    void alert(Backfill ended);
  }

  /**
   * @param zone whose dates count for tasks without a schedule
   */
  public Backfills(
      Database database,
      Tasks tasks,
      ResourceGroups groups,
      Instances instances,
      Progression progression,
      Listener listener,
      ZoneId zone,
      Clock clock) {
    this.database = database;
    this.scoping = new Scoping(tasks, zone);
    this.groups = groups;
    this.zone = zone;
    this.opener = new Opener(store, tasks, groups, instances, progression, zone);
    this.listener = listener;
    this.clock = clock;
  }

  /**
   * What a backfill would make. Changes nothing.
   *
   * @throws MillraceException in one line, when it makes no sense or could not run
   */
  public BackfillPlan plan(BackfillRequest request) {
    return database.inTransaction(handle -> plan(handle, request));
  }

  private BackfillPlan plan(Handle handle, BackfillRequest request) {
    List<ScopedTask> scope = scoping.find(handle, request);
    refuseSmallGroup(handle, request, scope);
    refuseUndeclared(request, scope);
    BackfillPlan plan =
        Planner.plan(
            request,
            scope,
            (task, from, to) -> storedInstances.earlier(handle, task, from, to),
            clock.instant());
    for (ScopedTask task : scope) {
      // What cannot be worked out is better known now than when a date is opened.
      plan.dates().stream()
          .flatMap(date -> date.instances().stream())
          .filter(one -> one.task() == task.id() && runs(one))
          .findFirst()
          .ifPresent(
              one ->
                  Opener.parameters(
                      task.described(),
                      request,
                      one,
                      task.described().today(clock.instant(), zone)));
    }
    return plan;
  }

  private static boolean runs(PlannedInstance one) {
    return one.action() != Action.SKIP && one.mode() == RunMode.NORMAL;
  }

  private static void refuseUndeclared(BackfillRequest request, List<ScopedTask> scope) {
    Set<String> declared = new TreeSet<>();
    scope.stream()
        .filter(task -> !task.left())
        .forEach(task -> declared.addAll(task.version().definition().parameters().keySet()));
    for (String name : new TreeSet<>(request.parameters().keySet())) {
      if (!declared.contains(name)) {
        throw BackfillRequest.wrong(
            "no task of it has a parameter '"
                + Sensitive.mark(name)
                + "'; "
                + (declared.isEmpty() ? "they have none" : "there are " + declared));
      }
    }
  }

  private void refuseSmallGroup(Handle handle, BackfillRequest request, List<ScopedTask> scope) {
    for (ScopedTask task : scope) {
      String name =
          Objects.requireNonNullElse(request.group(), task.version().definition().run().group());
      ResourceGroup group = groups.get(handle, name);
      if (!task.left() && task.version().slots() > group.slots()) {
        throw BackfillRequest.wrong(
            "task '"
                + task.name()
                + "' takes "
                + Counted.of(task.version().slots(), "slot", "slots")
                + ", but resource group '"
                + name
                + "' has "
                + group.slots());
      }
    }
  }

  /**
   * Makes a backfill and opens its first dates.
   *
   * @param by who wants it
   * @return its id
   * @throws MillraceException in one line, when it makes no sense or there is nothing to do
   */
  public long create(BackfillRequest request, Operations.By by) {
    long id =
        database.inTransaction(
            handle -> {
              BackfillPlan plan = plan(handle, request);
              if (plan.counts().dates() == 0) {
                throw BackfillRequest.wrong(
                    "there is nothing to do: with existing "
                        + request.existing()
                        + (plan.counts().skip() == 1
                            ? " the only instance is"
                            : " all " + plan.counts().skip() + " instances are")
                        + " skipped");
              }
              long made = store.insert(handle, plan, by.who(), clock.instant());
              storedDates.insert(handle, made, plan.dates());
              listener.audit(handle, by, "create", made, plan.name());
              return made;
            });
    move(id, null);
    return id;
  }

  /**
   * To be called after instances have changed, with their ids; those of other kinds are left out.
   * Never throws.
   */
  public void onSettled(Set<Long> instances) {
    settled.addAll(instances);
    // Whoever is at it takes along what others, or the listener, have brought.
    while (!settled.isEmpty() && settling.tryAcquire()) {
      try {
        settle();
      } catch (RuntimeException e) {
        missed = true;
        logger.error("Backfills could not be moved on; the next change makes it good", e);
      } finally {
        settling.release();
      }
    }
  }

  private void settle() {
    Set<Long> ids = new HashSet<>();
    for (Long id = settled.poll(); id != null; id = settled.poll()) {
      ids.add(id);
    }
    if (missed) {
      missed = false;
      moveAll();
    }
    Map<Long, Set<LocalDate>> dates = new HashMap<>();
    database.<Boolean, RuntimeException>with(
        handle -> {
          for (Dated dated : storedInstances.dated(handle, ids)) {
            // Whoever brings the last one of a date sees that nothing moves any more.
            if (!storedInstances.moves(handle, dated)) {
              dates.computeIfAbsent(dated.backfill(), key -> new HashSet<>()).add(dated.date());
            }
          }
          return true;
        });
    dates.forEach(this::move);
  }

  /** Forgets backfills that ended before a time and whose instances are forgotten. */
  public void forget(Instant before) {
    while (database.inTransaction(handle -> history.forget(handle, before))) {
      // One at a time: each has as many dates as a plan may have.
    }
  }

  /**
   * To be called at the times that were asked for, at the start of a node, and now and then: does
   * whatever is due.
   *
   * @return the times at which it wants to be called again because of run windows
   */
  public Set<Instant> onTime() {
    moveAll();
    Instant now = clock.instant();
    Set<Instant> times = new TreeSet<>();
    for (Backfill backfill : database.with(store::active)) {
      RunWindow window = backfill.request().runWindow();
      if (window != null) {
        times.add(window.nextChange(now));
      }
    }
    return times;
  }

  private void moveAll() {
    database.with(store::active).forEach(backfill -> move(backfill.id(), null));
  }

  private void move(long id, @Nullable Set<LocalDate> touched) {
    Set<LocalDate> dates = touched;
    for (boolean more = true; more; ) {
      Opener.Result result = moveOnce(id, dates);
      listener.moved(result.outcome());
      result.stop().forEach(instance -> listener.stop(instance, Opener.CANCELLED));
      if (result.ended() != null) {
        alert(result.ended());
      }
      more = result.more();
      dates = Set.of();
    }
  }

  private Opener.Result moveOnce(long id, @Nullable Set<LocalDate> dates) {
    try {
      return database.inTransaction(handle -> opener.move(handle, id, dates, clock.instant()));
    } catch (MillraceException e) {
      // Such as a group that is gone: somebody has to look, then rerun what is left.
      logger.warn("Backfill {} cannot go on: {}", id, Sensitive.message(e));
      String message = String.valueOf(e.getMessage());
      Backfill ended =
          database.inTransaction(
              handle -> {
                store.lock(handle, id);
                store.state(handle, id, BackfillState.FAILED, message, clock.instant());
                return store.find(handle, id).orElseThrow();
              });
      return new Opener.Result(Progression.Outcome.NOTHING, false, ended, List.of());
    }
  }

  private void alert(Backfill ended) {
    boolean wanted =
        switch (ended.request().alert()) {
          case NONE -> false;
          case SUCCESS -> ended.state() == BackfillState.SUCCEEDED;
          case FAILURE -> ended.state() == BackfillState.FAILED;
          case BOTH -> true;
        };
    if (wanted) {
      listener.alert(ended);
    }
  }

  /**
   * Opens no further date. What is open goes on to its end.
   *
   * @throws MillraceException when it does not run
   */
  public void pause(long id, Operations.By by) {
    database.useTransaction(
        handle -> {
          Backfill backfill = locked(handle, id);
          require(backfill, "paused", BackfillState.RUNNING, BackfillState.PAUSED);
          store.state(handle, id, BackfillState.PAUSED, "", clock.instant());
          listener.audit(handle, by, "pause", id, "");
        });
  }

  /**
   * Goes on after a pause.
   *
   * @throws MillraceException when it has ended
   */
  public void resume(long id, Operations.By by) {
    database.useTransaction(
        handle -> {
          Backfill backfill = locked(handle, id);
          require(backfill, "resumed", BackfillState.RUNNING, BackfillState.PAUSED);
          store.state(handle, id, BackfillState.RUNNING, "", clock.instant());
          listener.audit(handle, by, "resume", id, "");
        });
    move(id, null);
  }

  /**
   * Ends it. Dates that were not opened never are. Instances that have not begun fail with the
   * reason "backfill cancelled"; those that run are stopped, and until they have ended the backfill
   * is {@link BackfillState#CANCELLING}. Doing it again does no harm.
   *
   * @throws MillraceException when it has succeeded
   */
  public void cancel(long id, Operations.By by) {
    database.useTransaction(
        handle -> {
          Backfill backfill = locked(handle, id);
          if (backfill.state() != BackfillState.CANCELLED) {
            require(
                backfill,
                "cancelled",
                BackfillState.RUNNING,
                BackfillState.PAUSED,
                BackfillState.FAILED,
                BackfillState.CANCELLING);
            store.state(handle, id, BackfillState.CANCELLING, Opener.CANCELLED, clock.instant());
            listener.audit(handle, by, "cancel", id, "");
          }
        });
    move(id, null);
  }

  /**
   * Runs again whatever has not succeeded of a backfill that has ended, in the same order and as
   * many dates at once as before; then goes on with what was not begun.
   *
   * @param anew true for a new generation of the ledger, which writes again what was committed;
   *     false to continue
   * @throws MillraceException when it has not ended, or has succeeded
   */
  public void rerunFailed(long id, boolean anew, Operations.By by) {
    database.useTransaction(
        handle -> {
          Backfill backfill = locked(handle, id);
          require(backfill, "rerun", BackfillState.FAILED, BackfillState.CANCELLED);
          storedInstances.reopen(handle, id, anew, clock.instant());
          storedDates.steps(handle, id, StepState.FAILED, StepState.TO_COME);
          storedDates.steps(handle, id, StepState.CANCELLED, StepState.TO_COME);
          store.state(handle, id, BackfillState.RUNNING, "", clock.instant());
          listener.audit(handle, by, "rerun-failed", id, anew ? "anew" : "");
        });
    move(id, null);
  }

  private Backfill locked(Handle handle, long id) {
    return store
        .lock(handle, id)
        .orElseThrow(() -> BackfillRequest.wrong("there is no backfill " + id));
  }

  private static void require(Backfill backfill, String done, BackfillState... states) {
    if (!List.of(states).contains(backfill.state())) {
      throw SchedulerError.conflict(
          "backfill "
              + backfill.id()
              + " is "
              + backfill.state()
              + " and cannot be "
              + done
              + "; that needs one of "
              + List.of(states));
    }
  }

  /**
   * A backfill and how far it is.
   *
   * @throws MillraceException when there is none
   */
  public Backfill.Shown get(long id) {
    return database.inTransaction(
        handle -> {
          Backfill backfill =
              store
                  .find(handle, id)
                  .orElseThrow(() -> BackfillRequest.wrong("there is no backfill " + id));
          return shown(handle, List.of(backfill)).get(0);
        });
  }

  /**
   * Backfills, the newest first.
   *
   * @param state only those in it; null for all
   */
  public List<Backfill.Shown> list(@Nullable BackfillState state, int limit, int offset) {
    return database.inTransaction(
        handle -> shown(handle, store.list(handle, state, limit, offset)));
  }

  private List<Backfill.Shown> shown(Handle handle, List<Backfill> backfills) {
    Map<Long, Progress> progress =
        storedDates.progress(handle, backfills.stream().map(Backfill::id).toList());
    return backfills.stream()
        .map(one -> new Backfill.Shown(one, Objects.requireNonNull(progress.get(one.id()))))
        .toList();
  }
}
