package io.millrace.scheduler.backfill;

import io.millrace.scheduler.backfill.BackfillPlan.PlannedTask;
import io.millrace.scheduler.store.Json;
import io.millrace.scheduler.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The backfills in the store; their dates are with {@link BackfillDates}, their instances with
 * {@link BackfillInstances}. Every call works within the given handle's transaction. Stateless.
 */
final class BackfillStore {

  /** What the column plan holds. */
  record Content(BackfillRequest request, List<PlannedTask> tasks) {}

  long insert(Handle handle, BackfillPlan plan, String by, Instant now) {
    return handle
        .createUpdate(
            "INSERT INTO backfill (name, task_id, state, plan, created_by, created_at,"
                + " finished_at, message) VALUES (:name, :task, 'RUNNING', :plan, :by, :now, 0,"
                + " '')")
        .bind("name", plan.name())
        .bind("task", plan.tasks().get(0).id())
        .bind("plan", Json.write(new Content(plan.request(), plan.tasks())))
        .bind("by", by)
        .bind("now", now.toEpochMilli())
        .executeAndReturnGeneratedKeys("id")
        .mapTo(Long.class)
        .one();
  }

  Optional<Backfill> find(Handle handle, long id) {
    return handle
        .createQuery("SELECT * FROM backfill WHERE id = :id")
        .bind("id", id)
        .map((row, context) -> backfill(row))
        .findOne();
  }

  /** With its row locked: one caller at a time works on a backfill. */
  Optional<Backfill> lock(Handle handle, long id) {
    return handle
        .createQuery("SELECT * FROM backfill WHERE id = :id FOR UPDATE")
        .bind("id", id)
        .map((row, context) -> backfill(row))
        .findOne();
  }

  /** The newest first. */
  List<Backfill> list(Handle handle, @Nullable BackfillState state, int limit, int offset) {
    return handle
        .createQuery(
            "SELECT * FROM backfill WHERE :any OR state = :state ORDER BY id DESC"
                + " LIMIT :limit OFFSET :offset")
        .bind("any", state == null)
        .bind("state", state == null ? "" : state.name())
        .bind("limit", limit)
        .bind("offset", offset)
        .map((row, context) -> backfill(row))
        .list();
  }

  /** Those on which something may have to be done. */
  List<Backfill> active(Handle handle) {
    return handle
        .createQuery(
            "SELECT * FROM backfill WHERE state IN ('RUNNING', 'PAUSED', 'CANCELLING')"
                + " ORDER BY id")
        .map((row, context) -> backfill(row))
        .list();
  }

  void state(Handle handle, long id, BackfillState state, String message, Instant now) {
    boolean ended =
        switch (state) {
          case SUCCEEDED, FAILED, CANCELLED -> true;
          case RUNNING, PAUSED, CANCELLING -> false;
        };
    handle
        .createUpdate(
            "UPDATE backfill SET state = :state, message = :message, finished_at = :finished"
                + " WHERE id = :id")
        .bind("id", id)
        .bind("state", state.name())
        .bind("message", message.length() <= 1000 ? message : message.substring(0, 1000))
        .bind("finished", ended ? now.toEpochMilli() : 0)
        .execute();
  }

  private static Backfill backfill(ResultSet row) throws SQLException {
    Content content = Json.read(row.getString("plan"), Content.class);
    return new Backfill(
        row.getLong("id"),
        row.getString("name"),
        BackfillState.valueOf(row.getString("state")),
        content.request(),
        content.tasks(),
        row.getString("created_by"),
        Times.required(row, "created_at"),
        Times.optional(row, "finished_at"),
        row.getString("message"));
  }
}
