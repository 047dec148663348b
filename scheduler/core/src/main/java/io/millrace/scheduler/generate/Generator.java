package io.millrace.scheduler.generate;

import io.millrace.scheduler.group.ResourceGroups;
import io.millrace.scheduler.instance.Instances;
import io.millrace.scheduler.instance.NewInstance;
import io.millrace.scheduler.instance.Progression;
import io.millrace.scheduler.schedule.CatchUp;
import io.millrace.scheduler.schedule.Generation;
import io.millrace.scheduler.schedule.Occurrence;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.TaskVersion;
import io.millrace.scheduler.task.Tasks;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the recurring instances of tasks up to the {@link Horizon}, each exactly once: how far it
 * has come is kept with the task, in the same transaction. What was missed while nothing ran is
 * made as the task's catch-up policy says. Safe for use by several threads and nodes.
 */
public final class Generator {

  private static final Logger logger = LoggerFactory.getLogger(Generator.class);

  /** In one transaction. */
  private static final int MOST_TASKS = 200;

  /** In one transaction, but for what a single task has. */
  private static final int MOST_INSTANCES = 2000;

  private final Database database;
  private final Tasks tasks;
  private final ResourceGroups groups;
  private final Instances instances;
  private final Progression progression;
  private final Horizon horizon;
  private final Clock clock;

  public Generator(
      Database database,
      Tasks tasks,
      ResourceGroups groups,
      Instances instances,
      Progression progression,
      Horizon horizon,
      Clock clock) {
    this.database = database;
    this.tasks = tasks;
    this.groups = groups;
    this.instances = instances;
    this.progression = progression;
    this.horizon = horizon;
    this.clock = clock;
  }

  /**
   * What was made.
   *
   * @param skipped by task, what was missed and is not made
   */
  public record Made(
      List<Long> ids, Map<Long, List<CatchUp.Skipped>> skipped, Progression.Outcome outcome) {
    static final Made NOTHING = new Made(List.of(), Map.of(), Progression.Outcome.NOTHING);
  }

  /**
   * Makes what is to be there by now, of all tasks, some in one transaction. One bad task does not
   * keep the others from running: it is logged, and tried again the next time.
   *
   * @param follow takes what was made, after it is durable
   * @param goOn is asked between two transactions
   * @return false when it was ended before all was made
   * @throws ConnectionException when the store does not answer; what was made until then is kept
   */
  public boolean all(Consumer<Made> follow, BooleanSupplier goOn) {
    Instant until = horizon.next(clock);
    // One time for all: whether something was missed must not depend on whose turn comes when.
    Instant now = clock.instant();
    List<Long> ids = database.with(handle -> tasks.toGenerate(handle, until));
    Deque<List<Long>> open = new ArrayDeque<>();
    for (int at = 0; at < ids.size(); at += MOST_TASKS) {
      open.add(ids.subList(at, Math.min(ids.size(), at + MOST_TASKS)));
    }
    while (!open.isEmpty()) {
      if (!goOn.getAsBoolean()) {
        return false;
      }
      List<Long> next = open.remove();
      Part part;
      try {
        part = database.inTransaction(handle -> some(handle, next, now));
      } catch (ConnectionException e) {
        throw e;
      } catch (RuntimeException e) {
        if (next.size() == 1) {
          logger.error("The instances of task {} could not be made", next.get(0), e);
        } else {
          open.addFirst(next.subList(next.size() / 2, next.size()));
          open.addFirst(next.subList(0, next.size() / 2));
        }
        continue;
      }
      if (!part.left().isEmpty()) {
        open.addFirst(part.left());
      }
      follow.accept(part.made());
    }
    return true;
  }

  /** Makes what is to be there by now, of one task, within the given transaction. */
  public Made one(Handle handle, long id) {
    return some(handle, List.of(id), clock.instant()).made();
  }

  /**
   * What was made in one transaction.
   *
   * @param left tasks whose turn did not come, because there were many instances
   */
  private record Part(Made made, List<Long> left) {}

  private Part some(Handle handle, List<Long> ids, Instant now) {
    Map<Long, Task> locked = new HashMap<>();
    tasks.lock(handle, ids).forEach(task -> locked.put(task.id(), task));
    Map<Long, TaskVersion> versions = tasks.published(handle, locked.keySet());
    List<Plan> plans = new ArrayList<>();
    int wanted = 0;
    int done = 0;
    for (; done < ids.size() && wanted < MOST_INSTANCES; done++) {
      Task task = locked.get(ids.get(done));
      TaskVersion version = versions.get(ids.get(done));
      Plan plan = task == null || version == null ? null : plan(task, version, now);
      if (plan != null) {
        plans.add(plan);
        wanted += plan.wanted().size();
      }
    }
    return new Part(carryOut(handle, plans, now), ids.subList(done, ids.size()));
  }

  /**
   * What is to be made of a task.
   *
   * @param until how far it has come then
   */
  private record Plan(
      Task task,
      TaskVersion version,
      Schedule schedule,
      Instant until,
      List<Occurrence> wanted,
      List<CatchUp.Skipped> skipped) {}

  /** Null when there is nothing to do. */
  private @Nullable Plan plan(Task task, TaskVersion version, Instant now) {
    Schedule schedule = version.definition().schedule();
    if (schedule == null || task.recursFrom().toEpochMilli() == 0) {
      return null;
    }
    Instant from = task.generatedUntil();
    Instant until = horizon.of(schedule.zone(), clock);
    if (!from.isBefore(until)) {
      return null;
    }
    List<Occurrence> all = schedule.occurrences(from, until);
    CatchUp.Decision decision = decide(schedule, all, now);
    List<Occurrence> wanted = new ArrayList<>(decision.created());
    all.stream().filter(one -> !one.at().isBefore(now)).forEach(wanted::add);
    return new Plan(task, version, schedule, until, wanted, decision.skipped());
  }

