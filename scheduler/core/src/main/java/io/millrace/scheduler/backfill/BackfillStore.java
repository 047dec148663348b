package io.millrace.scheduler.backfill;

import io.millrace.scheduler.backfill.Backfill.Progress;
import io.millrace.scheduler.backfill.BackfillPlan.PlannedDate;
import io.millrace.scheduler.backfill.BackfillPlan.PlannedInstance;
import io.millrace.scheduler.backfill.BackfillPlan.PlannedTask;
import io.millrace.scheduler.backfill.Existing.Action;
import io.millrace.scheduler.backfill.Existing.Earlier;
import io.millrace.scheduler.instance.InstanceKind;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.instance.RunMode;
import io.millrace.scheduler.store.Json;
import io.millrace.scheduler.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * The backfills in the store, their dates, and what stands in the table of instances about them.
 * Every call works within the given handle's transaction. Stateless.
 */
final class BackfillStore {

  private static final int CHUNK = 1000;

  /** Where a date of a backfill is. */
  enum StepState {
    TO_COME,
    OPEN,
    SUCCEEDED,
    FAILED,

    /** Never opened. */
    CANCELLED
  }

  /** A date that is to be opened. */
  record Step(int position, LocalDate date, List<PlannedInstance> instances) {}

  /** A date of a backfill. */
  record Dated(long backfill, LocalDate date) {}

  /** What the column plan holds. */
  record Content(BackfillRequest request, List<PlannedTask> tasks) {}

  // Backfills

  long insert(Handle handle, BackfillPlan plan, String by, Instant now) {
    long id =
        handle
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
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO backfill_step (backfill_id, position, business_date, state, content)"
                + " VALUES (:id, :position, :date, 'TO_COME', :content)");
    int position = 0;
    for (PlannedDate date : plan.dates()) {
      List<PlannedInstance> made =
          date.instances().stream().filter(one -> one.action() != Action.SKIP).toList();
      if (!made.isEmpty()) {
        batch
            .bind("id", id)
            .bind("position", position++)
            .bind("date", date.date().toString())
            .bind("content", Json.write(new PlannedDate(date.date(), made, "")))
            .add();
      }
    }
    batch.execute();
    return id;
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

  // Dates

  Map<Long, Progress> progress(Handle handle, Collection<Long> ids) {
    Map<Long, Map<StepState, Integer>> counts = new HashMap<>();
    if (!ids.isEmpty()) {
      handle
          .createQuery(
              "SELECT backfill_id, state, COUNT(*) FROM backfill_step"
                  + " WHERE backfill_id IN (<ids>) GROUP BY backfill_id, state")
          .bindList("ids", List.copyOf(ids))
          .map(
              (row, context) ->
                  counts
                      .computeIfAbsent(row.getLong(1), key -> new EnumMap<>(StepState.class))
                      .put(StepState.valueOf(row.getString(2)), row.getInt(3)))
          .list();
    }
    Map<Long, Progress> progress = new HashMap<>();
    for (long id : ids) {
      Map<StepState, Integer> of = counts.getOrDefault(id, Map.of());
      progress.put(
          id,
          new Progress(
              of.getOrDefault(StepState.SUCCEEDED, 0),
              of.getOrDefault(StepState.FAILED, 0),
              of.getOrDefault(StepState.OPEN, 0),
              of.getOrDefault(StepState.TO_COME, 0),
              of.getOrDefault(StepState.CANCELLED, 0)));
    }
    return progress;
  }

  /** The next dates to come, in their order. */
  List<Step> next(Handle handle, long id, int limit) {
    return handle
        .createQuery(
            "SELECT position, business_date, content FROM backfill_step WHERE backfill_id = :id"
                + " AND state = 'TO_COME' ORDER BY state, position LIMIT :limit")
        .bind("id", id)
        .bind("limit", limit)
        .map(
            (row, context) ->
                new Step(
                    row.getInt("position"),
                    LocalDate.parse(row.getString("business_date")),
                    Json.read(row.getString("content"), PlannedDate.class).instances()))
        .list();
  }

  /** How many dates are in a state; counts no further than {@code most}. */
  int count(Handle handle, long id, StepState state, int most) {
    return handle
        .createQuery(
            "SELECT COUNT(*) FROM (SELECT position FROM backfill_step WHERE backfill_id = :id"
                + " AND state = :state LIMIT :most) counted")
        .bind("id", id)
        .bind("state", state.name())
        .bind("most", most)
        .mapTo(Integer.class)
        .one();
  }

  Set<LocalDate> dates(Handle handle, long id, StepState state) {
    return handle
        .createQuery(
            "SELECT business_date FROM backfill_step WHERE backfill_id = :id AND state = :state")
        .bind("id", id)
        .bind("state", state.name())
        .map((row, context) -> LocalDate.parse(row.getString(1)))
        .collectIntoSet();
  }

