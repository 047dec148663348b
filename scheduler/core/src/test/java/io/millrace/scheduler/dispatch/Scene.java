package io.millrace.scheduler.dispatch;

import io.millrace.scheduler.ManualClock;
import io.millrace.scheduler.group.GroupKind;
import io.millrace.scheduler.group.ResourceGroup;
import io.millrace.scheduler.group.ResourceGroups;
import io.millrace.scheduler.instance.Again;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.InstanceKind;
import io.millrace.scheduler.instance.Instances;
import io.millrace.scheduler.instance.NewInstance;
import io.millrace.scheduler.instance.Operation;
import io.millrace.scheduler.instance.Operations;
import io.millrace.scheduler.instance.Progression;
import io.millrace.scheduler.instance.RunMode;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.task.Rerun;
import io.millrace.scheduler.task.RunSettings;
import io.millrace.scheduler.task.TaskDefinition;
import io.millrace.scheduler.task.TaskKind;
import io.millrace.scheduler.task.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** A dispatcher over a store, whose attempts end when the test says so. */
public final class Scene implements Launcher {

  public static final Instant START = Instant.parse("2026-03-10T00:00:00Z");

  public final Database database;
  public final ManualClock clock = new ManualClock(START);
  public final ResourceGroups groups = new ResourceGroups();
  public final Instances instances = new Instances();
  public final Progression progression = new Progression(instances);
  public final Attempts attempts = new Attempts();
  public final Tasks tasks = new Tasks();
  public final Nodes nodes;
  public final Settlement settlement;
  public final Dispatcher dispatcher;
  public final Operations operations;
  public final Map<Long, Running> running = new ConcurrentSkipListMap<>();
  public final List<Long> begun = new ArrayList<>();
  public final List<String> audited = new ArrayList<>();
  public final List<Picked> picked = new ArrayList<>();
  public RunSettings settings = RunSettings.DEFAULT;
  private Node node;

  /** An attempt that has begun. */
  public record Running(Picked picked, Consumer<Ended> done, List<String> cancelled) {}

  public Scene(Database database) {
    this(database, "one");
  }

  /** One of several nodes of a store. */
  public Scene(Database database, String name) {
    this.database = database;
    this.nodes = new Nodes(database.dialect(), Duration.ofSeconds(30));
    this.settlement =
        new Settlement(
            database, attempts, progression, nodes, one -> settings, outcome -> {}, clock);
    this.dispatcher =
        new Dispatcher(
            database,
            groups,
            new Queue(groups, attempts, this),
            settlement,
            this,
            one -> settings,
            clock);
    this.operations =
        new Operations(
            database,
            instances,
            progression,
            one -> settings.rerun(),
            new Operations.Effects() {
              @Override
              public void audit(
                  Handle handle, Operations.By by, Operation operation, Instance before) {
                audited.add(by.who() + " " + operation + " " + before.id());
              }

              @Override
              public void follow(Progression.Outcome outcome) {}

              @Override
              public void cancel(long instance, String reason) {
                dispatcher.cancel(instance, reason);
              }
            },
            clock);
    database.useTransaction(groups::ensureDefault);
    node = database.inTransaction(handle -> nodes.register(handle, name));
  }

  /** This node; a test may put another epoch in its place. */
  public Node node() {
    return node;
  }

  public void register(String name) {
    node = database.inTransaction(handle -> nodes.register(handle, name));
  }

  /** Gives out slots once. */
  public void tick() {
    dispatcher.tick(node);
  }

  @Override
  public void reserve(Instance instance, int attempt) {}

  @Override
  public Started start(Picked one, Consumer<Ended> done) {
    long id = one.instance().id();
    begun.add(id);
    picked.add(one);
    List<String> cancelled = new ArrayList<>();
    running.put(id, new Running(one, done, cancelled));
    return cancelled::add;
  }

  public void succeed(long id) {
    running.remove(id).done().accept(new Ended(true, 10, 10, 0, 100, null, ""));
  }

  public void fail(long id, String message) {
    running.remove(id).done().accept(new Ended(false, 5, 0, 0, 50, "DBUtilErrorCode-05", message));
  }

