package io.millrace.scheduler.backfill;

import io.millrace.scheduler.task.Dependency;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.TaskVersion;
import io.millrace.scheduler.task.Tasks;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Finds the tasks that take part in a backfill. Stateless. */
final class Scoping {

  private final Tasks tasks;
  private final ZoneId zone;

  Scoping(Tasks tasks, ZoneId zone) {
    this.tasks = tasks;
    this.zone = zone;
  }

  /** Those that take part, ancestors before descendants. */
  List<ScopedTask> find(Handle handle, BackfillRequest request) {
    List<Task> roots = roots(handle, request);
    Map<Long, Task> all = new LinkedHashMap<>();
    roots.forEach(root -> all.put(root.id(), root));
    Map<Long, List<Long>> downstream = new HashMap<>();
    if (request.scope().descendants()) {
      addDescendants(handle, all, downstream);
    }
    Set<Long> run = running(request.scope(), roots, all.values());
    Set<Long> passed = passed(run, roots, downstream);
    Set<Long> in = new HashSet<>(run);
    in.addAll(passed);
    List<ScopedTask> scoped = new ArrayList<>();
    for (Task task : all.values()) {
      if (in.contains(task.id())) {
        scoped.add(scoped(handle, task, passed.contains(task.id()), in));
      }
    }
    return sorted(scoped);
  }

  private List<Task> roots(Handle handle, BackfillRequest request) {
    if (request.task() != null) {
      String name = request.task();
      return List.of(
          tasks
              .find(handle, name)
              .orElseThrow(() -> BackfillRequest.wrong("there is no task '" + name + "'")));
    }
    List<Long> ids =
        handle
            .createQuery(
                "SELECT t.id FROM task t JOIN workflow w ON w.id = t.workflow_id"
                    + " WHERE w.name = :name AND NOT t.deleted ORDER BY t.id")
            .bind("name", request.workflow())
            .mapTo(Long.class)
            .list();
    if (ids.isEmpty()) {
      throw BackfillRequest.wrong(
          "there is no workflow '" + request.workflow() + "', or it has no tasks");
    }
    return ids.stream().map(id -> tasks.get(handle, id)).toList();
  }

  private void addDescendants(
      Handle handle, Map<Long, Task> all, Map<Long, List<Long>> downstream) {
    Deque<Long> open = new ArrayDeque<>(all.keySet());
    while (!open.isEmpty()) {
      long at = open.remove();
      List<Long> next = tasks.downstream(handle, at);
      downstream.put(at, next);
      for (long id : next) {
        if (!all.containsKey(id)) {
          all.put(id, tasks.get(handle, id));
          open.add(id);
        }
      }
    }
  }

  private static Set<Long> running(
      BackfillRequest.Scope scope, List<Task> roots, Collection<Task> all) {
    Map<String, Long> ids = new HashMap<>();
    all.forEach(task -> ids.put(task.name(), task.id()));
    List<String> chosen = scope.chosen();
    Set<Long> run = new HashSet<>();
    if (chosen == null) {
      run.addAll(ids.values());
    } else {
      chosen.forEach(name -> run.add(known(ids, name)));
    }
    scope.excluded().forEach(name -> run.remove(known(ids, name)));
    for (Task root : roots) {
      if (scope.excluded().contains(root.name()) && roots.size() == 1) {
        throw BackfillRequest.wrong("task '" + root.name() + "' itself is excluded");
      }
      if (!scope.excluded().contains(root.name())) {
        run.add(root.id());
      }
    }
    return run;
  }

  private static long known(Map<String, Long> ids, String name) {
    Long id = ids.get(name);
    if (id == null) {
      throw BackfillRequest.wrong("scope names '" + name + "', which is not a descendant");
    }
    return id;
  }

  /** Those left out that stand between a root and one that runs. */
  private static Set<Long> passed(
      Set<Long> run, List<Task> roots, Map<Long, List<Long>> downstream) {
    Map<Long, List<Long>> upstream = new HashMap<>();
    downstream.forEach(
        (from, all) ->
            all.forEach(to -> upstream.computeIfAbsent(to, key -> new ArrayList<>()).add(from)));
    Set<Long> above = new LinkedHashSet<>();
    Deque<Long> open = new ArrayDeque<>(run);
    while (!open.isEmpty()) {
      for (long id : upstream.getOrDefault(open.remove(), List.of())) {
        if (above.add(id)) {
          open.add(id);
        }
      }
    }
    above.removeAll(run);
    return above;
  }

  private ScopedTask scoped(Handle handle, Task task, boolean left, Set<Long> in) {
    if (task.published() == 0) {
      throw BackfillRequest.wrong(
          "task '" + task.name() + "' has no published version; publish it first");
    }
    TaskVersion version = tasks.version(handle, task.id(), task.published());
    Map<Long, Dependency.Kind> upstream = new LinkedHashMap<>(tasks.upstream(handle, task.id()));
    upstream.keySet().retainAll(in);
    return new ScopedTask(
        task.name(),
        new ScopedTask.Described(version, task.workflowId()),
        task.frozen(),
        left,
        zone,
        upstream);
  }

  /** Takes away, again and again, those whose ancestors are all taken; what stays is a circle. */
  private static List<ScopedTask> sorted(List<ScopedTask> scoped) {
    List<ScopedTask> rest = new ArrayList<>(scoped);
    Set<Long> waiting = new HashSet<>();
    rest.forEach(task -> waiting.add(task.id()));
    List<ScopedTask> sorted = new ArrayList<>();
    while (!rest.isEmpty()) {
      List<ScopedTask> free =
          rest.stream().filter(task -> sameCycle(task).noneMatch(waiting::contains)).toList();
      if (free.isEmpty()) {
        throw BackfillRequest.wrong("the tasks' dependencies form a circle: " + circle(rest));
      }
      sorted.addAll(free);
      rest.removeAll(free);
      free.forEach(task -> waiting.remove(task.id()));
    }
    return sorted;
  }

  private static java.util.stream.Stream<Long> sameCycle(ScopedTask task) {
    return task.upstream().entrySet().stream()
        .filter(edge -> edge.getValue() == Dependency.Kind.SAME_CYCLE)
        .map(Map.Entry::getKey);
  }

  /** Each of the rest waits for another of the rest, so going upstream comes back somewhere. */
  private static String circle(List<ScopedTask> rest) {
    Map<Long, ScopedTask> byId = new HashMap<>();
    rest.forEach(task -> byId.put(task.id(), task));
    List<ScopedTask> path = new ArrayList<>();
    ScopedTask at = rest.get(0);
    while (!path.contains(at)) {
      path.add(at);
      at = byId.get(sameCycle(at).filter(byId::containsKey).findFirst().orElseThrow());
    }
    List<String> names = new ArrayList<>();
    path.subList(path.indexOf(at), path.size()).forEach(task -> names.add(task.name()));
    names.add(at.name());
    return String.join(" <- ", names);
  }
}
