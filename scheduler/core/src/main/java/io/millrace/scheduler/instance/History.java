package io.millrace.scheduler.instance;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Forgets instances that ended long ago and that nobody waits for. Every call works within the
 * given handle's transaction. Stateless, so safe for use by several threads.
 */
public final class History {

  /**
   * An instance that another waits for, or would wait for again if it ran again. Of a backfill, its
   * end decides: until then, dates that are not opened yet may look at any of its instances.
   */
  private static final String WAITED_FOR =
      "(i.kind <> 'BACKFILL' AND EXISTS (SELECT 1 FROM instance_ancestor a"
          + " WHERE a.task_id = i.task_id AND a.scheduled_at = i.scheduled_at"
          + " AND a.run_key = i.run_key AND a.kind = i.kind AND NOT a.satisfied)"
          + " OR i.kind = 'BACKFILL' AND EXISTS (SELECT 1 FROM backfill b WHERE b.id = i.run_key"
          + " AND (b.finished_at = 0 OR b.finished_at >= :before)))";

  private static final String OLD =
      "SELECT i.id FROM instance i WHERE i.finished_at > 0 AND i.finished_at < :before"
          + " AND i.state IN ('SUCCEEDED', 'FAILED') AND NOT "
          + WAITED_FOR;

  /**
   * Removes some of the instances that ended before a time, with their attempts; to be called until
   * it returns 0. Those stay that others wait for. Instances that are not made yet need none: of a
   * task that recurs, the next is made every night, before anything is forgotten, and what is not
   * known then counts as no ancestor.
   *
   * @return how many were removed
   */
  public int forget(Handle handle, Instant before) {
    List<Long> found =
        handle
            .createQuery(OLD + " ORDER BY i.finished_at LIMIT " + Instances.CHUNK)
            .bind("before", before.toEpochMilli())
            .mapTo(Long.class)
            .list();
    if (found.isEmpty()) {
      return 0;
    }
    // Who comes to wait for one locks its row: what it has written by now is seen after that.
    Instances.lock(handle, found);
    List<Long> old =
        handle
            .createQuery(OLD + " AND i.id IN (<ids>)")
            .bind("before", before.toEpochMilli())
            .bindList("ids", found)
            .mapTo(Long.class)
            .list();
    if (old.isEmpty()) {
      return 0;
    }
    for (String from :
        List.of(
            "attempt WHERE instance_id",
            "instance_ancestor WHERE instance_id",
            "instance WHERE id")) {
      handle.createUpdate("DELETE FROM " + from + " IN (<ids>)").bindList("ids", old).execute();
    }
    return old.size();
  }

  /** True when the run directory of an instance may still be needed, to continue from. */
  public boolean isInUse(Handle handle, long instance) {
    return handle
            .createQuery(
                "SELECT COUNT(*) FROM instance i WHERE i.id = :id AND (i.state NOT IN ('SUCCEEDED',"
                    + " 'FAILED') OR i.state = 'FAILED' AND "
                    + WAITED_FOR
                    + ")")
            .bind("id", instance)
            .bind("before", Long.MAX_VALUE)
            .mapTo(Integer.class)
            .one()
        > 0;
  }
}
