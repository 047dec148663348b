package io.millrace.scheduler.generate;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.scheduler.group.ResourceGroups;
import io.millrace.scheduler.instance.InstanceKind;
import io.millrace.scheduler.instance.Instances;
import io.millrace.scheduler.instance.NewInstance;
import io.millrace.scheduler.instance.Progression;
import io.millrace.scheduler.schedule.Occurrence;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.task.Dependency;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.TaskVersion;
import io.millrace.scheduler.task.Tasks;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Makes the instances that somebody asks for. Every call works within the given handle's
 * transaction. Safe for use by several threads.
 */
public final class Asked {

  private final Tasks tasks;
  private final ResourceGroups groups;
  private final Instances instances;
  private final Progression progression;
  private final ZoneId zone;
  private final Clock clock;

  /**
   * @param zone of tasks without a schedule
   */
  public Asked(
      Tasks tasks,
      ResourceGroups groups,
      Instances instances,
      Progression progression,
      ZoneId zone,
      Clock clock) {
    this.tasks = tasks;
    this.groups = groups;
    this.instances = instances;
    this.progression = progression;
    this.zone = zone;
    this.clock = clock;
  }

  /** The instances by task, in the order of ids, and what came of moving them on. */
  public record Made(SortedMap<Long, Long> instances, Progression.Outcome outcome) {}

  /**
   * Test instances for a business date, each at the first time of its schedule that day. Each runs
   * once that time has come.
   *
   * @param ids tasks; one waits for those others of them that it depends on, and for nothing else
   */
  public Made test(Handle handle, Collection<Long> ids, LocalDate businessDate) {
    return make(
        handle,
        ids,
        InstanceKind.TEST,
        version -> tested(version.definition().schedule(), businessDate, zone));
  }

  /**
   * Instances that run now, with the values of now.
   *
   * @param ids as for {@link #test}
   */
  public Made manual(Handle handle, Collection<Long> ids) {
    Instant now = Instant.ofEpochSecond(clock.instant().getEpochSecond());
    return make(
        handle,
        ids,
        InstanceKind.MANUAL,
        version -> {
          LocalDateTime time = LocalDateTime.ofInstant(now, zone(version.definition().schedule()));
          return new Occurrence(now, time, time.toLocalDate().minusDays(1), false, "");
        });
  }

  /**
   * When a test for a business date is planned: at the first time of the schedule that day.
   *
   * @param otherwise the zone of a task without a schedule
   */
  public static Occurrence tested(
      @Nullable Schedule schedule, LocalDate businessDate, ZoneId otherwise) {
    LocalDateTime midnight = businessDate.plusDays(1).atStartOfDay();
    ZoneId zone = schedule == null ? otherwise : schedule.zone();
    Occurrence fallback =
        new Occurrence(midnight.atZone(zone).toInstant(), midnight, businessDate, false, "");
    return schedule == null
        ? fallback
        : schedule.effective(null, null).occurrencesOf(businessDate).stream()
            .findFirst()
            // A test runs real code, also on a day on which the task would not.
            .map(one -> new Occurrence(one.at(), one.time(), businessDate, false, ""))
            .orElse(fallback);
  }

  private ZoneId zone(@Nullable Schedule schedule) {
    return schedule == null ? zone : schedule.zone();
  }

  private Made make(
      Handle handle,
      Collection<Long> ids,
      InstanceKind kind,
      Function<TaskVersion, Occurrence> when) {
    SortedMap<Long, TaskVersion> versions = new TreeMap<>();
    for (long id : new TreeSet<>(ids)) {
      versions.put(id, version(handle, id));
    }
    Map<Long, Occurrence> occurrences = new HashMap<>();
    versions.forEach((id, version) -> occurrences.put(id, when.apply(version)));
    // Of all at once, and above all that were: so nobody waits for an instance of another run.
    long runKey = nextRun(handle, versions.keySet(), kind);
    SortedMap<Long, Long> made = new TreeMap<>();
    versions.forEach(
        (id, version) -> {
          Blueprint blueprint = Blueprint.of(handle, groups, tasks.get(handle, id), version);
          NewInstance wanted =
              blueprint.asked(
                  kind, runKey, occurrences.get(id), ancestors(handle, id, occurrences));
          made.put(id, instances.create(handle, List.of(wanted), clock.instant()).get(0));
        });
    return new Made(made, progression.advance(handle, made.values(), clock.instant()));
  }

  private List<NewInstance.Ancestor> ancestors(
      Handle handle, long id, Map<Long, Occurrence> occurrences) {
    return tasks.upstream(handle, id).entrySet().stream()
        .filter(edge -> edge.getValue() == Dependency.Kind.SAME_CYCLE)
        .filter(edge -> occurrences.containsKey(edge.getKey()))
        .map(edge -> new NewInstance.Ancestor(edge.getKey(), occurrences.get(edge.getKey()).at()))
        .toList();
  }

  private TaskVersion version(Handle handle, long id) {
    Task task = tasks.lock(handle, id).orElseThrow(() -> wrong("there is no task " + id));
    if (task.published() == 0) {
      throw wrong("task '" + task.name() + "' has no published version; publish it first");
    }
    return tasks.version(handle, id, task.published());
  }

  private static long nextRun(Handle handle, Collection<Long> ids, InstanceKind kind) {
    long most = 0;
    for (long id : ids) {
      most =
          Math.max(
              most,
              handle
                  .createQuery(
                      "SELECT COALESCE(MAX(run_key), 0) FROM instance"
                          + " WHERE task_id = :task AND kind = :kind")
                  .bind("task", id)
                  .bind("kind", kind.name())
                  .mapTo(Long.class)
                  .one());
    }
    return most + 1;
  }

  private static MillraceException wrong(String what) {
    return new MillraceException(StandardError.CONFIGURATION, what);
  }
}