  /** The states of these dates. */
  Map<LocalDate, StepState> states(Handle handle, long id, Collection<LocalDate> dates) {
    Map<LocalDate, StepState> states = new HashMap<>();
    // One by one, here and below: H2 looks up no list by the later columns of an index.
    for (LocalDate date : dates) {
      handle
          .createQuery(
              "SELECT state FROM backfill_step WHERE backfill_id = :id AND business_date = :date")
          .bind("id", id)
          .bind("date", date.toString())
          .mapTo(String.class)
          .findOne()
          .ifPresent(state -> states.put(date, StepState.valueOf(state)));
    }
    return states;
  }

  void steps(Handle handle, long id, Collection<LocalDate> dates, StepState state) {
    for (LocalDate date : dates) {
      handle
          .createUpdate(
              "UPDATE backfill_step SET state = :state WHERE backfill_id = :id"
                  + " AND business_date = :date")
          .bind("id", id)
          .bind("state", state.name())
          .bind("date", date.toString())
          .execute();
    }
  }

  /** All dates of one state get another. */
  void steps(Handle handle, long id, StepState from, StepState to) {
    handle
        .createUpdate(
            "UPDATE backfill_step SET state = :to WHERE backfill_id = :id AND state = :from")
        .bind("id", id)
        .bind("from", from.name())
        .bind("to", to.name())
        .execute();
  }

  private static List<String> texts(Collection<LocalDate> dates) {
    return dates.stream().map(LocalDate::toString).toList();
  }

  // Instances

  /** The dates of backfills that instances belong to; those of other kinds are left out. */
  Set<Dated> dated(Handle handle, Collection<Long> instances) {
    Set<Dated> dated = new HashSet<>();
    for (List<Long> chunk : chunks(instances)) {
      handle
          .createQuery(
              "SELECT DISTINCT run_key, business_date FROM instance WHERE id IN (<ids>)"
                  + " AND kind = 'BACKFILL'")
          .bindList("ids", chunk)
          .map((row, context) -> new Dated(row.getLong(1), LocalDate.parse(row.getString(2))))
          .forEach(dated::add);
    }
    return dated;
  }

  private static List<List<Long>> chunks(Collection<Long> ids) {
    List<Long> all = List.copyOf(ids);
    List<List<Long>> chunks = new ArrayList<>();
    for (int at = 0; at < all.size(); at += CHUNK) {
      chunks.add(all.subList(at, Math.min(all.size(), at + CHUNK)));
    }
    return chunks;
  }

  /** True while instances of a date come to their end by themselves, or somebody holds them. */
  boolean moves(Handle handle, Dated dated) {
    return handle
        .createQuery(
            "SELECT id FROM instance WHERE run_key = :id AND kind = 'BACKFILL'"
                + " AND business_date = :date AND state NOT IN ('NOT_RUN', 'SUCCEEDED', 'FAILED')"
                + " LIMIT 1")
        .bind("id", dated.backfill())
        .bind("date", dated.date().toString())
        .mapTo(Long.class)
        .findOne()
        .isPresent();
  }

  /** How many instances of each date are in which state. */
  Map<LocalDate, Map<InstanceState, Integer>> counts(
      Handle handle, long id, Collection<LocalDate> dates) {
    Map<LocalDate, Map<InstanceState, Integer>> counts = new HashMap<>();
    for (LocalDate date : dates) {
      Map<InstanceState, Integer> of = new EnumMap<>(InstanceState.class);
      counts.put(date, of);
      handle
          .createQuery(
              "SELECT state, COUNT(*) FROM instance WHERE run_key = :id AND kind = 'BACKFILL'"
                  + " AND business_date = :date GROUP BY state")
          .bind("id", id)
          .bind("date", date.toString())
          .map((row, context) -> of.put(InstanceState.valueOf(row.getString(1)), row.getInt(2)))
          .list();
    }
    return counts;
  }

  /** The other dates for which instances of a date wait. */
  Set<LocalDate> waitsFor(Handle handle, Dated dated) {
    return handle
        .createQuery(
            "SELECT DISTINCT u.business_date FROM instance i JOIN instance_ancestor a"
                + " ON a.instance_id = i.id AND NOT a.satisfied JOIN instance u"
                + " ON u.task_id = a.task_id AND u.kind = a.kind AND u.scheduled_at ="
                + " a.scheduled_at AND u.run_key = a.run_key WHERE i.run_key = :id"
                + " AND i.kind = 'BACKFILL' AND i.business_date = :date AND i.state = 'NOT_RUN'"
                + " AND u.business_date <> :date")
        .bind("id", dated.backfill())
        .bind("date", dated.date().toString())
        .map((row, context) -> LocalDate.parse(row.getString(1)))
        .collectIntoSet();
  }

  /** Those of these dates that have not begun to wait for anything but ancestors. */
  List<Long> notRun(Handle handle, long id, Collection<LocalDate> dates) {
    return handle
        .createQuery(
            "SELECT id FROM instance WHERE run_key = :id AND kind = 'BACKFILL'"
                + " AND business_date IN (<dates>) AND state = 'NOT_RUN' ORDER BY id")
        .bind("id", id)
        .bindList("dates", texts(dates))
        .mapTo(Long.class)
        .list();
  }

