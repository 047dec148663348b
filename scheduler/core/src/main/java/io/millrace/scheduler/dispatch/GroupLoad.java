package io.millrace.scheduler.dispatch;

import io.millrace.scheduler.group.ResourceGroup;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.Instances;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Who holds a group's slots and who waits for them. What it says is of one moment.
 *
 * @param used slots in use
 * @param usedByBackfills those of them that backfills use
 * @param running how many instances hold slots
 * @param waiting how many instances wait for slots
 */
public record GroupLoad(
    ResourceGroup group, int used, int usedByBackfills, long running, long waiting) {

  private static final int MOST = 500;

  /** How loaded a group is. */
  public static GroupLoad of(Handle handle, ResourceGroup group) {
    Queue.Use use = Queue.use(handle, group.id());
    return new GroupLoad(
        group,
        use.total(),
        use.backfill(),
        count(handle, group, "RUNNING"),
        count(handle, group, "WAITING_FOR_RESOURCES"));
  }

  private static long count(Handle handle, ResourceGroup group, String state) {
    return handle
        .createQuery("SELECT COUNT(*) FROM instance WHERE state = :state AND group_id = :group")
        .bind("state", state)
        .bind("group", group.id())
        .mapTo(Long.class)
        .one();
  }

  /** Those that hold slots, the first ones first; at most 500. */
  public static List<Instance> holders(Handle handle, ResourceGroup group) {
    return handle
        .createQuery(
            "SELECT * FROM instance WHERE state = 'RUNNING' AND group_id = :group"
                + " ORDER BY started_at, id LIMIT "
                + MOST)
        .bind("group", group.id())
        .map((row, context) -> Instances.instance(row))
        .list();
  }

  /**
   * Those that wait, in the order in which they get slots, backfills last; at most 500 of either.
   * Those whose task runs as often as it may are left out: they are not in the queue yet.
   */
  public static List<Instance> queue(Handle handle, ResourceGroup group) {
    List<Instance> queue = new ArrayList<>(Queue.waiting(handle, group.id(), false));
    queue.addAll(Queue.waiting(handle, group.id(), true));
    return queue;
  }
}
