package io.millrace.scheduler.backfill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.millrace.api.error.MillraceException;
import io.millrace.scheduler.ManualClock;
import io.millrace.scheduler.group.ResourceGroups;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.instance.Instances;
import io.millrace.scheduler.instance.Operations;
import io.millrace.scheduler.instance.Progression;
import io.millrace.scheduler.schedule.Cycle;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.task.Dependency;
import io.millrace.scheduler.task.Publishing;
import io.millrace.scheduler.task.RunSettings;
import io.millrace.scheduler.task.TaskDefinition;
import io.millrace.scheduler.task.TaskKind;
import io.millrace.scheduler.task.Tasks;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** Backfills over a store; instances run and end when the test says so. */
final class Scene implements Backfills.Listener {

  static final Operations.By ME = new Operations.By("me", "because");

  static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
  static final ZoneId UTC = ZoneOffset.UTC;
  static final Schedule DAILY = Schedule.of(Cycle.daily(LocalTime.of(2, 0)), UTC);
  static final Schedule SIX_HOURS = Schedule.of(Cycle.hours(6, 0, 18, 0), UTC);

  final Database database;
  final ManualClock clock = new ManualClock(START);
  final Tasks tasks = new Tasks();
  final ResourceGroups groups = new ResourceGroups();
  final Instances instances = new Instances();
  final Progression progression = new Progression(instances);
  final Backfills backfills;
  final List<String> stopped = Collections.synchronizedList(new ArrayList<>());
  final List<String> audited = Collections.synchronizedList(new ArrayList<>());
  final List<String> alerts = Collections.synchronizedList(new ArrayList<>());
  final Set<Instant> times = Collections.synchronizedSet(new TreeSet<>());
  volatile Consumer<Progression.Outcome> onMoved = outcome -> {};
  volatile Consumer<Backfill> onAlert = ended -> {};

  Scene(Database database) {
    this.database = database;
    this.backfills =
        new Backfills(database, tasks, groups, instances, progression, this, ZoneOffset.UTC, clock);
    database.useTransaction(groups::ensureDefault);
  }

  @Override
  public void audit(Handle handle, Operations.By by, String action, long id, String detail) {
    audited.add(by.who() + " " + action + " " + detail);
  }

  @Override
  public void moved(Progression.Outcome outcome) {
    times.addAll(outcome.times());
    onMoved.accept(outcome);
    backfills.onSettled(outcome.changed());
  }

  @Override
  public void stop(long instance, String reason) {
    stopped.add(instance + " " + reason);
  }

  @Override
  public void alert(Backfill ended) {
    alerts.add(ended.name() + " " + ended.state() + " " + ended.message());
    onAlert.accept(ended);
  }

  static Dependency on(String task) {
    return new Dependency(task, Dependency.Kind.SAME_CYCLE);
  }

  static Dependency onPrevious(String task) {
    return new Dependency(task, Dependency.Kind.PREVIOUS_CYCLE);
  }

  long task(String name, Schedule schedule, Dependency... dependencies) {
    return task(
        name,
        new TaskDefinition(
            TaskKind.SYNC,
            "script",
            schedule,
            RunSettings.DEFAULT,
            Map.of("dt", "${yyyymmdd}", "at", "$[yyyymmddhh24miss]"),
            List.of(dependencies)));
  }

  long task(String name, TaskDefinition definition) {
    Publishing publishing = new Publishing(tasks, groups, (task, it) -> 1);
    return database.inTransaction(
        handle -> {
          long id = tasks.create(handle, name, "me", definition).id();
          publishing.publish(handle, id, new Publishing.By("me", clock.instant(), ""));
          return id;
        });
  }

  /** From JSON, with single quotes for double ones. */
  static BackfillRequest request(String json) {
    try {
      return JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .build()
          .readValue(json.replace('\'', '"'), BackfillRequest.class);
    } catch (JsonProcessingException e) {
      if (e.getCause() instanceof MillraceException refusal) {
        throw refusal;
      }
      throw new IllegalArgumentException(e);
    }
  }

