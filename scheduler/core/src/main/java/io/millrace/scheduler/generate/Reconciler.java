package io.millrace.scheduler.generate;

import io.millrace.scheduler.instance.Progression;
import io.millrace.scheduler.schedule.Occurrence;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.Times;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.TaskVersion;
import io.millrace.scheduler.task.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Compares the instances that a task's schedule expects with those that exist, and makes those that
 * are missing within its catch-up policy. Nothing depends on it: it finds what should never happen.
 * Safe for use by several threads and nodes.
 */
public final class Reconciler {

  private final Database database;
  private final Tasks tasks;
  private final Generator generator;
  private final Progression progression;
  private final Duration keep;
  private final Clock clock;

  /**
   * @param keep how long instances are remembered after their end
   */
  public Reconciler(
      Database database,
      Tasks tasks,
      Generator generator,
      Progression progression,
      Duration keep,
      Clock clock) {
    this.database = database;
    this.tasks = tasks;
    this.generator = generator;
    this.progression = progression;
    this.keep = keep;
    this.clock = clock;
  }

  /**
   * Expected against created, for one task.
   *
   * @param expected how many its schedule has in the time
   * @param created how many of these exist
   * @param missing those that should exist and do not
   * @param excused those that do not exist because the catch-up policy left them out
   * @param unexpected those that exist and are not in the schedule as it is now
   */
  public record Report(
      long task,
      String name,
      int expected,
      int created,
      List<Instant> missing,
      List<Instant> excused,
      List<Instant> unexpected) {}

  /** The report of one task for a time; nothing is changed. */
  public Report report(long task, Instant from, Instant to) {
    return database.with(handle -> compare(handle, task, from, to).report());
  }

  /** The same within the given handle's transaction, and makes what is missing. */
  public Repaired repair(Handle handle, long task, Instant from, Instant to) {
    Optional<Task> locked = tasks.lock(handle, task);
    Compared compared = compare(handle, task, from, to);
    Schedule schedule = compared.schedule();
    if (locked.isEmpty() || schedule == null || compared.missing().isEmpty()) {
      return new Repaired(compared.report(), Progression.Outcome.NOTHING);
    }
    TaskVersion version = tasks.version(handle, task, locked.get().published());
    List<Long> made = generator.make(handle, locked.get(), version, schedule, compared.missing());
    return new Repaired(compared.report(), progression.advance(handle, made, clock.instant()));
  }

  /** What was missing, and what came of making it. */
  public record Repaired(Report report, Progression.Outcome outcome) {}

  private record Compared(
      Report report,
      @org.jspecify.annotations.Nullable Schedule schedule,
      List<Occurrence> missing) {}

  private Compared compare(Handle handle, long id, Instant from, Instant to) {
    Task task = tasks.get(handle, id);
    Schedule schedule =
        task.published() == 0
            ? null
            : tasks.version(handle, id, task.published()).definition().schedule();
    Set<Instant> stored = stored(handle, id, from, to);
    if (schedule == null || task.recursFrom().toEpochMilli() == 0) {
      List<Instant> unexpected = stored.stream().sorted().toList();
      Report report =
          new Report(id, task.name(), 0, stored.size(), List.of(), List.of(), unexpected);
      return new Compared(report, schedule, List.of());
    }
    // What is older has been forgotten, and is not missing.
    Instant known = clock.instant().minus(keep);
    Instant begin = Stream.of(task.recursFrom(), from, known).max(Instant::compareTo).orElse(from);
    Instant end = task.generatedUntil().isBefore(to) ? task.generatedUntil() : to;
    List<Occurrence> all = begin.isBefore(end) ? schedule.occurrences(begin, end) : List.of();
    Instant now = clock.instant();
    Set<Instant> leftOut = new HashSet<>();
    Generator.decide(schedule, all, now)
        .skipped()
        .forEach(one -> leftOut.add(one.occurrence().at()));
    List<Occurrence> missing = new ArrayList<>();
    List<Instant> excused = new ArrayList<>();
    Set<Instant> unexpected = new HashSet<>(stored);
    for (Occurrence one : all) {
      unexpected.remove(one.at());
      if (!stored.contains(one.at())) {
        if (leftOut.contains(one.at())) {
          excused.add(one.at());
        } else {
          missing.add(one);
        }
      }
    }
    Report report =
        new Report(
            id,
            task.name(),
            all.size(),
            all.size() - missing.size() - excused.size(),
            missing.stream().map(Occurrence::at).toList(),
            excused,
            unexpected.stream().sorted().toList());
    return new Compared(report, schedule, missing);
  }

  private static Set<Instant> stored(Handle handle, long task, Instant from, Instant to) {
    return new HashSet<>(
        handle
            .createQuery(
                "SELECT scheduled_at FROM instance WHERE task_id = :task AND kind = 'RECURRING'"
                    + " AND run_key = 0 AND scheduled_at >= :from AND scheduled_at < :to")
            .bind("task", task)
            .bind("from", from.toEpochMilli())
            .bind("to", to.toEpochMilli())
            .map((row, context) -> Times.required(row, "scheduled_at"))
            .list());
  }
}
