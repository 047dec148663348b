package io.millrace.scheduler.instance;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Forgets instances that ended long ago. Every call works within the given handle's transaction.
 * Stateless, so safe for use by several threads.
 */
public final class History {

  /**
   * Removes some of the instances that ended before a time, with their attempts; to be called until
   * it returns 0.
   *
   * @return how many were removed
   */
  public int forget(Handle handle, Instant before) {
    List<Long> old =
        handle
            .createQuery(
                "SELECT id FROM instance WHERE finished_at > 0 AND finished_at < :before"
                    + " AND state IN ('SUCCEEDED', 'FAILED') ORDER BY finished_at LIMIT "
                    + Instances.CHUNK)
            .bind("before", before.toEpochMilli())
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
}