  public ResourceGroup group(String name, int slots, int backfillMinimum) {
    return database.inTransaction(
        handle ->
            groups.create(
                handle, new ResourceGroup(0, name, GroupKind.CUSTOM, slots, backfillMinimum)));
  }

  public long task(String name) {
    TaskDefinition definition =
        new TaskDefinition(TaskKind.SYNC, "", null, RunSettings.DEFAULT, Map.of(), List.of());
    return database.inTransaction(handle -> tasks.create(handle, name, "me", definition).id());
  }

  /** What a new instance is like. */
  public record Spec(
      long task,
      InstanceKind kind,
      RunMode mode,
      int day,
      int priority,
      int slots,
      long group,
      int maxParallel,
      List<Long> upstream) {

    public Spec day(int value) {
      return new Spec(task, kind, mode, value, priority, slots, group, maxParallel, upstream);
    }

    public Spec kind(InstanceKind value) {
      return new Spec(task, value, mode, day, priority, slots, group, maxParallel, upstream);
    }

    public Spec mode(RunMode value) {
      return new Spec(task, kind, value, day, priority, slots, group, maxParallel, upstream);
    }

    public Spec priority(int value) {
      return new Spec(task, kind, mode, day, value, slots, group, maxParallel, upstream);
    }

    public Spec slots(int value) {
      return new Spec(task, kind, mode, day, priority, value, group, maxParallel, upstream);
    }

    public Spec in(ResourceGroup value) {
      return new Spec(task, kind, mode, day, priority, slots, value.id(), maxParallel, upstream);
    }

    public Spec maxParallel(int value) {
      return new Spec(task, kind, mode, day, priority, slots, group, value, upstream);
    }

    public Spec after(Long... tasks) {
      return new Spec(task, kind, mode, day, priority, slots, group, maxParallel, List.of(tasks));
    }
  }

  public Spec of(long task) {
    long group = database.with(handle -> groups.get(handle, ResourceGroup.DEFAULT_NAME)).id();
    return new Spec(
        task, InstanceKind.RECURRING, RunMode.NORMAL, 0, 1, 1, group, 10_000, List.of());
  }

  /** Makes an instance and moves it on; day 0 is due now. */
  public long make(Spec spec) {
    Instant at = START.plus(Duration.ofDays(spec.day()));
    LocalDateTime time = LocalDateTime.ofInstant(at, ZoneOffset.UTC);
    NewInstance wanted =
        new NewInstance(
            spec.task(),
            1,
            spec.kind(),
            at,
            0,
            time,
            time.toLocalDate().minusDays(1),
            spec.mode(),
            "",
            at,
            spec.priority(),
            spec.slots(),
            spec.group(),
            spec.maxParallel(),
            "{}",
            spec.upstream().stream().map(up -> new NewInstance.Ancestor(up, at)).toList());
    return database.inTransaction(
        handle -> {
          tasks.lock(handle, spec.task());
          List<Long> made = instances.create(handle, List.of(wanted), clock.instant());
          progression.advance(handle, made, clock.instant());
          return made.isEmpty() ? -1L : made.get(0);
        });
  }

  public Instance get(long id) {
    return database.with(handle -> instances.get(handle, id));
  }

  /** The states of instances, in the given order. */
  public List<String> states(long... ids) {
    List<String> states = new ArrayList<>();
    for (long id : ids) {
      states.add(get(id).state().name());
    }
    return states;
  }

  public int slotsInUse() {
    Map<Long, Integer> used = new TreeMap<>();
    running.forEach((id, one) -> used.put(id, one.picked().instance().slots()));
    return used.values().stream().mapToInt(Integer::intValue).sum();
  }

  public List<Operations.Result> rerun(long id, Again again) {
    return operations.rerun(List.of(id), again, false, new Operations.By("me", "because"));
  }

  /** A rerun property that allows less. */
  public void allow(Rerun rerun) {
    settings =
        new RunSettings(
            settings.group(),
            settings.priority(),
            settings.maxParallel(),
            rerun,
            settings.automaticReruns(),
            settings.rerunMinutes(),
            settings.timeoutMinutes());
  }
}
