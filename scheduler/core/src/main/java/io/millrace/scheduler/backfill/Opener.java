package io.millrace.scheduler.backfill;

import io.millrace.scheduler.backfill.BackfillDates.Step;
import io.millrace.scheduler.backfill.BackfillDates.StepState;
import io.millrace.scheduler.backfill.BackfillInstances.Dated;
import io.millrace.scheduler.backfill.BackfillPlan.PlannedInstance;
import io.millrace.scheduler.backfill.BackfillPlan.SliceBounds;
import io.millrace.scheduler.backfill.BackfillRequest.Future;
import io.millrace.scheduler.group.ResourceGroups;
import io.millrace.scheduler.instance.InstanceKind;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.instance.Instances;
import io.millrace.scheduler.instance.NewInstance;
import io.millrace.scheduler.instance.Progression;
import io.millrace.scheduler.instance.RunMode;
import io.millrace.scheduler.parameter.FrozenParameters;
import io.millrace.scheduler.parameter.GivenValues;
import io.millrace.scheduler.parameter.Occasion;
import io.millrace.scheduler.task.RunSettings;
import io.millrace.scheduler.task.TaskDefinition;
import io.millrace.scheduler.task.TaskVersion;
import io.millrace.scheduler.task.Tasks;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Moves a backfill on: sees which of its dates have ended, opens the next ones, and says how the
 * whole ends. Everything is worked out from the store within the given handle's transaction, with
 * the backfill's row locked: calling it too often or from several nodes does no harm. Stateless.
 */
final class Opener {

  static final String CANCELLED = "backfill cancelled";

  /** After so much, a transaction ends and another goes on, so that nobody waits long for locks. */
  private static final int MOST_STEPS = 100;

