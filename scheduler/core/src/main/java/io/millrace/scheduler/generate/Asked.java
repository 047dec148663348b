package io.millrace.scheduler.generate;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.scheduler.group.ResourceGroups;
import io.millrace.scheduler.instance.InstanceKind;
import io.millrace.scheduler.instance.Instances;
import io.millrace.scheduler.instance.NewInstance;
import io.millrace.scheduler.instance.Progression;
import io.millrace.scheduler.parameter.Occasion;
import io.millrace.scheduler.schedule.Occurrence;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.TaskVersion;
import io.millrace.scheduler.task.Tasks;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Makes the instances that somebody asks for. Every call works within the given handle's
 * transaction. Safe for use by several threads.
 */
public final class Asked {

  private final Tasks tasks;
  private final ResourceGroups groups;
  private final Instances instances;
  private final Progression progression;
  private final ZoneId zone;
  private final Clock clock;

  /**
   * @param zone of tasks without a schedule
   */
  public Asked(
      Tasks tasks,
      ResourceGroups groups,
      Instances instances,
      Progression progression,
      ZoneId zone,
      Clock clock) {
    this.tasks = tasks;
    this.groups = groups;
    this.instances = instances;
    this.progression = progression;
    this.zone = zone;
    this.clock = clock;
  }

  /** The instance, and what came of moving it on. */
  public record Made(long id, Progression.Outcome outcome) {}

  /**
   * A test instance for a business date, at the first time of the schedule that day. It runs once
   * that time has come.
   */
  public Made test(Handle handle, long id, LocalDate businessDate) {
    TaskVersion version = version(handle, id);
    Schedule schedule = version.definition().schedule();
    ZoneId taskZone = schedule == null ? zone : schedule.zone();
    LocalDateTime midnight = businessDate.plusDays(1).atStartOfDay();
    Occurrence fallback =
        new Occurrence(midnight.atZone(taskZone).toInstant(), midnight, businessDate, false, "");
    Occurrence occurrence =
        schedule == null
            ? fallback
            : schedule.effective(null, null).occurrencesOf(businessDate).stream()
                .findFirst()
                // A test runs real code, also on a day on which the task would not.
                .map(one -> new Occurrence(one.at(), one.time(), businessDate, false, ""))
                .orElse(fallback);
    return make(handle, version, InstanceKind.TEST, occurrence, occurrence.at());
  }

  /** An instance that runs now, with the values of now. */
  public Made manual(Handle handle, long id) {
    TaskVersion version = version(handle, id);
    Schedule schedule = version.definition().schedule();
    ZoneId taskZone = schedule == null ? zone : schedule.zone();
    Instant now = Instant.ofEpochSecond(clock.instant().getEpochSecond());
    LocalDateTime time = LocalDateTime.ofInstant(now, taskZone);
    Occurrence occurrence = new Occurrence(now, time, time.toLocalDate().minusDays(1), false, "");
    return make(handle, version, InstanceKind.MANUAL, occurrence, now);
  }

  private TaskVersion version(Handle handle, long id) {
    Task task = tasks.lock(handle, id).orElseThrow(() -> wrong("there is no task " + id));
    if (task.published() == 0) {
      throw wrong("task '" + task.name() + "' has no published version; publish it first");
    }
    return tasks.version(handle, id, task.published());
  }

  private Made make(
      Handle handle, TaskVersion version, InstanceKind kind, Occurrence occurrence, Instant dueAt) {
    long runKey =
        1
            + handle
                .createQuery(
                    "SELECT COALESCE(MAX(run_key), 0) FROM instance"
                        + " WHERE task_id = :task AND kind = :kind")
                .bind("task", version.taskId())
                .bind("kind", kind.name())
                .mapTo(Long.class)
                .one();
    Blueprint blueprint =
        Blueprint.of(handle, groups, tasks.get(handle, version.taskId()), version);
    NewInstance wanted =
        blueprint.asked(
            kind,
            runKey,
            occurrence,
            dueAt,
            Occasion.recurring(occurrence.businessDate(), occurrence.time()));
    List<Long> made = instances.create(handle, List.of(wanted), clock.instant());
    return new Made(made.get(0), progression.advance(handle, made, clock.instant()));
  }

  private static MillraceException wrong(String what) {
    return new MillraceException(StandardError.CONFIGURATION, what);
  }
}
