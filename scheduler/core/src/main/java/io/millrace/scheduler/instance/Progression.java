package io.millrace.scheduler.instance;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Moves instances on as far as they come by themselves: from waiting for ancestors to waiting for
 * their time, from there to waiting for resources, and those that have nothing to run to their end,
 * with all that this sets free. Every call works within the given handle's transaction. Stateless,
 * so safe for use by several threads.
 */
public final class Progression {

  private final Instances instances;

  public Progression(Instances instances) {
    this.instances = instances;
  }

  /**
   * What came of it.
   *
   * @param times at which {@link #releaseDue} has to be called
   * @param ready true when some wait for resources now
   * @param changed ids of all that changed
   */
  public record Outcome(Set<Instant> times, boolean ready, Set<Long> changed) {

    /** Nothing came of it. */
    public static final Outcome NOTHING = new Outcome(Set.of(), false, Set.of());

    /** What came of both. */
    public Outcome and(Outcome other) {
      Set<Instant> allTimes = new TreeSet<>(times);
      allTimes.addAll(other.times);
      Set<Long> allChanged = new HashSet<>(changed);
      allChanged.addAll(other.changed);
      return new Outcome(allTimes, ready || other.ready, allChanged);
    }
  }

  /** Moves on those of the given instances that wait for ancestors or their time. */
  public Outcome advance(Handle handle, Collection<Long> ids, Instant now) {
    Set<Instant> times = new TreeSet<>();
    Set<Long> changed = new HashSet<>();
    boolean ready = false;
    Deque<Long> open = new ArrayDeque<>(ids);
    while (!open.isEmpty()) {
      List<Candidate> candidates = candidates(handle, open);
      open.clear();
      Map<InstanceState, List<Long>> moves = new EnumMap<>(InstanceState.class);
      for (Candidate one : candidates) {
        InstanceState next = next(one, now);
        if (next == InstanceState.WAITING_FOR_TIME) {
          times.add(one.dueAt());
        }
        if (next != one.state()) {
          moves.computeIfAbsent(next, key -> new java.util.ArrayList<>()).add(one.id());
        }
      }
      for (Map.Entry<InstanceState, List<Long>> move : moves.entrySet()) {
        move(handle, move.getKey(), move.getValue(), now);
        changed.addAll(move.getValue());
      }
      ready |= moves.containsKey(InstanceState.WAITING_FOR_RESOURCES);
      List<Long> succeeded = moves.get(InstanceState.SUCCEEDED);
      if (succeeded != null) {
        open.addAll(instances.satisfy(handle, succeeded));
      }
    }
    return new Outcome(times, ready, changed);
  }

  /** Moves on those whose time has come. */
  public Outcome releaseDue(Handle handle, Instant now) {
    List<Long> due =
        handle
            .createQuery(
                "SELECT id FROM instance WHERE state = 'WAITING_FOR_TIME' AND pending = 0"
                    + " AND due_at <= :now ORDER BY id")
            .bind("now", now.toEpochMilli())
            .mapTo(Long.class)
            .list();
    return advance(handle, due, now);
  }

  /** Marks instances as succeeded, whatever they were before, and moves on what this sets free. */
  public Outcome succeeded(Handle handle, Collection<Long> ids, Instant now) {
    return advance(handle, instances.satisfy(handle, ids), now);
  }

  /**
   * Counts ancestors whose success was not seen, because the two were made and ended at the same
   * moment in transactions that did not see each other.
   */
  public Outcome catchUp(Handle handle, Instant now) {
    List<Long> unseen =
        handle
            .createQuery(
                "SELECT DISTINCT u.id FROM instance_ancestor a JOIN instance u"
                    + " ON u.task_id = a.task_id AND u.kind = a.kind"
                    + " AND u.scheduled_at = a.scheduled_at AND u.run_key = a.run_key"
                    + " WHERE NOT a.satisfied AND u.state = 'SUCCEEDED'")
            .mapTo(Long.class)
            .list();
    return succeeded(handle, unseen, now);
  }

  /** Times for which {@link #releaseDue} has to be called, for a node that has just started. */
  public Set<Instant> times(Handle handle) {
    return handle
        .createQuery("SELECT DISTINCT due_at FROM instance WHERE state = 'WAITING_FOR_TIME'")
        .mapTo(Long.class)
        .stream()
        .map(Instant::ofEpochMilli)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Those of these times that come after the first, up to the second. */
  public Set<Instant> times(Handle handle, Instant after, Instant until) {
    return handle
        .createQuery(
            "SELECT DISTINCT due_at FROM instance WHERE state = 'WAITING_FOR_TIME'"
                + " AND pending = 0 AND due_at > :after AND due_at <= :until")
        .bind("after", after.toEpochMilli())
        .bind("until", until.toEpochMilli())
        .mapTo(Long.class)
        .stream()
        .map(Instant::ofEpochMilli)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static InstanceState next(Candidate one, Instant now) {
    if (one.dueAt().isAfter(now)) {
      return InstanceState.WAITING_FOR_TIME;
    }
    return switch (one.mode()) {
      case SKIP -> InstanceState.FAILED;
      case DRY_RUN -> InstanceState.SUCCEEDED;
      case NORMAL -> InstanceState.WAITING_FOR_RESOURCES;
    };
  }

  private static List<Candidate> candidates(Handle handle, Collection<Long> ids) {
    List<Candidate> found = new java.util.ArrayList<>();
    for (List<Long> chunk : Instances.chunks(ids)) {
      handle
          .createQuery(
              "SELECT id, state, mode, due_at FROM instance WHERE id IN (<ids>) AND pending = 0"
                  + " AND state IN ('NOT_RUN', 'WAITING_FOR_TIME') ORDER BY id FOR UPDATE")
          .bindList("ids", chunk)
          .map(
              (row, context) ->
                  new Candidate(
                      row.getLong("id"),
                      InstanceState.valueOf(row.getString("state")),
                      RunMode.valueOf(row.getString("mode")),
                      Instant.ofEpochMilli(row.getLong("due_at"))))
          .forEach(found::add);
    }
    return found;
  }

  /** Their rows are locked. */
  private static void move(Handle handle, InstanceState to, List<Long> ids, Instant now) {
    for (List<Long> chunk : Instances.chunks(ids)) {
      handle
          .createUpdate(
              "UPDATE instance SET state = :state, changed_at = :now, ready_at = :ready,"
                  + " started_at = CASE WHEN :ended THEN :now ELSE started_at END,"
                  + " finished_at = CASE WHEN :ended THEN :now ELSE finished_at END"
                  + " WHERE id IN (<ids>)")
          .bind("state", to.name())
          .bind("now", now.toEpochMilli())
          .bind("ready", to == InstanceState.WAITING_FOR_RESOURCES ? now.toEpochMilli() : 0)
          .bind("ended", to.isEnd())
          .bindList("ids", chunk)
          .execute();
    }
  }

  private record Candidate(long id, InstanceState state, RunMode mode, Instant dueAt) {}
}
