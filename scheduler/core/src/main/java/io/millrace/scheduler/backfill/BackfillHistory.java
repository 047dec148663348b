package io.millrace.scheduler.backfill;

import io.millrace.scheduler.store.Times;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Forgets backfills that ended long ago. Every call works within the given handle's transaction.
 * Stateless.
 */
final class BackfillHistory {

  /** Ended backfills with no instance but such as never began, because their ancestors failed. */
  private static final String OLD =
      "SELECT b.id FROM backfill b WHERE b.finished_at > 0 AND b.finished_at < :before"
          + " AND b.state IN ('SUCCEEDED', 'FAILED', 'CANCELLED') AND NOT EXISTS ("
          + "SELECT 1 FROM instance i WHERE i.run_key = b.id AND i.kind = 'BACKFILL'"
          + " AND (i.state <> 'NOT_RUN' OR i.changed_at >= :before)) ORDER BY b.id LIMIT 1";

  private static final String NEVER_BEGAN =
      "SELECT id FROM instance WHERE run_key = :id AND kind = 'BACKFILL' AND state = 'NOT_RUN'"
          + " AND changed_at < :before";

  /**
   * Removes one of the backfills that ended before a time, with its dates; to be called until it
   * returns false. Its instances are forgotten before it, as all others are.
   */
  boolean forget(Handle handle, Instant before) {
    Optional<Long> old =
        handle.createQuery(OLD).bind("before", Times.millis(before)).mapTo(Long.class).findOne();
    if (old.isEmpty()) {
      return false;
    }
    long id = old.get();
    // Somebody may run it again at this moment.
    boolean ended =
        handle
            .createQuery("SELECT finished_at FROM backfill WHERE id = :id FOR UPDATE")
            .bind("id", id)
            .mapTo(Long.class)
            .findOne()
            .filter(at -> at > 0 && at < Times.millis(before))
            .isPresent();
    if (ended) {
      removeNeverBegan(handle, id, before);
      handle.createUpdate("DELETE FROM backfill_step WHERE backfill_id = ?").bind(0, id).execute();
      handle.createUpdate("DELETE FROM backfill WHERE id = ?").bind(0, id).execute();
    }
    return true;
  }

  private static void removeNeverBegan(Handle handle, long id, Instant before) {
    List<Long> ids =
        handle
            .createQuery(NEVER_BEGAN + " ORDER BY id FOR UPDATE")
            .bind("id", id)
            .bind("before", Times.millis(before))
            .mapTo(Long.class)
            .list();
    for (long one : ids) {
      handle.execute("DELETE FROM instance_ancestor WHERE instance_id = ?", one);
      handle.execute("DELETE FROM attempt WHERE instance_id = ?", one);
      handle.execute("DELETE FROM instance WHERE id = ?", one);
    }
  }
}
