package io.millrace.scheduler.task;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.scheduler.error.SchedulerError;
import io.millrace.scheduler.store.UniqueKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * The workflows in the store, and which tasks they have. Every call works within the given handle's
 * transaction. Stateless, so safe for use by several threads.
 */
public final class Workflows {

  private static final UniqueKey NAME = new UniqueKey("workflow_name");

  private static final String SELECT =
      "SELECT w.id, w.name, w.owner, w.description, w.revision, (SELECT COUNT(*) FROM task t"
          + " WHERE t.workflow_id = w.id AND NOT t.deleted) AS tasks FROM workflow w WHERE ";

  /** Makes a workflow without tasks. */
  public Workflow create(Handle handle, String name, String owner, String description) {
    Names.check("workflow", name);
    String taken = "there is already a workflow '" + name + "'; choose another name";
    if (find(handle, name).isPresent()) {
      throw SchedulerError.conflict(taken);
    }
    NAME.claim(
        taken,
        () ->
            handle
                .createUpdate(
                    "INSERT INTO workflow (name, owner, description, revision)"
                        + " VALUES (:name, :owner, :description, 1)")
                .bind("name", name)
                .bind("owner", owner)
                .bind("description", description)
                .execute());
    return find(handle, name).orElseThrow();
  }

  /** The workflow of this name. */
  public Optional<Workflow> find(Handle handle, String name) {
    return handle
        .createQuery(SELECT + "w.name = :name")
        .bind("name", name)
        .map((row, context) -> workflow(row))
        .findOne();
  }

  /** The workflow of this id. */
  public Optional<Workflow> find(Handle handle, long id) {
    return handle
        .createQuery(SELECT + "w.id = :id")
        .bind("id", id)
        .map((row, context) -> workflow(row))
        .findOne();
  }

  /**
   * The workflow of this id.
   *
   * @throws MillraceException when there is none
   */
  public Workflow get(Handle handle, long id) {
    return find(handle, id).orElseThrow(() -> wrong("there is no workflow " + id));
  }

  /**
   * The workflow of this id, with its row locked until the end of the transaction: its tasks stay
   * the same that long.
   *
   * @throws MillraceException when there is none
   */
  public Workflow lock(Handle handle, long id) {
    handle
        .createQuery("SELECT id FROM workflow WHERE id = :id FOR UPDATE")
        .bind("id", id)
        .mapTo(Long.class)
        .findOne();
    return get(handle, id);
  }

  /** Names of all workflows that tasks belong to, by id. */
  public Map<Long, String> names(Handle handle) {
    Map<Long, String> names = new LinkedHashMap<>();
    handle
        .createQuery("SELECT id, name FROM workflow")
        .map((row, context) -> Map.entry(row.getLong(1), row.getString(2)))
        .forEach(entry -> names.put(entry.getKey(), entry.getValue()));
    return names;
  }

  /** Its tasks, by id. */
  public List<Task> tasks(Handle handle, long id) {
    return handle
        .createQuery(
            "SELECT "
                + Tasks.COLUMNS
                + " FROM task WHERE workflow_id = :id AND NOT deleted ORDER BY id")
        .bind("id", id)
        .map((row, context) -> Tasks.task(row))
        .list();
  }

  /** Changes what is said of a workflow. The caller has compared its revision. */
  public void describe(Handle handle, long id, String owner, String description) {
    handle
        .createUpdate(
            "UPDATE workflow SET owner = :owner, description = :description,"
                + " revision = revision + 1 WHERE id = :id")
        .bind("id", id)
        .bind("owner", owner)
        .bind("description", description)
        .execute();
  }

  /**
   * Takes a task into a workflow. Does nothing when it is there already.
   *
   * @param task its row is locked
   * @throws MillraceException when it belongs to another one
   */
  public void add(Handle handle, Workflow workflow, Task task) {
    Long other = task.workflowId();
    if (other != null && other != workflow.id()) {
      throw SchedulerError.conflict(
          "task '"
              + task.name()
              + "' belongs to workflow '"
              + get(handle, other).name()
              + "'; take it out of that one first");
    }
    if (other == null) {
      member(handle, task, workflow.id());
      changed(handle, workflow.id());
    }
  }

  /**
   * Takes a task out of a workflow. The task itself stays as it is.
   *
   * @throws MillraceException when it does not belong to it
   */
  public void remove(Handle handle, Workflow workflow, Task task) {
    Long now = task.workflowId();
    if (now == null || now != workflow.id()) {
      throw SchedulerError.conflict(
          "task '" + task.name() + "' does not belong to workflow '" + workflow.name() + "'");
    }
    member(handle, task, null);
    changed(handle, workflow.id());
  }

  /** Deletes a workflow. Its tasks stay as they are, without one. */
  public void delete(Handle handle, long id) {
    lock(handle, id);
    handle
        .createUpdate(
            "UPDATE task SET workflow_id = NULL, revision = revision + 1 WHERE workflow_id = :id")
        .bind("id", id)
        .execute();
    handle.createUpdate("DELETE FROM workflow WHERE id = :id").bind("id", id).execute();
  }

  private static void member(Handle handle, Task task, @Nullable Long workflow) {
    handle
        .createUpdate(
            "UPDATE task SET workflow_id = :workflow, revision = revision + 1 WHERE id = :id")
        .bind("id", task.id())
        .bind("workflow", workflow)
        .execute();
  }

  private static void changed(Handle handle, long id) {
    handle
        .createUpdate("UPDATE workflow SET revision = revision + 1 WHERE id = :id")
        .bind("id", id)
        .execute();
  }

  /**
   * Workflows, the newest first.
   *
   * @param name a part of the name, upper and lower case alike; null for any
   * @param owner null for any
   * @param before only ids below this one; {@link Long#MAX_VALUE} for the first part
   */
  public List<Workflow> list(
      Handle handle, @Nullable String name, @Nullable String owner, long before, int most) {
    List<String> conditions = new ArrayList<>(List.of("w.id < :before"));
    Map<String, Object> values = new LinkedHashMap<>();
    if (name != null) {
      conditions.add("LOWER(w.name) LIKE :name ESCAPE '!'");
      values.put("name", "%" + TaskQuery.literal(name.toLowerCase(Locale.ROOT)) + "%");
    }
    if (owner != null) {
      conditions.add("w.owner = :owner");
      values.put("owner", owner);
    }
    try (Query query =
        handle.createQuery(
            SELECT + String.join(" AND ", conditions) + " ORDER BY w.id DESC LIMIT :most")) {
      return query
          .bindMap(values)
          .bind("before", before)
          .bind("most", most)
          .map((row, context) -> workflow(row))
          .list();
    }
  }

  private static Workflow workflow(ResultSet row) throws SQLException {
    return new Workflow(
        row.getLong("id"),
        row.getString("name"),
        row.getString("owner"),
        row.getString("description"),
        row.getInt("tasks"),
        row.getInt("revision"));
  }

  private static MillraceException wrong(String what) {
    return new MillraceException(StandardError.CONFIGURATION, what);
  }
}
