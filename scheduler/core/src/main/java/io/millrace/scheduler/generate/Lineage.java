package io.millrace.scheduler.generate;

import io.millrace.scheduler.instance.Instances;
import io.millrace.scheduler.instance.NewInstance;
import io.millrace.scheduler.schedule.Alignment;
import io.millrace.scheduler.schedule.Occurrence;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.store.Times;
import io.millrace.scheduler.task.Dependency;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.TaskVersion;
import io.millrace.scheduler.task.Tasks;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Which instances the recurring instances of some tasks wait for. What was never made, and never
 * will be, is not waited for; in which order tasks are made does not matter. Used within one
 * transaction by one thread.
 */
final class Lineage {

  private final Handle handle;
  private final Instant now;
  private final BiFunction<Task, Schedule, Set<Instant>> missed;
  private final Map<Long, Map<Long, Dependency.Kind>> upstream;
  private final Map<Long, Upstream> known = new HashMap<>();
  private final Map<Long, Set<Instant>> caughtUp = new HashMap<>();

  /**
   * @param ids the tasks whose instances wait
   * @param missed the times before now for which a task's instances are not made yet, and will be
   */
  Lineage(
      Handle handle,
      Tasks tasks,
      Collection<Long> ids,
      Instant now,
      BiFunction<Task, Schedule, Set<Instant>> missed) {
    this.handle = handle;
    this.now = now;
    this.missed = missed;
    this.upstream = tasks.upstream(handle, ids);
    Set<Long> others =
        upstream.values().stream()
            .flatMap(edges -> edges.keySet().stream())
            .collect(Collectors.toSet());
    Map<Long, TaskVersion> versions = tasks.published(handle, others);
    for (Task other : tasks.all(handle, others)) {
      TaskVersion version = versions.get(other.id());
      Schedule schedule = version == null ? null : version.definition().schedule();
      if (schedule != null && other.recursFrom().toEpochMilli() != 0) {
        known.put(other.id(), new Upstream(other, schedule));
      }
    }
  }

  /** An occurrence of a task, of which an instance is to be made. */
  record Wanted(long task, Schedule schedule, Occurrence occurrence) {}

  private record Upstream(Task task, Schedule schedule) {}

  /** What they wait for, in the same order. */
  List<List<NewInstance.Ancestor>> of(List<Wanted> wanted) {
    List<List<NewInstance.Ancestor>> aligned = wanted.stream().map(this::aligned).toList();
    Set<NewInstance.Ancestor> stored =
        stored(
            aligned.stream()
                .flatMap(List::stream)
                .filter(this::isDecided)
                .collect(Collectors.toSet()));
    return aligned.stream()
        .map(
            some ->
                some.stream()
                    .filter(one -> isDecided(one) ? stored.contains(one) : isToCome(one))
                    .toList())
        .toList();
  }

  /** What it would wait for, if all of that existed. */
  private List<NewInstance.Ancestor> aligned(Wanted one) {
    Set<NewInstance.Ancestor> ancestors = new LinkedHashSet<>();
    upstream
        .getOrDefault(one.task(), Map.of())
        .forEach(
            (id, kind) -> {
              Upstream other = known.get(id);
              if (other != null) {
                aligned(one, kind, other.schedule()).stream()
                    .filter(each -> !each.at().isBefore(other.task().recursFrom()))
                    .forEach(each -> ancestors.add(new NewInstance.Ancestor(id, each.at())));
              }
            });
    return List.copyOf(ancestors);
  }

  private static List<Occurrence> aligned(Wanted one, Dependency.Kind kind, Schedule theirs) {
    return kind == Dependency.Kind.SAME_CYCLE
        ? Alignment.sameCycle(one.schedule(), one.occurrence(), theirs)
        : Alignment.previousCycle(one.schedule(), one.occurrence(), theirs).stream().toList();
  }

  /** True when it has been made already, or never will be. */
  private boolean isDecided(NewInstance.Ancestor one) {
    return one.scheduledAt().isBefore(upstream(one).task().generatedUntil());
  }

  private boolean isToCome(NewInstance.Ancestor one) {
    if (!one.scheduledAt().isBefore(now)) {
      return true;
    }
    Upstream other = upstream(one);
    return caughtUp
        .computeIfAbsent(one.taskId(), id -> missed.apply(other.task(), other.schedule()))
        .contains(one.scheduledAt());
  }

  private Upstream upstream(NewInstance.Ancestor one) {
    return Objects.requireNonNull(known.get(one.taskId()));
  }

  /**
   * Those that exist. They are locked: none is forgotten before somebody is seen to wait for it.
   */
  private Set<NewInstance.Ancestor> stored(Set<NewInstance.Ancestor> some) {
    if (some.isEmpty()) {
      return Set.of();
    }
    LongSummaryStatistics times =
        some.stream().mapToLong(one -> one.scheduledAt().toEpochMilli()).summaryStatistics();
    Map<Long, NewInstance.Ancestor> found = new HashMap<>();
    handle
        .createQuery(
            "SELECT i.id, i.task_id, i.scheduled_at FROM task t JOIN instance i"
                + " ON i.task_id = t.id AND i.kind = 'RECURRING' AND i.run_key = 0"
                + " AND i.scheduled_at BETWEEN :least AND :most WHERE t.id IN (<tasks>)")
        .bindList(
            "tasks", some.stream().map(NewInstance.Ancestor::taskId).collect(Collectors.toSet()))
        .bind("least", times.getMin())
        .bind("most", times.getMax())
        .map(
            (row, context) ->
                Map.entry(
                    row.getLong("id"),
                    new NewInstance.Ancestor(
                        row.getLong("task_id"), Times.required(row, "scheduled_at"))))
        .stream()
        .filter(entry -> some.contains(entry.getValue()))
        .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
    found.keySet().retainAll(Instances.lock(handle, found.keySet()));
    return Set.copyOf(found.values());
  }
}
