package io.millrace.scheduler.instance;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.scheduler.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The instances in the store: made, found, and what they wait for. Every call works within the
 * given handle's transaction. Stateless, so safe for use by several threads.
 */
public final class Instances {

  /** Ids in one statement. */
  static final int CHUNK = 1000;

  /**
   * Makes those of the given instances that do not exist yet. They are of one kind and run key, and
   * the caller holds the locks on the rows of their tasks, or on that of their backfill: the unique
   * key is only the last resort.
   *
   * @param now the time of their making
   * @return the ids of those that were made
   */
  public List<Long> create(Handle handle, List<NewInstance> wanted, Instant now) {
    if (wanted.isEmpty()) {
      return List.of();
    }
    NewInstance first = wanted.get(0);
    if (wanted.stream()
        .anyMatch(one -> one.kind() != first.kind() || one.runKey() != first.runKey())) {
      throw new IllegalArgumentException("instances of several kinds or runs at once");
    }
    Map<NewInstance.Key, Long> before = ids(handle, wanted);
    List<NewInstance> missing =
        wanted.stream().filter(one -> !before.containsKey(one.key())).toList();
    if (missing.isEmpty()) {
      return List.of();
    }
    insert(handle, missing, now);
    Map<NewInstance.Key, Long> after = ids(handle, missing);
    insertAncestors(handle, missing, after);
    List<Long> made = missing.stream().map(one -> after.get(one.key())).toList();
    if (missing.stream().anyMatch(one -> !one.ancestors().isEmpty())) {
      satisfyWithWhatSucceeded(handle, made);
    }
    return made;
  }

  /** The ids of those that exist. */
  private static Map<NewInstance.Key, Long> ids(Handle handle, List<NewInstance> wanted) {
    NewInstance first = wanted.get(0);
    Set<Long> tasks = new TreeSet<>();
    long least = Long.MAX_VALUE;
    long most = Long.MIN_VALUE;
    for (NewInstance one : wanted) {
      tasks.add(one.taskId());
      least = Math.min(least, one.scheduledAt().toEpochMilli());
      most = Math.max(most, one.scheduledAt().toEpochMilli());
    }
    Map<NewInstance.Key, Long> ids = new HashMap<>();
    // Through the tasks: so that the unique key is searched once for each, and no more is read.
    handle
        .createQuery(
            "SELECT i.id, i.task_id, i.scheduled_at FROM task t JOIN instance i"
                + " ON i.task_id = t.id AND i.kind = :kind AND i.run_key = :run"
                + " AND i.scheduled_at BETWEEN :least AND :most WHERE t.id IN (<tasks>)")
        .bindList("tasks", tasks)
        .bind("kind", first.kind().name())
        .bind("run", first.runKey())
        .bind("least", least)
        .bind("most", most)
        .map(
            (row, context) ->
                ids.put(
                    new NewInstance.Key(
                        row.getLong("task_id"),
                        first.kind(),
                        Times.required(row, "scheduled_at"),
                        first.runKey()),
                    row.getLong("id")))
        .list();
    return ids;
  }

  private static void insert(Handle handle, List<NewInstance> made, Instant now) {
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO instance (task_id, task_version, kind, scheduled_at, run_key,"
                + " scheduled_time, business_date, state, mode, reason, due_at, pending, priority,"
                + " slots, group_id, max_parallel, parameters, generation, attempts, reruns, node,"
                + " epoch, stop_reason, created_at, changed_at, ready_at, started_at, finished_at)"
                + " VALUES (:task, :version, :kind, :at, :run, :time, :date, 'NOT_RUN', :mode,"
                + " :reason, :due, :pending, :priority, :slots, :group, :parallel, :parameters, 1,"
                + " 0, 0, '', 0, '', :now, :now, 0, 0, 0)");
    for (NewInstance one : made) {
      batch
          .bind("task", one.taskId())
          .bind("version", one.taskVersion())
          .bind("kind", one.kind().name())
          .bind("at", one.scheduledAt().toEpochMilli())
          .bind("run", one.runKey())
          .bind("time", one.scheduledTime().toString())
          .bind("date", one.businessDate().toString())
          .bind("mode", one.mode().name())
          .bind("reason", one.reason())
          .bind("due", one.dueAt().toEpochMilli())
          .bind("pending", one.ancestors().size())
          .bind("priority", one.priority())
          .bind("slots", one.slots())
          .bind("group", one.groupId())
          .bind("parallel", one.maxParallel())
          .bind("parameters", one.parameters())
          .bind("now", now.toEpochMilli())
          .add();
    }
    batch.execute();
  }