  /** Has those that have not begun wait for a time at least. */
  Set<Long> hold(Handle handle, long id, Instant until, Instant now) {
    String where =
        " WHERE run_key = :id AND kind = 'BACKFILL' AND due_at < :until"
            + " AND state IN ('NOT_RUN', 'WAITING_FOR_TIME', 'WAITING_FOR_RESOURCES')";
    Set<Long> held =
        bindHold(handle.createQuery("SELECT id FROM instance" + where + " FOR UPDATE"), id, until);
    if (!held.isEmpty()) {
      handle
          .createUpdate(
              "UPDATE instance SET state = CASE WHEN state = 'WAITING_FOR_RESOURCES'"
                  + " THEN 'WAITING_FOR_TIME' ELSE state END, due_at = :until, ready_at = 0,"
                  + " changed_at = :now"
                  + where)
          .bind("id", id)
          .bind("until", until.toEpochMilli())
          .bind("now", now.toEpochMilli())
          .execute();
    }
    return held;
  }

  private static Set<Long> bindHold(Query query, long id, Instant until) {
    return query
        .bind("id", id)
        .bind("until", until.toEpochMilli())
        .mapTo(Long.class)
        .collectIntoSet();
  }

  /** Fails those that have not begun. */
  Set<Long> failNotBegun(Handle handle, long id, String reason, Instant now) {
    String where =
        " WHERE run_key = :id AND kind = 'BACKFILL' AND state IN ('NOT_RUN', 'WAITING_FOR_TIME',"
            + " 'WAITING_FOR_RESOURCES', 'FROZEN')";
    Set<Long> failed =
        handle
            .createQuery("SELECT id FROM instance" + where + " FOR UPDATE")
            .bind("id", id)
            .mapTo(Long.class)
            .collectIntoSet();
    if (!failed.isEmpty()) {
      handle
          .createUpdate(
              "UPDATE instance SET state = 'FAILED', reason = :reason, ready_at = 0,"
                  + " changed_at = :now, finished_at = :now"
                  + where)
          .bind("id", id)
          .bind("reason", reason)
          .bind("now", now.toEpochMilli())
          .execute();
    }
    return failed;
  }

  /** Asks those that run to stop. */
  List<Long> stopRunning(Handle handle, long id, String reason) {
    handle
        .createUpdate(
            "UPDATE instance SET stop_reason = :reason WHERE run_key = :id AND kind = 'BACKFILL'"
                + " AND state = 'RUNNING' AND stop_reason = ''")
        .bind("id", id)
        .bind("reason", reason)
        .execute();
    return handle
        .createQuery(
            "SELECT id FROM instance WHERE run_key = :id AND kind = 'BACKFILL'"
                + " AND state = 'RUNNING'")
        .bind("id", id)
        .mapTo(Long.class)
        .list();
  }

  /**
   * Makes ready for another run what has failed; what never began is deleted, to be made again when
   * its date is opened.
   */
  void reopen(Handle handle, long id, boolean anew, Instant now) {
    String never =
        "run_key = :id AND kind = 'BACKFILL' AND attempts = 0 AND state IN ('NOT_RUN', 'FAILED')";
    handle
        .createUpdate(
            "DELETE FROM instance_ancestor WHERE instance_id IN (SELECT id FROM instance WHERE "
                + never
                + ")")
        .bind("id", id)
        .execute();
    handle.createUpdate("DELETE FROM instance WHERE " + never).bind("id", id).execute();
    handle
        .createUpdate(
            "UPDATE instance SET state = 'NOT_RUN', reason = '', due_at = :now, reruns = 0,"
                + " generation = generation + :anew, changed_at = :now, finished_at = 0"
                + " WHERE run_key = :id AND kind = 'BACKFILL' AND state = 'FAILED'")
        .bind("id", id)
        .bind("now", now.toEpochMilli())
        .bind("anew", anew ? 1 : 0)
        .execute();
  }

  /** The recurring and backfill instances of a task, by scheduled time. */
  Map<Instant, List<Earlier>> earlier(Handle handle, long task, Instant from, Instant to) {
    Map<Instant, List<Earlier>> earlier = new HashMap<>();
    handle
        .createQuery(
            "SELECT id, kind, state, mode, scheduled_at FROM instance WHERE task_id = :task"
                + " AND kind IN ('RECURRING', 'BACKFILL') AND scheduled_at BETWEEN :from AND :to")
        .bind("task", task)
        .bind("from", from.toEpochMilli())
        .bind("to", to.toEpochMilli())
        .map(
            (row, context) ->
                earlier
                    .computeIfAbsent(Times.required(row, "scheduled_at"), key -> new ArrayList<>())
                    .add(
                        new Earlier(
                            row.getLong("id"),
                            InstanceKind.valueOf(row.getString("kind")),
                            InstanceState.valueOf(row.getString("state")),
                            RunMode.valueOf(row.getString("mode")))))
        .list();
    return earlier;
  }
}
