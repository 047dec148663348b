package io.millrace.scheduler.task;

import io.millrace.api.Counted;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.scheduler.error.SchedulerError;
import io.millrace.scheduler.store.Json;
import io.millrace.scheduler.store.Times;
import io.millrace.scheduler.store.UniqueKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The tasks in the store. Every call works within the given handle's transaction. Stateless, so
 * safe for use by several threads.
 */
public final class Tasks {

  private static final UniqueKey NAME = new UniqueKey("task_name");

  static final String COLUMNS =
      "id, name, workflow_id, owner, description, labels, frozen, draft IS NOT NULL AS has_draft,"
          + " published, published_at, recurs_from, generated_until, revision";

  /** Makes a task with a draft and no published version. */
  public Task create(Handle handle, String name, String owner, TaskDefinition draft) {
    Names.check("task", name);
    String taken = "there is already a task '" + name + "'; choose another name";
    if (find(handle, name).isPresent()) {
      throw SchedulerError.conflict(taken);
    }
    NAME.claim(
        taken,
        () ->
            handle
                .createUpdate(
                    "INSERT INTO task (name, owner, description, labels, frozen, deleted, draft,"
                        + " published, published_at, recurs_from, generated_until, revision)"
                        + " VALUES (:name, :owner, '', '', FALSE, FALSE, :draft, 0, 0, 0, 0, 1)")
                .bind("name", name)
                .bind("owner", owner)
                .bind("draft", Json.write(draft))
                .execute());
    return find(handle, name).orElseThrow();
  }

  /** The task of this name. */
  public Optional<Task> find(Handle handle, String name) {
    return handle
        .createQuery("SELECT " + COLUMNS + " FROM task WHERE name = :name AND NOT deleted")
        .bind("name", name)
        .map((row, context) -> task(row))
        .findOne();
  }

  /** The task of this id. */
  public Optional<Task> find(Handle handle, long id) {
    return handle
        .createQuery("SELECT " + COLUMNS + " FROM task WHERE id = :id AND NOT deleted")
        .bind("id", id)
        .map((row, context) -> task(row))
        .findOne();
  }

  /**
   * The task of this id.
   *
   * @throws MillraceException when there is none
   */
  public Task get(Handle handle, long id) {
    return find(handle, id).orElseThrow(() -> wrong("there is no task " + id));
  }

  /** The draft, or else the published definition. */
  public TaskDefinition draft(Handle handle, long id) {
    return handle
        .createQuery("SELECT draft FROM task WHERE id = :id")
        .bind("id", id)
        .map((row, context) -> Optional.ofNullable(row.getString(1)))
        .findOne()
        .flatMap(text -> text)
        .map(text -> Json.read(text, TaskDefinition.class))
        .orElseGet(() -> version(handle, id, get(handle, id).published()).definition());
  }

  /**
   * Replaces the draft.
   *
   * @param revision the one that the change was made on
   * @throws MillraceException when somebody else has changed the task since
   */
  public void saveDraft(Handle handle, long id, int revision, TaskDefinition draft) {
    int changed =
        handle
            .createUpdate(
                "UPDATE task SET draft = :draft, revision = revision + 1"
                    + " WHERE id = :id AND revision = :revision AND NOT deleted")
            .bind("id", id)
            .bind("revision", revision)
            .bind("draft", Json.write(draft))
            .execute();
    if (changed == 0) {
      Task now = get(handle, id);
      throw SchedulerError.conflict(
          "task '"
              + now.name()
              + "' was changed by somebody else (revision "
              + now.revision()
              + ", yours is "
              + revision
              + "); load it again");
    }
  }

  /** A published version. */
  public TaskVersion version(Handle handle, long id, int version) {
    return handle
        .createQuery("SELECT * FROM task_version WHERE task_id = :id AND version = :version")
        .bind("id", id)
        .bind("version", version)
        .map((row, context) -> version(row))
        .findOne()
        .orElseThrow(() -> wrong("task " + id + " has no version " + version));
  }

  /** All published versions, the newest first. */
  public List<TaskVersion> versions(Handle handle, long id) {
    return handle
        .createQuery("SELECT * FROM task_version WHERE task_id = :id ORDER BY version DESC")
        .bind("id", id)
        .map((row, context) -> version(row))
        .list();
  }

  /** The published versions of these tasks, by task; those that have none are left out. */
  public Map<Long, TaskVersion> published(Handle handle, Collection<Long> ids) {
    Map<Long, TaskVersion> versions = new HashMap<>();
    if (!ids.isEmpty()) {
      handle
          .createQuery(
              "SELECT v.* FROM task t JOIN task_version v"
                  + " ON v.task_id = t.id AND v.version = t.published"
                  + " WHERE t.id IN (<ids>) AND NOT t.deleted")
          .bindList("ids", ids)
          .map((row, context) -> version(row))
          .forEach(one -> versions.put(one.taskId(), one));
    }
    return versions;
  }

