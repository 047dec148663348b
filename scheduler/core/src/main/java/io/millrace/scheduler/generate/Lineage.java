package io.millrace.scheduler.generate;

import io.millrace.scheduler.instance.NewInstance;
import io.millrace.scheduler.schedule.Alignment;
import io.millrace.scheduler.schedule.Occurrence;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.task.Dependency;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.Tasks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Which instances the recurring instances of one task wait for. What was never made, and never will
 * be, is not waited for. Used within one transaction by one thread.
 */
final class Lineage {

  private final Handle handle;
  private final Schedule schedule;
  private final Map<Long, Dependency.Kind> upstream;
  private final Map<Long, Upstream> known = new HashMap<>();
  private final Map<Long, Set<Instant>> made = new HashMap<>();

  /**
   * @param schedule the one of the task whose instances wait
   */
  Lineage(Handle handle, Tasks tasks, Task task, Schedule schedule) {
    this.handle = handle;
    this.schedule = schedule;
    this.upstream = tasks.upstream(handle, task.id());
    for (long id : upstream.keySet()) {
      tasks
          .find(handle, id)
          .filter(other -> other.published() > 0)
          .ifPresent(
              other ->
                  known.put(
                      id,
                      new Upstream(
                          other,
                          tasks.version(handle, id, other.published()).definition().schedule())));
    }
  }

  List<NewInstance.Ancestor> of(Occurrence occurrence) {
    Set<NewInstance.Ancestor> ancestors = new LinkedHashSet<>();
    known.forEach(
        (id, other) -> {
          Schedule theirs = other.schedule();
          if (theirs == null) {
            return;
          }
          List<Occurrence> wanted =
              upstream.get(id) == Dependency.Kind.SAME_CYCLE
                  ? Alignment.sameCycle(schedule, occurrence, theirs)
                  : Alignment.previousCycle(schedule, occurrence, theirs).stream().toList();
          for (Occurrence one : wanted) {
            if (exists(other.task(), one.at())) {
              ancestors.add(new NewInstance.Ancestor(id, one.at()));
            }
          }
        });
    return new ArrayList<>(ancestors);
  }

  /** True when it is there, or will be made. */
  private boolean exists(Task other, Instant at) {
    if (other.recursFrom().toEpochMilli() == 0 || at.isBefore(other.recursFrom())) {
      return false;
    }
    return !at.isBefore(other.generatedUntil())
        || made.computeIfAbsent(other.id(), id -> new HashSet<>()).contains(at)
        || isStored(other.id(), at);
  }

  private boolean isStored(long task, Instant at) {
    boolean stored =
        handle
                .createQuery(
                    "SELECT COUNT(*) FROM instance WHERE task_id = :task AND kind = 'RECURRING'"
                        + " AND scheduled_at = :at AND run_key = 0")
                .bind("task", task)
                .bind("at", at.toEpochMilli())
                .mapTo(Integer.class)
                .one()
            > 0;
    if (stored) {
      made.computeIfAbsent(task, id -> new HashSet<>()).add(at);
    }
    return stored;
  }

  private record Upstream(Task task, @Nullable Schedule schedule) {}
}
