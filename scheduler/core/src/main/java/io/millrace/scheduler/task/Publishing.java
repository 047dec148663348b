package io.millrace.scheduler.task;

import io.millrace.api.Counted;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.scheduler.error.SchedulerError;
import io.millrace.scheduler.group.ResourceGroup;
import io.millrace.scheduler.group.ResourceGroups;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Makes drafts versions that instances are made of, after checking that they can run. Works within
 * the given handle's transaction.
 */
public final class Publishing {

  private final Tasks tasks;
  private final ResourceGroups groups;
  private final ScriptCheck check;

  public Publishing(Tasks tasks, ResourceGroups groups, ScriptCheck check) {
    this.tasks = tasks;
    this.groups = groups;
    this.check = check;
  }

  /** Who publishes, when, and what they say of it. */
  public record By(String who, Instant at, String note) {}

  /**
   * Publishes the draft of a task.
   *
   * @throws MillraceException in one line, when it cannot run: a bad script, an unknown group or
   *     task, or a circle of dependencies, which is shown
   */
  public TaskVersion publish(Handle handle, long id, By by) {
    Task task = tasks.lock(handle, id).orElseThrow(() -> wrong("there is no task " + id));
    if (!task.hasDraft()) {
      throw SchedulerError.conflict(
          "task '" + task.name() + "' has no draft to publish; change it first");
    }
    return publish(handle, List.of(task), by).get(0);
  }

  /**
   * Publishes drafts together: all or, when one of them cannot run, none. They may depend on each
   * other in any order, and exchange who waits for whom.
   *
   * @param drafts tasks that have a draft, whose rows are locked
   * @return the versions, in the order of the drafts
   * @throws MillraceException as for one
   */
  public List<TaskVersion> publish(Handle handle, List<Task> drafts, By by) {
    List<Integer> slots = new ArrayList<>();
    List<TaskDefinition> definitions = new ArrayList<>();
    for (Task task : drafts) {
      TaskDefinition definition = tasks.draft(handle, task.id());
      definitions.add(definition);
      slots.add(slots(handle, task, definition));
      tasks.dependencies(handle, task.id(), upstream(handle, task, definition));
    }
    // Only now: between the old and the new dependencies there may be a circle that is in neither.
    drafts.forEach(task -> refuseCircle(handle, task));
    List<TaskVersion> versions = new ArrayList<>();
    for (int i = 0; i < drafts.size(); i++) {
      Task task = drafts.get(i);
      int version = tasks.addVersion(handle, task, definitions.get(i), slots.get(i), by);
      versions.add(tasks.version(handle, task.id(), version));
    }
    return versions;
  }

  private int slots(Handle handle, Task task, TaskDefinition definition) {
    int slots =
        definition.kind() == TaskKind.ZERO_LOAD ? 0 : check.channels(task.name(), definition);
    ResourceGroup group = groups.get(handle, definition.run().group());
    if (slots > group.slots()) {
      throw wrong(
          "task '"
              + task.name()
              + "' uses "
              + Counted.of(slots, "channel", "channels")
              + ", but resource group '"
              + group.name()
              + "' has "
              + Counted.of(group.slots(), "slot", "slots")
              + "; lower its channels or enlarge the group");
    }
    return slots;
  }

  private Map<Long, Dependency.Kind> upstream(Handle handle, Task task, TaskDefinition definition) {
    Map<Long, Dependency.Kind> upstream = new LinkedHashMap<>();
    for (Dependency dependency : definition.dependencies()) {
      Task other =
          tasks
              .find(handle, dependency.task())
              .orElseThrow(
                  () ->
                      wrong(
                          "task '"
                              + task.name()
                              + "' depends on '"
                              + dependency.task()
                              + "', which does not exist"));
      if (other.id() == task.id() && dependency.kind() == Dependency.Kind.SAME_CYCLE) {
        throw wrong("task '" + task.name() + "' depends on itself in the same cycle");
      }
      if (upstream.put(other.id(), dependency.kind()) != null) {
        throw wrong("task '" + task.name() + "' depends on '" + other.name() + "' twice");
      }
    }
    return upstream;
  }

  /** Walks upstream from the task; coming back to it is a circle. */
  private void refuseCircle(Handle handle, Task task) {
    Map<Long, @Nullable Long> cameFrom = new LinkedHashMap<>();
    Deque<Long> open = new ArrayDeque<>();
    open.add(task.id());
    while (!open.isEmpty()) {
      long at = open.remove();
      for (Map.Entry<Long, Dependency.Kind> edge : tasks.upstream(handle, at).entrySet()) {
        if (edge.getValue() != Dependency.Kind.SAME_CYCLE) {
          continue;
        }
        if (edge.getKey() == task.id()) {
          throw wrong("dependencies form a circle: " + path(handle, cameFrom, at, task));
        }
        if (!cameFrom.containsKey(edge.getKey())) {
          cameFrom.put(edge.getKey(), at);
          open.add(edge.getKey());
        }
      }
    }
  }

  private String path(Handle handle, Map<Long, @Nullable Long> cameFrom, long last, Task task) {
    StringBuilder path = new StringBuilder(task.name());
    Long at = last;
    Deque<String> names = new ArrayDeque<>();
    while (at != null && at != task.id()) {
      names.push(tasks.get(handle, at).name());
      at = Objects.requireNonNullElse(cameFrom.get(at), task.id());
    }
    names.forEach(name -> path.append(" <- ").append(name));
    return path.append(" <- ").append(task.name()).toString();
  }

  private static MillraceException wrong(String what) {
    return new MillraceException(StandardError.CONFIGURATION, what);
  }
}
