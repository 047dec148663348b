package io.millrace.scheduler.backfill;

import io.millrace.scheduler.schedule.Occurrence;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.task.Dependency;
import io.millrace.scheduler.task.TaskVersion;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task that takes part in a backfill. Immutable.
 *
 * @param frozen its instances fail at their time
 * @param left it stands between two that take part, and is only passed
 * @param zone whose dates count for a task without schedule
 * @param upstream the tasks in scope that it waits for
 */
record ScopedTask(
    String name,
    Described described,
    boolean frozen,
    boolean left,
    ZoneId zone,
    Map<Long, Dependency.Kind> upstream) {

  /**
   * A task's version and the workflow that the task is in.
   *
   * @param workflowId null for none
   */
  record Described(TaskVersion version, @Nullable Long workflowId) {
    /** As parameters name it. */
    long workflow() {
      return workflowId == null ? 0 : workflowId;
    }

    /** The date of an instant in the task's zone, or in the given one when it has no schedule. */
    LocalDate today(Instant now, ZoneId zone) {
      Schedule schedule = version.definition().schedule();
      return now.atZone(schedule == null ? zone : schedule.zone()).toLocalDate();
    }
  }

  TaskVersion version() {
    return described.version();
  }

  long id() {
    return version().taskId();
  }

  @Nullable Schedule schedule() {
    return version().definition().schedule();
  }

  /** True when it has several scheduled times a day. */
  boolean isSubDaily() {
    Schedule schedule = schedule();
    return schedule != null && schedule.cycle().isSubDaily();
  }

  /** Its occurrences of a business date; without schedule, one when the next day begins. */
  List<Occurrence> occurrences(LocalDate businessDate) {
    Schedule schedule = schedule();
    if (schedule != null) {
      return schedule.occurrencesOf(businessDate);
    }
    LocalDateTime time = businessDate.plusDays(1).atStartOfDay();
    return List.of(new Occurrence(time.atZone(zone).toInstant(), time, businessDate, false, ""));
  }
}
