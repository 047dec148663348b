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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the recurring instances of tasks up to the {@link Horizon}, each exactly once: how far it
 * has come is kept with the task, in the same transaction. What was missed while nothing ran is
 * made as the task's catch-up policy says. Safe for use by several threads and nodes.
 */
public final class Generator {

  private static final Logger logger = LoggerFactory.getLogger(Generator.class);

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
   * What was made for a task.
   *
   * @param skipped what was missed and is not made
   */
  public record Made(List<Long> ids, List<CatchUp.Skipped> skipped, Progression.Outcome outcome) {
    static final Made NOTHING = new Made(List.of(), List.of(), Progression.Outcome.NOTHING);
  }

  /** Takes what was made for one task, after it is durable. */
  @FunctionalInterface
  public interface Follow {
    void made(long task, Made made);
  }

  /** Makes what is to be there by now, of all tasks, one task after another. */
  public void all(Follow follow) {
    Instant until = horizon.next(clock);
    for (long id : database.with(handle -> tasks.toGenerate(handle, until))) {
      try {
        follow.made(id, database.inTransaction(handle -> one(handle, id)));
      } catch (RuntimeException e) {
        // One bad task must not keep the others from running.
        logger.error("The instances of task {} could not be made", id, e);
      }
    }
  }

  /** Makes what is to be there by now, of one task, within the given transaction. */
  public Made one(Handle handle, long id) {
    Optional<Task> locked = tasks.lock(handle, id);
    if (locked.isEmpty() || locked.get().published() == 0) {
      return Made.NOTHING;
    }
    Task task = locked.get();
    TaskVersion version = tasks.version(handle, id, task.published());
    Schedule schedule = version.definition().schedule();
    if (schedule == null || task.recursFrom().toEpochMilli() == 0) {
      return Made.NOTHING;
    }
    Instant from = task.generatedUntil();
    Instant to = horizon.of(schedule.zone(), clock);
    if (!from.isBefore(to)) {
      return Made.NOTHING;
    }
    Instant now = clock.instant();
    List<Occurrence> all = schedule.occurrences(from, to);
    CatchUp.Decision decision = decide(schedule, all, now);
    List<Occurrence> wanted = new ArrayList<>(decision.created());
    all.stream().filter(one -> !one.at().isBefore(now)).forEach(wanted::add);
    List<Long> made = make(handle, task, version, schedule, wanted);
    tasks.generatedUntil(handle, id, to);
    Progression.Outcome outcome = progression.advance(handle, made, now);
    return new Made(made, decision.skipped(), outcome);
  }

  static CatchUp.Decision decide(Schedule schedule, List<Occurrence> all, Instant now) {
    List<Occurrence> missed = all.stream().filter(one -> one.at().isBefore(now)).toList();
    return schedule.catchUp().decide(missed, now, schedule.maximumLateness());
  }

  /** Makes those instances of the given occurrences that do not exist. */
  List<Long> make(
      Handle handle, Task task, TaskVersion version, Schedule schedule, List<Occurrence> wanted) {
    if (wanted.isEmpty()) {
      return List.of();
    }
    Blueprint blueprint = Blueprint.of(handle, groups, task, version);
    Lineage lineage = new Lineage(handle, tasks, task, schedule);
    List<NewInstance> instancesWanted =
        wanted.stream().map(one -> blueprint.recurring(one, lineage.of(one))).toList();
    return instances.create(handle, instancesWanted, clock.instant());
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
