package io.millrace.scheduler.dispatch;

import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.store.Times;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The attempts in the store. Every call works within the given handle's transaction. Stateless, so
 * safe for use by several threads.
 */
public final class Attempts {

  /** Where an attempt is. */
  public enum State {
    RUNNING,
    SUCCEEDED,
    FAILED,

    /** Its node died, or lost its lease. */
    LOST
  }

  /** An attempt as it is stored. */
  public record Row(
      long instanceId,
      int number,
      int generation,
      String node,
      State state,
      Instant startedAt,
      @Nullable Instant finishedAt,
      long read,
      long written,
      long dirty,
      long bytes,
      String errorCode,
      String message) {}

  void begin(Handle handle, Instance instance, int number, Node node, Instant now) {
    handle
        .createUpdate(
            "INSERT INTO attempt (instance_id, number, generation, node, epoch, state, started_at, finished_at,"
                + " records_read, records_written, records_dirty, bytes_read, error_code, message)"
                + " VALUES (:instance, :number, :generation, :node, :epoch, 'RUNNING', :now, 0, 0, 0, 0, 0, '',"
                + " '')")
        .bind("instance", instance.id())
        .bind("number", number)
        .bind("generation", instance.generation())
        .bind("node", node.name())
        .bind("epoch", node.epoch())
        .bind("now", now.toEpochMilli())
        .execute();
  }

  void end(Handle handle, long instance, int number, Launcher.Ended ended, Instant now) {
    String message = ended.message();
    handle
        .createUpdate(
            "UPDATE attempt SET state = :state, finished_at = :now, records_read = :read,"
                + " records_written = :written, records_dirty = :dirty, bytes_read = :bytes,"
                + " error_code = :code, message = :message"
                + " WHERE instance_id = :instance AND number = :number AND state = 'RUNNING'")
        .bind("instance", instance)
        .bind("number", number)
        .bind("state", (ended.succeeded() ? State.SUCCEEDED : State.FAILED).name())
        .bind("now", now.toEpochMilli())
        .bind("read", ended.read())
        .bind("written", ended.written())
        .bind("dirty", ended.dirty())
        .bind("bytes", ended.bytes())
        .bind("code", Objects.requireNonNullElse(ended.errorCode(), ""))
        .bind("message", message.length() <= 4000 ? message : message.substring(0, 4000))
        .execute();
  }

  void lose(Handle handle, long instance, Instant now) {
    handle
        .createUpdate(
            "UPDATE attempt SET state = 'LOST', finished_at = :now"
                + " WHERE instance_id = :instance AND state = 'RUNNING'")
        .bind("instance", instance)
        .bind("now", now.toEpochMilli())
        .execute();
  }

  /** All attempts of an instance, in their order. */
  public List<Row> of(Handle handle, long instance) {
    return handle
        .createQuery("SELECT * FROM attempt WHERE instance_id = :id ORDER BY number")
        .bind("id", instance)
        .map(
            (row, context) ->
                new Row(
                    row.getLong("instance_id"),
                    row.getInt("number"),
                    row.getInt("generation"),
                    row.getString("node"),
                    State.valueOf(row.getString("state")),
                    Times.required(row, "started_at"),
                    Times.optional(row, "finished_at"),
                    row.getLong("records_read"),
                    row.getLong("records_written"),
                    row.getLong("records_dirty"),
                    row.getLong("bytes_read"),
                    row.getString("error_code"),
                    row.getString("message")))
        .list();
  }
}
