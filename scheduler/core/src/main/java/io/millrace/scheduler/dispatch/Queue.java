package io.millrace.scheduler.dispatch;

import io.millrace.api.Counted;
import io.millrace.scheduler.group.ResourceGroup;
import io.millrace.scheduler.group.ResourceGroups;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.InstanceKind;
import io.millrace.scheduler.instance.Instances;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Who waits for a group's slots, and who gets them: by priority, then by age, nobody overtaking one
 * that needs more slots than are free. Backfills come after all others, but have a guaranteed
 * minimum. Every call works within the given handle's transaction. Stateless, so safe for use by
 * several threads.
 */
public final class Queue {

  private static final int WINDOW = 500;

  /** In the order of the queue, without those whose task runs as often as it may. */
  private static final String WAITING =
      "SELECT i.* FROM instance i WHERE i.state = 'WAITING_FOR_RESOURCES' AND i.group_id = :group"
          + " AND (i.kind = 'BACKFILL') = :backfill AND i.max_parallel >"
          + " (SELECT COUNT(*) FROM instance r WHERE r.task_id = i.task_id AND r.state = 'RUNNING')"
          + " ORDER BY i.priority DESC, i.ready_at, i.id LIMIT "
          + WINDOW;

  private final ResourceGroups groups;
  private final Attempts attempts;
  private final Launcher launcher;

  public Queue(ResourceGroups groups, Attempts attempts, Launcher launcher) {
    this.launcher = launcher;
    this.groups = groups;
    this.attempts = attempts;
  }

  /** Gives out the free slots of a group: those returned are RUNNING on the node. */
  List<Picked> pick(Handle handle, long groupId, Node node, Clock clock) {
    Optional<ResourceGroup> locked = groups.lock(handle, groupId);
    if (locked.isEmpty()) {
      return List.of();
    }
    ResourceGroup group = locked.get();
    Use use = use(handle, groupId);
    if (use.total() >= group.slots()) {
      return List.of();
    }
    List<Instance> others = waiting(handle, groupId, false);
    List<Instance> backfills = waiting(handle, groupId, true);
    List<Instance> chosen = choose(group, use, others, backfills, running(handle));
    String holders = holders(handle, groupId);
    // Not before: what an instance has waited for ended before it begins.
    Instant now = clock.instant();
    List<Picked> picked = new ArrayList<>();
    for (Instance instance : chosen) {
      if (take(handle, instance, node, now)) {
        launcher.reserve(instance, instance.attempts() + 1);
        attempts.begin(handle, instance, instance.attempts() + 1, node, now);
        picked.add(
            new Picked(
                instance,
                instance.attempts() + 1,
                group,
                node,
                waited(instance, group, use, holders, now)));
      }
    }
    return picked;
  }

  private static List<Instance> choose(
      ResourceGroup group,
      Use use,
      List<Instance> others,
      List<Instance> backfills,
      Map<Long, Integer> running) {
    List<Instance> chosen = new ArrayList<>();
    int free = group.slots() - use.total();
    int kept = reserve(group, use, backfills);
    boolean othersWait = false;
    for (Instance one : others) {
      if (isAtItsLimit(one, running)) {
        continue;
      }
      if (one.slots() > free - kept) {
        othersWait = true;
        break;
      }
      free -= one.slots();
      running.merge(one.taskId(), 1, Integer::sum);
      chosen.add(one);
    }
    int backfill = use.backfill();
    for (Instance one : backfills) {
      if (isAtItsLimit(one, running)) {
        continue;
      }
      boolean guaranteed =
          backfill + one.slots() <= group.backfillMinimum()
              || (backfill == 0 && group.backfillMinimum() > 0);
      if (one.slots() > free || (othersWait && !guaranteed)) {
        break;
      }
      free -= one.slots();
      backfill += one.slots();
      running.merge(one.taskId(), 1, Integer::sum);
      chosen.add(one);
    }
    return chosen;
  }

  /** Slots that others leave to the first backfill that waits, so that it gets its minimum. */
  private static int reserve(ResourceGroup group, Use use, List<Instance> backfills) {
    if (backfills.isEmpty() || group.backfillMinimum() == 0) {
      return 0;
    }
    int first = backfills.get(0).slots();
    boolean due = use.backfill() == 0 || use.backfill() + first <= group.backfillMinimum();
    return due ? first : 0;
  }

  private static boolean isAtItsLimit(Instance one, Map<Long, Integer> running) {
    return running.getOrDefault(one.taskId(), 0) >= one.maxParallel();
  }

  /** How many instances of each task run. */
  private static Map<Long, Integer> running(Handle handle) {
    Map<Long, Integer> running = new HashMap<>();
    handle
        .createQuery(
            "SELECT task_id, COUNT(*) FROM instance WHERE state = 'RUNNING' GROUP BY task_id")
        .map((row, context) -> Map.entry(row.getLong(1), row.getInt(2)))
        .forEach(entry -> running.put(entry.getKey(), entry.getValue()));
    return running;
  }

  private static boolean take(Handle handle, Instance instance, Node node, Instant now) {
    return handle
            .createUpdate(
                "UPDATE instance SET state = 'RUNNING', reason = '', node = :node, epoch = :epoch,"
                    + " stop_reason = '', attempts = attempts + 1, changed_at = :now,"
                    + " started_at = :now, finished_at = 0"
                    + " WHERE id = :id AND state = 'WAITING_FOR_RESOURCES'")
            .bind("id", instance.id())
            .bind("node", node.name())
            .bind("epoch", node.epoch())
            .bind("now", now.toEpochMilli())
            .execute()
        == 1;
  }

  private static List<String> waited(
      Instance instance, ResourceGroup group, Use use, String holders, Instant now) {
    Instant since = instance.readyAt();
    if (since == null || Duration.between(since, now).compareTo(Duration.ofSeconds(1)) < 0) {
      return List.of();
    }
    return List.of(
        "waited "
            + Duration.between(since, now).toMillis() / 1000.0
            + " s for "
            + instance.slots()
            + " of "
            + Counted.of(group.slots(), "slot", "slots")
            + " of resource group "
            + group.name()
            + "; "
            + use.total()
            + " are held by "
            + (holders.isEmpty() ? "nobody" : holders));
  }

  /** Slots in use. */
  record Use(int total, int backfill) {}

  static Use use(Handle handle, long groupId) {
    return handle
        .createQuery(
            "SELECT COALESCE(SUM(slots), 0) AS total, COALESCE(SUM(CASE WHEN kind = :backfill"
                + " THEN slots ELSE 0 END), 0) AS backfill FROM instance"
                + " WHERE state = 'RUNNING' AND group_id = :group")
        .bind("group", groupId)
        .bind("backfill", InstanceKind.BACKFILL.name())
        .map((row, context) -> new Use(row.getInt("total"), row.getInt("backfill")))
        .one();
  }

  static List<Instance> waiting(Handle handle, long groupId, boolean backfill) {
    return handle
        .createQuery(WAITING)
        .bind("group", groupId)
        .bind("backfill", backfill)
        .map((row, context) -> Instances.instance(row))
        .list();
  }

  /** Who holds a group's slots, in words. */
  static String holders(Handle handle, long groupId) {
    return handle
        .createQuery(
            "SELECT id, slots FROM instance WHERE state = 'RUNNING' AND group_id = :group"
                + " ORDER BY started_at, id LIMIT 20")
        .bind("group", groupId)
        .map((row, context) -> row.getLong("id") + " (" + row.getInt("slots") + ")")
        .stream()
        .collect(Collectors.joining(", "));
  }
}
