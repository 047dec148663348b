package io.millrace.scheduler.backfill;

import io.millrace.scheduler.backfill.BackfillPlan.PlannedInstance;
import io.millrace.scheduler.backfill.Existing.Action;
import io.millrace.scheduler.instance.NewInstance;
import io.millrace.scheduler.task.Dependency;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the instances of a backfill wait for: the rules of {@link
 * io.millrace.scheduler.schedule.Alignment}, among what the backfill itself has. Where the previous
 * cycle is not part of it, the one before that is taken. What is skipped is not waited for, but
 * what it would have waited for is.
 */
final class Links {

  private final Map<Long, ScopedTask> tasks = new HashMap<>();
  private final boolean withinDates;
  private final Map<Long, NavigableMap<Instant, PlannedInstance>> all = new HashMap<>();
  private final Map<Long, Map<LocalDate, List<PlannedInstance>>> byDate = new HashMap<>();

  /**
   * @param withinDates true when no date may wait for another
   */
  Links(List<ScopedTask> scope, boolean withinDates) {
    scope.forEach(task -> tasks.put(task.id(), task));
    this.withinDates = withinDates;
  }

  /** Puts what is waited for into the instances that are made. */
  void add(NavigableMap<LocalDate, List<PlannedInstance>> planned) {
    if (tasks.values().stream().allMatch(task -> task.upstream().isEmpty())) {
      return;
    }
    planned.values().stream().flatMap(List::stream).forEach(this::register);
    planned.replaceAll(
        (date, list) ->
            list.stream().map(one -> one.action() == Action.SKIP ? one : linked(one)).toList());
  }

  private void register(PlannedInstance one) {
    all.computeIfAbsent(one.task(), key -> new TreeMap<>()).put(one.at(), one);
    byDate
        .computeIfAbsent(one.task(), key -> new HashMap<>())
        .computeIfAbsent(one.businessDate(), key -> new ArrayList<>())
        .add(one);
  }

  private PlannedInstance linked(PlannedInstance one) {
    Set<NewInstance.Ancestor> ancestors = new LinkedHashSet<>();
    Set<PlannedInstance> seen = new HashSet<>();
    Deque<PlannedInstance> open = new ArrayDeque<>(direct(one));
    while (!open.isEmpty()) {
      PlannedInstance ancestor = open.remove();
      if (ancestor.action() != Action.SKIP) {
        ancestors.add(new NewInstance.Ancestor(ancestor.task(), ancestor.at()));
      } else if (seen.add(ancestor)) {
        open.addAll(direct(ancestor));
      }
    }
    return new PlannedInstance(
        one.task(),
        one.at(),
        one.time(),
        one.businessDate(),
        one.action(),
        one.mode(),
        one.why(),
        one.slice(),
        List.copyOf(ancestors));
  }

  private List<PlannedInstance> direct(PlannedInstance one) {
    ScopedTask task = java.util.Objects.requireNonNull(tasks.get(one.task()));
    List<PlannedInstance> direct = new ArrayList<>();
    task.upstream()
        .forEach(
            (id, kind) -> {
              Collection<PlannedInstance> found =
                  kind == Dependency.Kind.SAME_CYCLE
                      ? sameCycle(task, one, id)
                      : previousCycle(task, one, id);
              found.stream()
                  .filter(it -> !withinDates || it.businessDate().equals(one.businessDate()))
                  .forEach(direct::add);
            });
    return direct;
  }

  private List<PlannedInstance> sameCycle(ScopedTask task, PlannedInstance one, long upstream) {
    NavigableMap<Instant, PlannedInstance> others = all.getOrDefault(upstream, new TreeMap<>());
    if (bothSubDaily(task, upstream)) {
      Map.Entry<Instant, PlannedInstance> latest = others.floorEntry(one.at());
      return latest != null && latest.getValue().businessDate().equals(one.businessDate())
          ? List.of(latest.getValue())
          : List.of();
    }
    return byDate.getOrDefault(upstream, Map.of()).getOrDefault(one.businessDate(), List.of());
  }

  private List<PlannedInstance> previousCycle(ScopedTask task, PlannedInstance one, long upstream) {
    NavigableMap<Instant, PlannedInstance> others = all.getOrDefault(upstream, new TreeMap<>());
    Instant before = one.at();
    if (bothSubDaily(task, upstream) && upstream != task.id()) {
      List<PlannedInstance> same = sameCycle(task, one, upstream);
      before = same.isEmpty() ? before : same.get(0).at();
    }
    Map.Entry<Instant, PlannedInstance> previous = others.lowerEntry(before);
    while (previous != null
        && !bothSubDaily(task, upstream)
        && !previous.getValue().businessDate().isBefore(one.businessDate())) {
      previous = others.lowerEntry(previous.getKey());
    }
    return previous == null ? List.of() : List.of(previous.getValue());
  }

  private boolean bothSubDaily(ScopedTask task, long upstream) {
    ScopedTask other = tasks.get(upstream);
    return task.isSubDaily() && other != null && other.isSubDaily();
  }
}