  private static final int MOST_INSTANCES = 5_000;

  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuuMMdd");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss");

  private final BackfillStore store;
  private final BackfillDates storedDates = new BackfillDates();
  private final BackfillInstances storedInstances = new BackfillInstances();
  private final Tasks tasks;
  private final ResourceGroups groups;
  private final Instances instances;
  private final Progression progression;
  private final ZoneId zone;

  Opener(
      BackfillStore store,
      Tasks tasks,
      ResourceGroups groups,
      Instances instances,
      Progression progression,
      ZoneId zone) {
    this.store = store;
    this.tasks = tasks;
    this.groups = groups;
    this.instances = instances;
    this.progression = progression;
    this.zone = zone;
  }

  /**
   * What came of it.
   *
   * @param more true when there is more to be done in another transaction
   * @param ended the backfill, when it has just ended
   * @param stop running instances that are to be stopped
   */
  record Result(
      Progression.Outcome outcome, boolean more, @Nullable Backfill ended, List<Long> stop) {}

  /**
   * Moves it on.
   *
   * @param touched dates on which something has changed; null for all open ones
   */
  Result move(Handle handle, long id, @Nullable Set<LocalDate> touched, Instant now) {
    Optional<Backfill> locked = store.lock(handle, id);
    if (locked.isEmpty() || locked.get().state() == BackfillState.CANCELLED) {
      return new Result(Progression.Outcome.NOTHING, false, null, List.of());
    }
    return new Work(handle, locked.get(), now)
        .move(touched == null ? storedDates.dates(handle, id, StepState.OPEN) : touched);
  }

  /** One transaction on one backfill. */
  private final class Work {
    private final Handle handle;
    private final Backfill backfill;
    private final long id;
    private final Instant now;
    private final Set<Instant> times = new TreeSet<>();
    private final Set<Long> changed = new HashSet<>();
    private final Map<Long, Made> made = new HashMap<>();
    private boolean ready;

    Work(Handle handle, Backfill backfill, Instant now) {
      this.handle = handle;
      this.backfill = backfill;
      this.id = backfill.id();
      this.now = now;
    }

    Result move(Set<LocalDate> touched) {
      if (backfill.state() == BackfillState.CANCELLING) {
        return cancel();
      }
      evaluate(touched);
      boolean more = false;
      RunWindow window = backfill.request().runWindow();
      if (window != null && !window.isOpen(now)) {
        Instant opening = window.openFrom(now);
        changed.addAll(storedInstances.hold(handle, id, opening, now));
        times.add(opening);
      } else if (backfill.state() != BackfillState.PAUSED) {
        more = openNext();
      }
      if (window != null) {
        times.add(window.nextChange(now));
      }
      Backfill ended = more ? null : conclude();
      return new Result(new Progression.Outcome(times, ready, changed), more, ended, List.of());
    }

    private Result cancel() {
      changed.addAll(storedInstances.failNotBegun(handle, id, CANCELLED, now));
      List<Long> running = storedInstances.stopRunning(handle, id, CANCELLED);
      storedDates.steps(handle, id, StepState.TO_COME, StepState.CANCELLED);
      evaluate(storedDates.dates(handle, id, StepState.OPEN));
      if (running.isEmpty()) {
        store.state(handle, id, BackfillState.CANCELLED, backfill.message(), now);
      }
      return new Result(new Progression.Outcome(times, ready, changed), false, null, running);
    }

    /** Brings the state of dates up to what their instances say. */
    private void evaluate(Collection<LocalDate> touched) {
      Deque<LocalDate> open = new ArrayDeque<>(touched);
      while (!open.isEmpty()) {
        Set<LocalDate> dates = Set.copyOf(open);
        open.clear();
        Map<LocalDate, StepState> before = storedDates.states(handle, id, dates);
        Map<LocalDate, Map<InstanceState, Integer>> counts =
            storedInstances.counts(handle, id, dates);
        boolean blocked = false;
        for (Map.Entry<LocalDate, StepState> step : before.entrySet()) {
          if (step.getValue() == StepState.TO_COME || step.getValue() == StepState.CANCELLED) {
            continue;
          }
          LocalDate date = step.getKey();
          StepState after = state(date, counts.getOrDefault(date, Map.of()));
          if (after != step.getValue()) {
            storedDates.steps(handle, id, Set.of(date), after);
            blocked |= after == StepState.FAILED;
          }
        }
        if (blocked) {
          // Others may wait for what has failed; once each of them is settled, nothing changes.
          open.addAll(storedDates.dates(handle, id, StepState.OPEN));
        }
      }
    }

    private StepState state(LocalDate date, Map<InstanceState, Integer> counts) {
      int ended =
          counts.getOrDefault(InstanceState.SUCCEEDED, 0)
              + counts.getOrDefault(InstanceState.FAILED, 0);
      int notRun = counts.getOrDefault(InstanceState.NOT_RUN, 0);
      int all = counts.values().stream().mapToInt(Integer::intValue).sum();
      if (ended + notRun < all || (notRun > 0 && waitsForOpen(date))) {
        return StepState.OPEN;
      }
      // What has not run waits for something that failed, here or on a date that has ended.
      return notRun > 0 || counts.containsKey(InstanceState.FAILED)
          ? StepState.FAILED
          : StepState.SUCCEEDED;
    }

    private boolean waitsForOpen(LocalDate date) {
      Set<LocalDate> others = storedInstances.waitsFor(handle, new Dated(id, date));
      return storedDates.states(handle, id, others).containsValue(StepState.OPEN);
    }

    private boolean isStopped() {
      int most = backfill.request().failuresToStop();
      return most < Integer.MAX_VALUE
          && storedDates.count(handle, id, StepState.FAILED, most) >= most;
    }

    /** Returns true when there is more to be opened. */
    private boolean openNext() {
      int steps = 0;
      int opened = 0;
      while (!isStopped()) {
        int parallel = backfill.request().parallelism();
        int free = parallel - storedDates.count(handle, id, StepState.OPEN, parallel);
        List<Step> next = free > 0 ? storedDates.next(handle, id, free) : List.of();
        if (next.isEmpty()) {
          return false;
        }
        if (steps >= MOST_STEPS || opened >= MOST_INSTANCES) {
          return true;
        }
        open(next);
        // What runs and waits for nothing cannot have ended at once.
        evaluate(
            next.stream()
                .filter(step -> step.instances().stream().anyMatch(Opener::mayEndAtOnce))
                .map(Step::date)
                .toList());
        steps += next.size();
        opened += next.stream().mapToInt(step -> step.instances().size()).sum();
      }
      return false;
    }

    private void open(List<Step> steps) {
      Map<Long, List<NewInstance>> wanted = new LinkedHashMap<>();
      for (Step step : steps) {
        for (PlannedInstance one : step.instances()) {
          wanted.computeIfAbsent(one.task(), key -> new ArrayList<>()).add(instance(one));
        }
      }
      List<Long> ids = new ArrayList<>();
      boolean wereThere = false;
      for (List<NewInstance> ofTask : wanted.values()) {
        List<Long> created = instances.create(handle, ofTask, now);
        ids.addAll(created);
        wereThere |= created.size() < ofTask.size();
      }
      List<LocalDate> dates = steps.stream().map(Step::date).toList();
      storedDates.steps(handle, id, dates, StepState.OPEN);
      if (wereThere) {
        ids = storedInstances.notRun(handle, id, dates);
      }
      changed.addAll(ids);
      take(progression.advance(handle, ids, now));
    }

    private void take(Progression.Outcome outcome) {
      times.addAll(outcome.times());
      changed.addAll(outcome.changed());
      ready |= outcome.ready();
    }

    /** How a task's instances are made. */
    private Made made(long taskId) {
      return made.computeIfAbsent(
          taskId,
          key -> {
            int version =
                backfill.tasks().stream()
                    .filter(one -> one.id() == key)
                    .findFirst()
                    .orElseThrow()
                    .version();
            TaskVersion of = tasks.version(handle, key, version);
            RunSettings run = of.definition().run();
            BackfillRequest request = backfill.request();
            String group = Objects.requireNonNullElse(request.group(), run.group());
            ScopedTask.Described task =
                new ScopedTask.Described(of, tasks.get(handle, key).workflowId());
            return new Made(
                task,
                groups.get(handle, group).id(),
                Objects.requireNonNullElse(request.priority(), run.priority()),
                task.today(backfill.createdAt(), zone));
          });
    }

    private NewInstance instance(PlannedInstance one) {
      Made how = made(one.task());
      return new NewInstance(
          one.task(),
          how.version().version(),
          InstanceKind.BACKFILL,
          one.at(),
          id,
          one.time(),
          one.businessDate(),
          one.mode(),
          one.why(),
          due(one),
          how.priority(),
          how.version().slots(),
          how.group(),
          how.version().definition().run().maxParallel(),
          parameters(how.task(), backfill.request(), one, how.today()),
          one.ancestors());
    }

    private Instant due(PlannedInstance one) {
      boolean waits = backfill.request().future() == Future.AT_TIME && one.at().isAfter(now);
      if (!waits) {
        return now;
      }
      RunWindow window = backfill.request().runWindow();
      return window == null ? one.at() : window.openFrom(one.at());
    }

    /** Returns the backfill when it has just ended. */
    private @Nullable Backfill conclude() {
      boolean open = storedDates.count(handle, id, StepState.OPEN, 1) > 0;
      boolean toCome = open || storedDates.count(handle, id, StepState.TO_COME, 1) > 0;
      if (open || (toCome && !isStopped())) {
        boolean goesOn =
            backfill.state() == BackfillState.RUNNING || backfill.state() == BackfillState.PAUSED;
        if (!goesOn) {
          store.state(handle, id, BackfillState.RUNNING, "", now);
        }
        return null;
      }
      Backfill.Progress progress =
          Objects.requireNonNull(storedDates.progress(handle, Set.of(id)).get(id));
      BackfillState state = progress.failed() > 0 ? BackfillState.FAILED : BackfillState.SUCCEEDED;
      if (state == backfill.state()) {
        return null;
      }
      store.state(handle, id, state, words(progress), now);
      return store.find(handle, id).orElseThrow();
    }
  }

  private static boolean mayEndAtOnce(PlannedInstance one) {
    return one.mode() != RunMode.NORMAL || !one.ancestors().isEmpty();
  }

  private record Made(ScopedTask.Described task, long group, int priority, LocalDate today) {
    TaskVersion version() {
      return task.version();
    }
  }

  private static String words(Backfill.Progress progress) {
    if (progress.failed() == 0) {
      return "";
    }
    String failed = progress.failed() + " of " + progress.dates() + " dates failed";
    return progress.toCome() == 0
        ? failed
        : failed + ", so " + progress.toCome() + " were not begun; rerun what failed to go on";
  }

  /**
   * What an instance is given; one that does not really run needs nothing.
   *
   * @param today when the backfill is made, in the task's zone
   * @throws io.millrace.api.error.MillraceException in one line, when it cannot be worked out
   */
  static String parameters(
      ScopedTask.Described task, BackfillRequest request, PlannedInstance one, LocalDate today) {
    TaskDefinition definition = task.version().definition();
    Map<String, String> given = new HashMap<>(request.parameters());
    // Only what the task declares: nobody but its author decides what else the script takes.
    given.keySet().retainAll(definition.parameters().keySet());
    Map<String, String> expressions = new HashMap<>(given);
    SliceBounds slice = one.slice();
    if (slice != null) {
      expressions.put("slice.from", DATE.format(slice.from()));
      expressions.put("slice.to", DATE.format(slice.to()));
      expressions.put("slice.fromTime", TIME.format(slice.fromTime()));
      expressions.put("slice.toTime", TIME.format(slice.toTime()));
    }
    boolean runs = one.mode() == RunMode.NORMAL;
    FrozenParameters frozen =
        FrozenParameters.freeze(
            runs ? definition.parameters() : Map.of(),
            runs ? expressions : Map.of(),
            Occasion.backfill(one.businessDate(), one.time(), today),
            task.workflow(),
            task.version().taskId());
    if (runs) {
      Map<String, String> values = frozen.values("0");
      for (String name : given.keySet()) {
        if (!(slice != null && name.startsWith("slice."))) {
          GivenValues.check(
              name,
              Objects.requireNonNull(values.get(name)),
              Objects.requireNonNull(definition.parameters().get(name)),
              definition.patterns(),
              definition.script());
        }
      }
    }
    return frozen.toJson();
  }
}