  private static void insertAncestors(
      Handle handle, List<NewInstance> made, Map<NewInstance.Key, Long> ids) {
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO instance_ancestor (instance_id, task_id, kind, scheduled_at, run_key,"
                + " satisfied) VALUES (:id, :task, :kind, :at, :run, FALSE)");
    for (NewInstance one : made) {
      for (NewInstance.Ancestor ancestor : one.ancestors()) {
        batch
            .bind("id", ids.get(one.key()))
            .bind("task", ancestor.taskId())
            .bind("kind", one.kind().name())
            .bind("at", ancestor.scheduledAt().toEpochMilli())
            .bind("run", one.runKey())
            .add();
      }
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  /**
   * Counts ancestors that have succeeded before. Their rows are locked: one that succeeds meanwhile
   * either is seen here, or sees what was inserted here.
   */
  private void satisfyWithWhatSucceeded(Handle handle, List<Long> made) {
    for (List<Long> chunk : chunks(made)) {
      List<Long> ancestors =
          handle
              .createQuery(
                  "SELECT u.id, u.state FROM instance u WHERE u.id IN (SELECT x.id FROM instance x"
                      + " JOIN instance_ancestor a ON a.task_id = x.task_id AND a.kind = x.kind"
                      + " AND a.scheduled_at = x.scheduled_at AND a.run_key = x.run_key"
                      + " WHERE a.instance_id IN (<ids>)) ORDER BY u.id FOR UPDATE")
              .bindList("ids", chunk)
              .map((row, context) -> Map.entry(row.getLong("id"), row.getString("state")))
              .stream()
              .filter(entry -> entry.getValue().equals(InstanceState.SUCCEEDED.name()))
              .map(Map.Entry::getKey)
              .toList();
      satisfy(handle, ancestors);
    }
  }

  /**
   * Tells dependants that these have succeeded.
   *
   * @return dependants that wait for no ancestor any more
   */
  List<Long> satisfy(Handle handle, Collection<Long> succeeded) {
    Set<Long> free = new HashSet<>();
    for (List<Long> chunk : chunks(succeeded)) {
      List<Waiting> waiting =
          handle
              .createQuery(
                  "SELECT a.instance_id, a.task_id, a.scheduled_at FROM instance_ancestor a"
                      + " JOIN instance u ON a.task_id = u.task_id AND a.kind = u.kind"
                      + " AND a.scheduled_at = u.scheduled_at AND a.run_key = u.run_key"
                      + " WHERE u.id IN (<ids>) AND NOT a.satisfied ORDER BY a.instance_id")
              .bindList("ids", chunk)
              .map((row, context) -> new Waiting(row.getLong(1), row.getLong(2), row.getLong(3)))
              .list();
      if (waiting.isEmpty()) {
        continue;
      }
      PreparedBatch mark =
          handle.prepareBatch(
              "UPDATE instance_ancestor SET satisfied = TRUE WHERE instance_id = :id"
                  + " AND task_id = :task AND scheduled_at = :at AND NOT satisfied");
      for (Waiting one : waiting) {
        mark.bind("id", one.instance()).bind("task", one.task()).bind("at", one.at()).add();
      }
      int[] marked = mark.execute();
      PreparedBatch count =
          handle.prepareBatch("UPDATE instance SET pending = pending - 1 WHERE id = :id");
      for (int i = 0; i < marked.length; i++) {
        // Somebody else may have counted it between the two statements.
        if (marked[i] > 0) {
          count.bind("id", waiting.get(i).instance()).add();
          free.add(waiting.get(i).instance());
        }
      }
      if (count.size() > 0) {
        count.execute();
      }
    }
    return List.copyOf(free);
  }

  private record Waiting(long instance, long task, long at) {}

  /** The instance of this id. */
  public Optional<Instance> find(Handle handle, long id) {
    return handle
        .createQuery("SELECT * FROM instance WHERE id = :id")
        .bind("id", id)
        .map((row, context) -> instance(row))
        .findOne();
  }

  /**
   * The instance of this id.
   *
   * @throws MillraceException when there is none
   */
  public Instance get(Handle handle, long id) {
    return find(handle, id)
        .orElseThrow(
            () -> new MillraceException(StandardError.CONFIGURATION, "there is no instance " + id));
  }

  /** The instance of this id, with its row locked until the end of the transaction. */
  public Optional<Instance> lock(Handle handle, long id) {
    return handle
        .createQuery("SELECT * FROM instance WHERE id = :id FOR UPDATE")
        .bind("id", id)
        .map((row, context) -> instance(row))
        .findOne();
  }

  /**
   * Locks the rows of instances until the end of the transaction, in the order of ids, so that
   * nobody else changes or forgets them.
   *
   * @return those that are still there
   */
  public static Set<Long> lock(Handle handle, Collection<Long> ids) {
    Set<Long> there = new HashSet<>();
    for (List<Long> chunk : chunks(ids)) {
      handle
          .createQuery("SELECT id FROM instance WHERE id IN (<ids>) ORDER BY id FOR UPDATE")
          .bindList("ids", chunk)
          .mapTo(Long.class)
          .forEach(there::add);
    }
    return there;
  }

  /** Instances by id, in the order of ids; those that do not exist are left out. */
  public List<Instance> all(Handle handle, Collection<Long> ids) {
    List<Instance> found = new ArrayList<>();
    for (List<Long> chunk : chunks(ids)) {
      handle
          .createQuery("SELECT * FROM instance WHERE id IN (<ids>) ORDER BY id")
          .bindList("ids", chunk)
          .map((row, context) -> instance(row))
          .forEach(found::add);
    }
    return found;
  }

  static List<List<Long>> chunks(Collection<Long> ids) {
    List<Long> sorted = ids.stream().sorted().toList();
    List<List<Long>> chunks = new ArrayList<>();
    for (int at = 0; at < sorted.size(); at += CHUNK) {
      chunks.add(sorted.subList(at, Math.min(sorted.size(), at + CHUNK)));
    }
    return chunks;
  }

  /** A row of the table. */
  public static Instance instance(ResultSet row) throws SQLException {
    return new Instance(
        row.getLong("id"),
        row.getLong("task_id"),
        row.getInt("task_version"),
        InstanceKind.valueOf(row.getString("kind")),
        Times.required(row, "scheduled_at"),
        row.getLong("run_key"),
        LocalDateTime.parse(row.getString("scheduled_time")),
        LocalDate.parse(row.getString("business_date")),
        InstanceState.valueOf(row.getString("state")),
        RunMode.valueOf(row.getString("mode")),
        row.getString("reason"),
        Times.required(row, "due_at"),
        row.getInt("pending"),
        row.getInt("priority"),
        row.getInt("slots"),
        row.getLong("group_id"),
        row.getInt("max_parallel"),
        row.getString("parameters"),
        row.getInt("generation"),
        row.getInt("attempts"),
        row.getInt("reruns"),
        row.getString("node"),
        row.getLong("epoch"),
        Times.required(row, "created_at"),
        Times.required(row, "changed_at"),
        Times.optional(row, "ready_at"),
        Times.optional(row, "started_at"),
        Times.optional(row, "finished_at"));
  }
}
