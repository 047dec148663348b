package io.millrace.scheduler.backfill;

import io.millrace.scheduler.backfill.Backfill.Progress;
import io.millrace.scheduler.backfill.BackfillPlan.PlannedDate;
import io.millrace.scheduler.backfill.BackfillPlan.PlannedInstance;
import io.millrace.scheduler.backfill.Existing.Action;
import io.millrace.scheduler.store.Json;
import java.time.LocalDate;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The dates of backfills in the store, in the order in which they are opened. Every call works
 * within the given handle's transaction. Stateless.
 */
final class BackfillDates {

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

  void insert(Handle handle, long id, List<PlannedDate> dates) {
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO backfill_step (backfill_id, position, business_date, state, content)"
                + " VALUES (:id, :position, :date, 'TO_COME', :content)");
    int position = 0;
    for (PlannedDate date : dates) {
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
  }

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
}