  /**
   * Ids of published tasks that have recurring instances to be made up to a time. Those come first
   * that were due first on their last day, because they will be due first again.
   */
  public List<Long> toGenerate(Handle handle, Instant until) {
    return handle
        .createQuery(
            "SELECT t.id, (SELECT MIN(i.scheduled_at) FROM instance i WHERE i.task_id = t.id"
                + " AND i.kind = 'RECURRING' AND i.scheduled_at >= t.generated_until - 86400000)"
                + " AS due FROM task t WHERE t.published > 0 AND NOT t.deleted"
                + " AND t.recurs_from > 0 AND t.generated_until < :until ORDER BY due, t.id")
        .bind("until", until.toEpochMilli())
        .mapTo(Long.class)
        .list();
  }

  /** The tasks of these ids; those that do not exist are left out. */
  public List<Task> all(Handle handle, Collection<Long> ids) {
    return several(handle, ids, "");
  }

  /**
   * Locks the rows of several tasks like {@link #lock(Handle, long)}, in the order of their ids, so
   * that two who lock some of the same do not wait for each other.
   */
  public List<Task> lock(Handle handle, Collection<Long> ids) {
    return several(handle, ids, " FOR UPDATE");
  }

  private static List<Task> several(Handle handle, Collection<Long> ids, String lock) {
    if (ids.isEmpty()) {
      return List.of();
    }
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM task WHERE id IN (<ids>) AND NOT deleted ORDER BY id"
                + lock)
        .bindList("ids", ids)
        .map((row, context) -> task(row))
        .list();
  }

  /** Locks a task's row until the end of the transaction, so that one at a time makes instances. */
  public Optional<Task> lock(Handle handle, long id) {
    return handle
        .createQuery("SELECT " + COLUMNS + " FROM task WHERE id = :id AND NOT deleted FOR UPDATE")
        .bind("id", id)
        .map((row, context) -> task(row))
        .findOne();
  }

  /** Remembers up to which time recurring instances of these tasks exist. */
  public void generatedUntil(Handle handle, Collection<Long> ids, Instant until) {
    handle
        .createUpdate("UPDATE task SET generated_until = :until WHERE id IN (<ids>)")
        .bindList("ids", ids)
        .bind("until", until.toEpochMilli())
        .execute();
  }

  /** Has recurring instances made anew from a time on; their first time is kept. */
  public void recurFrom(Handle handle, long id, Instant from) {
    handle
        .createUpdate(
            "UPDATE task SET generated_until = :from,"
                + " recurs_from = CASE WHEN recurs_from = 0 THEN :from ELSE recurs_from END"
                + " WHERE id = :id")
        .bind("id", id)
        .bind("from", from.toEpochMilli())
        .execute();
  }

  /** Holds back, or no longer, the instances that are made from now on. */
  public void freeze(Handle handle, long id, boolean frozen) {
    handle
        .createUpdate("UPDATE task SET frozen = :frozen, revision = revision + 1 WHERE id = :id")
        .bind("id", id)
        .bind("frozen", frozen)
        .execute();
  }

  /** Changes what is said of a task; its versions stay as they are. */
  public void describe(
      Handle handle, long id, String owner, String description, List<String> labels) {
    handle
        .createUpdate(
            "UPDATE task SET owner = :owner, description = :description, labels = :labels,"
                + " revision = revision + 1 WHERE id = :id")
        .bind("id", id)
        .bind("owner", owner)
        .bind("description", description)
        .bind("labels", String.join(",", labels))
        .execute();
  }

  /**
   * Marks a task as deleted. Its instances and versions are kept; its name is free for another.
   *
   * @throws MillraceException when an instance of it runs, or a published task depends on it
   */
  public void delete(Handle handle, long id) {
    Task task = lock(handle, id).orElseThrow(() -> wrong("there is no task " + id));
    List<String> dependants =
        handle
            .createQuery(
                "SELECT DISTINCT t.name FROM task_dependency d JOIN task t ON t.id = d.task_id"
                    + " WHERE d.upstream_id = :id AND d.task_id <> :id AND NOT t.deleted"
                    + " ORDER BY t.name LIMIT 10")
            .bind("id", id)
            .mapTo(String.class)
            .list();
    if (!dependants.isEmpty()) {
      throw SchedulerError.conflict(
          "task '" + task.name() + "' is depended on by " + dependants + "; change these first");
    }
    long running =
        handle
            .createQuery("SELECT COUNT(*) FROM instance WHERE task_id = :id AND state = 'RUNNING'")
            .bind("id", id)
            .mapTo(Long.class)
            .one();
    if (running > 0) {
      throw SchedulerError.conflict(
          Counted.of(running, "instance", "instances")
              + " of task '"
              + task.name()
              + (running == 1
                  ? "' runs; stop it, or wait for it"
                  : "' run; stop them, or wait for them"));
    }
    // A task's name cannot hold a bracket, so that no other one can take this name.
    String name = task.name().substring(0, Math.min(60, task.name().length()));
    handle
        .createUpdate(
            "UPDATE task SET deleted = TRUE, name = :name, revision = revision + 1 WHERE id = :id")
        .bind("id", id)
        .bind("name", name + " (deleted " + id + ")")
        .execute();
    handle.createUpdate("DELETE FROM task_dependency WHERE task_id = ?").bind(0, id).execute();
  }

  /** Stores the draft as the next version; see {@link Publishing} for what is checked. */
  int addVersion(Handle handle, Task task, TaskDefinition definition, int slots, Publishing.By by) {
    int version = task.published() + 1;
    handle
        .createUpdate(
            "INSERT INTO task_version (task_id, version, content, published_by, published_at, note)"
                + " VALUES (:task, :version, :content, :by, :at, :note)")
        .bind("task", task.id())
        .bind("version", version)
        .bind("content", Json.write(new Content(definition, slots)))
        .bind("by", by.who())
        .bind("at", by.at().toEpochMilli())
        .bind("note", by.note())
        .execute();
    handle
        .createUpdate(
            "UPDATE task SET published = :version, published_at = :at, draft = NULL,"
                + " revision = revision + 1 WHERE id = :task")
        .bind("task", task.id())
        .bind("version", version)
        .bind("at", by.at().toEpochMilli())
        .execute();
    return version;
  }

  /** Ids of the tasks that the published version of another depends on. */
  public Map<Long, Dependency.Kind> upstream(Handle handle, long id) {
    return handle
        .createQuery("SELECT upstream_id, kind FROM task_dependency WHERE task_id = :id")
        .bind("id", id)
        .reduceRows(
            new LinkedHashMap<Long, Dependency.Kind>(),
            (map, row) -> {
              map.put(
                  row.getColumn("upstream_id", Long.class),
                  Dependency.Kind.valueOf(row.getColumn("kind", String.class)));
              return map;
            });
  }

  /** The same for several tasks; those that depend on nothing are left out. */
  public Map<Long, Map<Long, Dependency.Kind>> upstream(Handle handle, Collection<Long> ids) {
    Map<Long, Map<Long, Dependency.Kind>> upstream = new HashMap<>();
    handle
        .createQuery(
            "SELECT task_id, upstream_id, kind FROM task_dependency WHERE task_id IN (<ids>)")
        .bindList("ids", ids)
        .map(
            (row, context) ->
                upstream
                    .computeIfAbsent(row.getLong("task_id"), key -> new LinkedHashMap<>())
                    .put(
                        row.getLong("upstream_id"), Dependency.Kind.valueOf(row.getString("kind"))))
        .list();
    return upstream;
  }

  /** Ids of the tasks whose published version depends on this one's same cycle. */
  public List<Long> downstream(Handle handle, long id) {
    return handle
        .createQuery(
            "SELECT d.task_id FROM task_dependency d JOIN task t ON t.id = d.task_id"
                + " WHERE d.upstream_id = :id AND d.kind = 'SAME_CYCLE' AND NOT t.deleted"
                + " ORDER BY d.task_id")
        .bind("id", id)
        .mapTo(Long.class)
        .list();
  }

  static Task task(ResultSet row) throws SQLException {
    long workflow = row.getLong("workflow_id");
    Long workflowId = row.wasNull() ? null : workflow;
    String labels = row.getString("labels");
    return new Task(
        row.getLong("id"),
        row.getString("name"),
        workflowId,
        row.getString("owner"),
        row.getString("description"),
        labels.isEmpty() ? List.of() : List.of(labels.split(",")),
        row.getBoolean("frozen"),
        row.getBoolean("has_draft"),
        row.getInt("published"),
        Times.optional(row, "published_at"),
        Times.required(row, "recurs_from"),
        Times.required(row, "generated_until"),
        row.getInt("revision"));
  }

  private static TaskVersion version(ResultSet row) throws SQLException {
    Content content = Json.read(row.getString("content"), Content.class);
    return new TaskVersion(
        row.getLong("task_id"),
        row.getInt("version"),
        content.definition(),
        content.slots(),
        row.getString("published_by"),
        Times.required(row, "published_at"),
        row.getString("note"));
  }

  private static MillraceException wrong(String what) {
    return new MillraceException(StandardError.CONFIGURATION, what);
  }

  /** What the column holds. */
  record Content(TaskDefinition definition, int slots) {}

  /** Replaces what the store knows of a task's dependencies. */
  void dependencies(Handle handle, long id, Map<Long, Dependency.Kind> upstream) {
    handle.createUpdate("DELETE FROM task_dependency WHERE task_id = :id").bind("id", id).execute();
    List<Map.Entry<Long, Dependency.Kind>> entries = new ArrayList<>(upstream.entrySet());
    for (Map.Entry<Long, Dependency.Kind> entry : entries) {
      handle
          .createUpdate("INSERT INTO task_dependency (task_id, upstream_id, kind) VALUES (?, ?, ?)")
          .bind(0, id)
          .bind(1, entry.getKey())
          .bind(2, entry.getValue().name())
          .execute();
    }
  }
}
