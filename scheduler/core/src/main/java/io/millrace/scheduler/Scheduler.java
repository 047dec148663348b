package io.millrace.scheduler;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.engine.task.DataSourceLookup;
import io.millrace.scheduler.backfill.Backfill;
import io.millrace.scheduler.backfill.Backfills;
import io.millrace.scheduler.dispatch.Attempts;
import io.millrace.scheduler.dispatch.Dispatcher;
import io.millrace.scheduler.dispatch.Lease;
import io.millrace.scheduler.dispatch.Nodes;
import io.millrace.scheduler.dispatch.Queue;
import io.millrace.scheduler.dispatch.Settlement;
import io.millrace.scheduler.dispatch.Waiting;
import io.millrace.scheduler.generate.Asked;
import io.millrace.scheduler.generate.Generator;
import io.millrace.scheduler.generate.Horizon;
import io.millrace.scheduler.generate.Reconciler;
import io.millrace.scheduler.group.ResourceGroups;
import io.millrace.scheduler.instance.Instances;
import io.millrace.scheduler.instance.Operations;
import io.millrace.scheduler.instance.Progression;
import io.millrace.scheduler.quartz.Clockwork;
import io.millrace.scheduler.runner.RunDirectories;
import io.millrace.scheduler.runner.Runner;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.NodeTime;
import io.millrace.scheduler.store.StoreClock;
import io.millrace.scheduler.task.Publishing;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.Tasks;
import io.millrace.scheduler.task.Workflows;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scheduler of one node, put together. It does nothing by itself before {@link #start}. Safe
 * for use by several threads.
 */
public final class Scheduler implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(Scheduler.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(30);

  /** How late something can be whose time the node that made it could not tell to Quartz. */
  private static final Duration RELEASE_EVERY = Duration.ofSeconds(5);

  private final Database database;
  private final SchedulerSettings settings;
  private final Tasks tasks = new Tasks();
  private final Workflows workflows = new Workflows();
  private final ResourceGroups groups = new ResourceGroups();
  private final Instances instances = new Instances();
  private final Attempts attempts = new Attempts();
  private final Progression progression = new Progression(instances);
  private final Follow follow;
  private final Dispatcher dispatcher;
  private final Settlement settlement;
  private final Lease lease;
  private final TaskOperations taskOperations;
  private final Operations operations;
  private final Clockwork clockwork;
  private final Backfills backfills;
  private final Upkeep upkeep;
  private final ScheduledThreadPoolExecutor looks;

  /**
   * What carries attempts out.
   *
   * @param dataSources knows the data sources that scripts name
   */
  public record Execution(
      Runner runner, RunDirectories directories, DataSourceLookup dataSources) {}

  /** Who does something, when it is written down. */
  @FunctionalInterface
  public interface Auditor {
    void record(Handle handle, Operations.By by, String action, String subject, String detail);
  }

  /** Puts a scheduler together that is the only one of its store, which stays the caller's. */
  public static Scheduler create(
      Database database,
      SchedulerSettings settings,
      Execution execution,
      Auditor auditor,
      Clock clock) {
    return new Scheduler(database, settings, execution, auditor, clock, NodeTime.SAME);
  }

  /**
   * Puts a scheduler together; the store and its clock stay the caller's.
   *
   * @param clock the store's time, by which everything is decided
   */
  public static Scheduler create(
      Database database,
      SchedulerSettings settings,
      Execution execution,
      Auditor auditor,
      StoreClock clock) {
    return new Scheduler(database, settings, execution, auditor, clock, clock);
  }

  private Scheduler(
      Database database,
      SchedulerSettings settings,
      Execution execution,
      Auditor auditor,
      Clock clock,
      NodeTime time) {
    this.database = database;
    this.settings = settings;
    this.follow = new Follow(auditor);
    database.useTransaction(groups::ensureDefault);
    Definitions definitions = new Definitions(database, tasks);
    Nodes nodes = new Nodes(database.dialect(), settings.lease());
    this.settlement =
        new Settlement(
            database,
            attempts,
            progression,
            nodes,
            instance -> definitions.of(instance).version().definition().run(),
            follow::follow,
            clock);
    EngineLauncher launcher =
        new EngineLauncher(database, definitions, attempts, execution, settings.zone(), clock);
    this.dispatcher =
        new Dispatcher(
            database,
            groups,
            new Queue(groups, attempts, launcher),
            settlement,
            new TellingLauncher(launcher, follow::running),
            instance -> definitions.of(instance).version().definition().run(),
            clock);
    this.lease =
        new Lease(
            database, nodes, settlement, dispatcher, settings.node(), time, this::clockIsTolerable);
    Generator generator =
        new Generator(
            database,
            tasks,
            groups,
            instances,
            progression,
            new Horizon(settings.nightly(), settings.zone()),
            clock);
    this.taskOperations =
        new TaskOperations(
            database,
            tasks,
            workflows,
            new TaskOperations.Parts(
                new Publishing(tasks, groups, new EngineCheck(execution, settings.zone(), clock)),
                generator,
                new Asked(tasks, groups, instances, progression, settings.zone(), clock),
                new Reconciler(database, tasks, generator, progression, settings.keep(), clock)),
            auditor,
            follow::follow);
    this.operations =
        new Operations(
            database,
            instances,
            progression,
            instance -> definitions.of(instance).version().definition().run().rerun(),
            follow,
            clock);
    this.backfills =
        new Backfills(
            database, tasks, groups, instances, progression, follow, settings.zone(), clock);
    this.upkeep =
        new Upkeep(
            database,
            new Upkeep.Parts(progression, generator, backfills),
            follow,
            execution.directories(),
            settings.keep(),
            clock);
    this.clockwork = Clockwork.create(database, settings.node(), time, upkeep);
    follow.connect(clockwork, dispatcher, backfills);
    this.looks =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "millrace-reconciler");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Takes up work: what an earlier life has left, what was missed, and what comes. */
  public void start() {
    lease.start();
    Horizon nights = new Horizon(settings.nightly(), settings.zone());
    clockwork.nightly(now -> nights.next(Clock.fixed(now, ZoneOffset.UTC)));
    clockwork.every(RELEASE_EVERY);
    upkeep.begin();
    clockwork.start();
    dispatcher.start(lease);
    dispatcher.wake();
    if (settings.reconcile()) {
      looks.scheduleWithFixedDelay(
          upkeep::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void clockIsTolerable(boolean is) {
    if (is) {
      clockwork.start();
    } else {
      clockwork.pause();
    }
  }

  /** Makes the recurring instances that are to be there by now. */
  void nightly() {
    upkeep.makeNow();
  }

  /** Has somebody told of every change of instances, after it is durable. */
  public void onChange(Consumer<Progression.Outcome> listener) {
    follow.onChange(listener);
  }

  /**
   * Has somebody told of each backfill that has ended in a way its maker wanted to be told of. Not
   * told again after a crash.
   */
  public void onAlert(Consumer<Backfill> listener) {
    follow.onAlert(listener);
  }

  /** Has the dispatcher look at once, because a group has changed. */
  public void wake() {
    dispatcher.wake();
  }

  /** How long the dispatcher's last look took. */
  public Duration lastTick() {
    return dispatcher.lastTick();
  }

  /** How often the dispatcher has looked. */
  public long ticks() {
    return dispatcher.ticks();
  }

  /** Why an instance has not begun, one line for each reason. */
  public List<String> waiting(long instance) {
    return database.with(
        handle -> new Waiting(groups).reasons(handle, instances.get(handle, instance)));
  }

  public Database database() {
    return database;
  }

  public Tasks tasks() {
    return tasks;
  }

  public Workflows workflows() {
    return workflows;
  }

  /** What people do with tasks and workflows. */
  public TaskOperations taskOperations() {
    return taskOperations;
  }

  public ResourceGroups groups() {
    return groups;
  }

  public Instances instances() {
    return instances;
  }

  public Attempts attempts() {
    return attempts;
  }

  /** What people do with instances. */
  public Operations operations() {
    return operations;
  }

  public Backfills backfills() {
    return backfills;
  }

  /** How many attempts run on this node. */
  public int running() {
    return dispatcher.running();
  }

  /** Starts nothing new, and waits until what runs here has ended, at most for the given time. */
  public boolean drain(Duration most) {
    dispatcher.drain();
    return dispatcher.awaitIdle(most);
  }

  /** Ends what runs here; another node, or the next start, goes on with it. */
  @Override
  public void close() {
    looks.shutdown();
    upkeep.close();
    clockwork.close();
    dispatcher.drain();
    settlement.handOver();
    dispatcher.cancelAll("the server stops; the next attempt continues");
    drain(Duration.ofSeconds(10));
    dispatcher.close();
    lease.close();
  }

  /** The task of this name. */
  public Task task(String name) {
    return database.with(
        handle ->
            tasks
                .find(handle, name)
                .orElseThrow(
                    () ->
                        new MillraceException(
                            StandardError.CONFIGURATION, "there is no task '" + name + "'")));
  }
}
