package io.millrace.scheduler.dispatch;

import io.millrace.api.Counted;
import io.millrace.scheduler.group.ResourceGroup;
import io.millrace.scheduler.group.ResourceGroups;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.InstanceKind;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Says why an instance has not begun: which ancestors, what time, which slots and who holds them.
 * Every call works within the given handle's transaction. Stateless, so safe for use by several
 * threads.
 */
public final class Waiting {

  private static final int SHOWN = 20;

  private final ResourceGroups groups;

  public Waiting(ResourceGroups groups) {
    this.groups = groups;
  }

  /** The reasons, one line each; of one that does not wait, that and its state. */
  public List<String> reasons(Handle handle, Instance instance) {
    return switch (instance.state()) {
      case NOT_RUN -> ancestors(handle, instance);
      case WAITING_FOR_TIME -> List.of("its time is " + instance.dueAt());
      case WAITING_FOR_RESOURCES -> resources(handle, instance);
      case FROZEN -> List.of(instance.reason() + "; unfreeze it");
      case RUNNING -> List.of("it does not wait: it is running");
      default -> List.of("it does not wait: it has ended, and is " + instance.state());
    };
  }

  private static List<String> ancestors(Handle handle, Instance instance) {
    return handle
        .createQuery(
            "SELECT t.name, a.scheduled_at, u.id, u.state FROM instance_ancestor a"
                + " JOIN task t ON t.id = a.task_id LEFT JOIN instance u"
                + " ON u.task_id = a.task_id AND u.kind = a.kind"
                + " AND u.scheduled_at = a.scheduled_at AND u.run_key = a.run_key"
                + " WHERE a.instance_id = :id AND NOT a.satisfied"
                + " ORDER BY a.scheduled_at, t.name LIMIT "
                + SHOWN)
        .bind("id", instance.id())
        .map(
            (row, context) -> {
              String which =
                  "task '"
                      + row.getString("name")
                      + "' for "
                      + java.time.Instant.ofEpochMilli(row.getLong("scheduled_at"));
              String state = row.getString("state");
              return state == null
                  ? which + ", which has no instance yet"
                  : which + ": instance " + row.getLong("id") + " is " + state;
            })
        .list();
  }

  private List<String> resources(Handle handle, Instance instance) {
    List<String> reasons = new ArrayList<>();
    long running =
        handle
            .createQuery(
                "SELECT COUNT(*) FROM instance WHERE task_id = :task AND state = 'RUNNING'")
            .bind("task", instance.taskId())
            .mapTo(Long.class)
            .one();
    if (running >= instance.maxParallel()) {
      reasons.add(
          Counted.of(running, "instance of its task runs", "instances of its task run")
              + ", which allows "
              + instance.maxParallel()
              + " at once");
      return reasons;
    }
    ResourceGroup group = groups.get(handle, instance.groupId());
    Queue.Use use = Queue.use(handle, group.id());
    boolean backfill = instance.kind() == InstanceKind.BACKFILL;
    List<Instance> queue = new ArrayList<>(Queue.waiting(handle, group.id(), false));
    int others = queue.size();
    queue.addAll(Queue.waiting(handle, group.id(), true));
    int position = 1 + queue.stream().map(Instance::id).toList().indexOf(instance.id());
    String holders = Queue.holders(handle, group.id());
    reasons.add(
        "needs "
            + instance.slots()
            + " of "
            + Counted.of(group.slots(), "slot", "slots")
            + " of resource group "
            + group.name()
            + "; "
            + use.total()
            + " are held by "
            + (holders.isEmpty() ? "nobody" : "instances (slots) " + holders));
    reasons.add(
        position == 0
            ? "it is far behind in the queue"
            : "it is number " + position + " in the queue");
    if (instance.slots() > group.slots()) {
      reasons.add(
          "it will never fit: enlarge the group to "
              + Counted.of(instance.slots(), "slot", "slots"));
    }
    if (backfill && others > 0) {
      reasons.add(
          others
              + " that are no backfill go first; backfills have a minimum of "
              + Counted.of(group.backfillMinimum(), "slot", "slots"));
    }
    return reasons;
  }
}