  /** Of task orders, for these dates of November, with more options. */
  static BackfillRequest orders(int from, int to, String more) {
    return request(
        String.format(
            "{'task':'orders','ranges':[{'from':'2026-11-%02d','to':'2026-11-%02d'}]%s}",
            from, to, more.isEmpty() ? "" : "," + more));
  }

  BackfillPlan plan(BackfillRequest request) {
    return backfills.plan(request);
  }

  long create(BackfillRequest request) {
    return backfills.create(request, ME);
  }

  BackfillState state(long id) {
    return backfills.get(id).backfill().state();
  }

  /** Instances of a backfill in the order of their making. */
  List<Instance> all(long id) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "SELECT * FROM instance WHERE run_key = :id AND kind = 'BACKFILL' ORDER BY id")
                .bind("id", id)
                .map((row, context) -> Instances.instance(row))
                .list());
  }

  private String name(long task) {
    return database.with(handle -> tasks.get(handle, task).name());
  }

  /** Those in a state, as task, day and hour of the business date and scheduled time. */
  List<String> in(long id, InstanceState... states) {
    return all(id).stream()
        .filter(one -> states.length == 0 || List.of(states).contains(one.state()))
        .map(this::words)
        .toList();
  }

  String words(Instance one) {
    String hour =
        one.scheduledTime().getHour() == 2 ? "" : " " + one.scheduledTime().getHour() + "h";
    return name(one.taskId()) + " " + one.businessDate().getDayOfMonth() + hour;
  }

  /** Those that wait for resources. */
  List<String> ready(long id) {
    return in(id, InstanceState.WAITING_FOR_RESOURCES);
  }

  /** Has one begin that waits for resources. */
  long begin(long id, String words) {
    Instance one =
        all(id).stream()
            .filter(it -> it.state() == InstanceState.WAITING_FOR_RESOURCES)
            .filter(it -> words(it).equals(words))
            .findFirst()
            .orElseThrow(() -> new AssertionError(words + " is not among " + ready(id)));
    database.with(
        handle ->
            handle
                .createUpdate(
                    "UPDATE instance SET state = 'RUNNING', attempts = attempts + 1"
                        + " WHERE id = :id AND state = 'WAITING_FOR_RESOURCES'")
                .bind("id", one.id())
                .execute());
    return one.id();
  }

  void end(long instance, boolean success) {
    backfills.onSettled(write(instance, success));
  }

  /** The store's part of an attempt's end. */
  Set<Long> write(long instance, boolean success) {
    return database.inTransaction(
        handle -> {
          handle
              .createUpdate(
                  "UPDATE instance SET state = :state, finished_at = 1, stop_reason = ''"
                      + " WHERE id = :id AND state = 'RUNNING'")
              .bind("id", instance)
              .bind("state", success ? "SUCCEEDED" : "FAILED")
              .execute();
          Set<Long> changed = new HashSet<>(Set.of(instance));
          if (success) {
            changed.addAll(
                progression.succeeded(handle, List.of(instance), clock.instant()).changed());
          }
          return changed;
        });
  }

  void succeed(long id, String... words) {
    for (String each : words) {
      end(begin(id, each), true);
    }
  }

  void fail(long id, String... words) {
    for (String each : words) {
      end(begin(id, each), false);
    }
  }

  /** Lets everything succeed, in the order in which it becomes ready. */
  List<String> finish(long id) {
    List<String> order = new ArrayList<>();
    for (List<String> ready = ready(id); !ready.isEmpty(); ready = ready(id)) {
      order.add(ready.get(0));
      succeed(id, ready.get(0));
    }
    return order;
  }

  /** What Quartz does at a time. */
  Set<Instant> at(Instant time) {
    clock.set(time);
    moved(database.inTransaction(handle -> progression.releaseDue(handle, time)));
    return backfills.onTime();
  }
}
