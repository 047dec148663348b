package io.millrace.scheduler.backfill;

import io.millrace.scheduler.backfill.Existing.Earlier;
import io.millrace.scheduler.instance.InstanceKind;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.instance.RunMode;
import io.millrace.scheduler.store.Times;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * What stands in the table of instances about backfills. Every call works within the given handle's
 * transaction. Stateless.
 */
final class BackfillInstances {

  private static final int CHUNK = 1000;

  /** A date of a backfill. */
  record Dated(long backfill, LocalDate date) {}

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

  private static List<String> texts(Collection<LocalDate> dates) {
    return dates.stream().map(LocalDate::toString).toList();
  }
}