  private Made carryOut(Handle handle, List<Plan> plans, Instant now) {
    List<Long> made = make(handle, plans, now);
    Map<Instant, List<Long>> until = new TreeMap<>();
    Map<Long, List<CatchUp.Skipped>> skipped = new LinkedHashMap<>();
    for (Plan plan : plans) {
      long id = plan.task().id();
      until.computeIfAbsent(plan.until(), key -> new ArrayList<>()).add(id);
      if (!plan.skipped().isEmpty()) {
        skipped.put(id, plan.skipped());
      }
    }
    until.forEach((time, ids) -> tasks.generatedUntil(handle, ids, time));
    return new Made(made, skipped, progression.advance(handle, made, now));
  }

  static CatchUp.Decision decide(Schedule schedule, List<Occurrence> all, Instant now) {
    List<Occurrence> missed = all.stream().filter(one -> one.at().isBefore(now)).toList();
    return schedule.catchUp().decide(missed, now, schedule.maximumLateness());
  }

  /** Makes those instances of the given occurrences that do not exist. */
  List<Long> make(
      Handle handle, Task task, TaskVersion version, Schedule schedule, List<Occurrence> wanted) {
    Plan plan = new Plan(task, version, schedule, task.generatedUntil(), wanted, List.of());
    return make(handle, List.of(plan), clock.instant());
  }

  private List<Long> make(Handle handle, List<Plan> plans, Instant now) {
    List<Lineage.Wanted> occurrences = new ArrayList<>();
    List<Blueprint> blueprints = new ArrayList<>();
    Map<String, Long> groupIds = new HashMap<>();
    for (Plan plan : plans) {
      String group = plan.version().definition().run().group();
      long groupId = groupIds.computeIfAbsent(group, name -> groups.get(handle, name).id());
      Blueprint blueprint = new Blueprint(plan.task(), plan.version(), groupId);
      for (Occurrence one : plan.wanted()) {
        occurrences.add(new Lineage.Wanted(plan.task().id(), plan.schedule(), one));
        blueprints.add(blueprint);
      }
    }
    if (occurrences.isEmpty()) {
      return List.of();
    }
    Set<Long> ids = plans.stream().map(plan -> plan.task().id()).collect(Collectors.toSet());
    List<List<NewInstance.Ancestor>> ancestors =
        new Lineage(handle, tasks, ids, now, (task, schedule) -> caughtUp(task, schedule, now))
            .of(occurrences);
    List<NewInstance> wanted = new ArrayList<>();
    for (int i = 0; i < occurrences.size(); i++) {
      wanted.add(blueprints.get(i).recurring(occurrences.get(i).occurrence(), ancestors.get(i)));
    }
    return instances.create(handle, wanted, clock.instant());
  }

  /** The times before now for which a task's instances are not made yet, and will be. */
  private static Set<Instant> caughtUp(Task task, Schedule schedule, Instant now) {
    Instant from = task.generatedUntil();
    List<Occurrence> missed = from.isBefore(now) ? schedule.occurrences(from, now) : List.of();
    return decide(schedule, missed, now).created().stream()
        .map(Occurrence::at)
        .collect(Collectors.toSet());
  }

  /**
   * Has newly published versions recur: from now on, or from tomorrow on. Instances of the versions
   * before that have not begun and come later than that are made anew.
   *
   * @param ids tasks whose rows are locked
   */
  public List<Made> published(Handle handle, List<Long> ids) {
    // All of them first: whose instances are made sees that the others' are to come.
    ids.forEach(id -> recur(handle, id));
    return ids.stream().map(id -> one(handle, id)).toList();
  }

  private void recur(Handle handle, long id) {
    Task task = tasks.get(handle, id);
    Schedule schedule = tasks.version(handle, id, task.published()).definition().schedule();
    Instant now = clock.instant();
    Instant from = schedule == null ? now : from(schedule, now);
    removeLater(handle, id, from);
    boolean recurs = task.recursFrom().toEpochMilli() != 0;
    if (schedule != null && (!recurs || from.isBefore(task.generatedUntil()))) {
      tasks.recurFrom(handle, id, from);
    }
  }

  private static Instant from(Schedule schedule, Instant now) {
    if (schedule.generation() == Generation.IMMEDIATE) {
      return now;
    }
    LocalDate today = now.atZone(schedule.zone()).toLocalDate();
    return today.plusDays(1).atStartOfDay(schedule.zone()).toInstant();
  }

  private static void removeLater(Handle handle, long task, Instant from) {
    List<Long> later =
        handle
            .createQuery(
                "SELECT id FROM instance WHERE task_id = :task AND kind = 'RECURRING'"
                    + " AND scheduled_at >= :from AND attempts = 0"
                    + " AND state IN ('NOT_RUN', 'WAITING_FOR_TIME') ORDER BY id FOR UPDATE")
            .bind("task", task)
            .bind("from", from.toEpochMilli())
            .mapTo(Long.class)
            .list();
    for (long id : later) {
      handle.execute("DELETE FROM instance_ancestor WHERE instance_id = ?", id);
      handle.execute("DELETE FROM instance WHERE id = ?", id);
    }
  }
}
