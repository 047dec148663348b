package io.millrace.scheduler;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.engine.task.DataSourceLookup;
import io.millrace.scheduler.backfill.Backfill;
import io.millrace.scheduler.backfill.Backfills;
import io.millrace.scheduler.dispatch.Attempts;
import io.millrace.scheduler.dispatch.Dispatcher;
import io.millrace.scheduler.dispatch.Launcher;
import io.millrace.scheduler.dispatch.Lease;
import io.millrace.scheduler.dispatch.Nodes;
import io.millrace.scheduler.dispatch.Picked;
import io.millrace.scheduler.dispatch.Queue;
import io.millrace.scheduler.dispatch.Settlement;
import io.millrace.scheduler.dispatch.Waiting;
import io.millrace.scheduler.generate.Asked;
import io.millrace.scheduler.generate.Generator;
import io.millrace.scheduler.generate.Horizon;
import io.millrace.scheduler.generate.Making;
import io.millrace.scheduler.generate.Reconciler;
import io.millrace.scheduler.group.ResourceGroups;
import io.millrace.scheduler.instance.History;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.Instances;
import io.millrace.scheduler.instance.Operation;
import io.millrace.scheduler.instance.Operations;
import io.millrace.scheduler.instance.Progression;
import io.millrace.scheduler.quartz.Clockwork;
import io.millrace.scheduler.runner.Retention;
import io.millrace.scheduler.runner.RunDirectories;
import io.millrace.scheduler.runner.Runner;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.task.Publishing;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.Tasks;
import io.millrace.scheduler.task.Workflows;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
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
  private final Clock clock;
  private final Tasks tasks = new Tasks();
  private final Workflows workflows = new Workflows();
  private final ResourceGroups groups = new ResourceGroups();
  private final Instances instances = new Instances();
  private final Attempts attempts = new Attempts();
  private final Progression progression = new Progression(instances);
  private final List<Consumer<Progression.Outcome>> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<Backfill>> alerted = new CopyOnWriteArrayList<>();
  private final Dispatcher dispatcher;
  private final Settlement settlement;
  private final Lease lease;
  private final Generator generator;
  private final TaskOperations taskOperations;
  private final Making making;
  private final Operations operations;
  private final Clockwork clockwork;
  private final Backfills backfills;
  private final Retention retention;
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

  /** Puts a scheduler together; the store stays the caller's. */
  public static Scheduler create(
      Database database,
      SchedulerSettings settings,
      Execution execution,
      Auditor auditor,
      Clock clock) {
    return new Scheduler(database, settings, execution, auditor, clock);
  }

  private Scheduler(
      Database database,
      SchedulerSettings settings,
      Execution execution,
      Auditor auditor,
      Clock clock) {
    this.database = database;
    this.settings = settings;
    this.clock = clock;
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
            this::follow,
            clock);
    EngineLauncher launcher =
        new EngineLauncher(database, definitions, attempts, execution, settings.zone(), clock);
    this.dispatcher =
        new Dispatcher(
            database,
            groups,
            new Queue(groups, attempts, launcher),
            settlement,
            new Telling(launcher),
            instance -> definitions.of(instance).version().definition().run(),
            clock);
    this.lease = new Lease(database, nodes, settlement, dispatcher, settings.node());
    this.generator =
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
                new Publishing(
                    tasks,
                    groups,
                    new EngineCheck(execution.dataSources(), settings.zone(), clock)),
                generator,
                new Asked(tasks, groups, instances, progression, settings.zone(), clock),
                new Reconciler(database, tasks, generator, progression, settings.keep(), clock)),
            auditor,
            this::follow);
    this.operations =
        new Operations(
            database,
            instances,
            progression,
            instance -> definitions.of(instance).version().definition().run().rerun(),
            new Effects(auditor),
            clock);
    this.retention = new Retention(execution.directories(), settings.keep(), this::isInUse, clock);
    this.backfills =
        new Backfills(
            database,
            tasks,
            groups,
            instances,
            progression,
            new Moves(auditor),
            settings.zone(),
            clock);
    this.clockwork = Clockwork.create(database, settings.node(), new Due());
    this.making = new Making(goOn -> generator.all(this::made, goOn), clockwork::nightlyAgain);
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
    clockwork.nightly(() -> nights.next(Clock.systemUTC()));
    clockwork.every(RELEASE_EVERY);
    making.begin();
    clockwork.at(database.with(progression::times));
    clockwork.at(backfills.onTime());
    clockwork.start();
    dispatcher.start(lease);
    dispatcher.wake();
    if (settings.reconcile()) {
      looks.scheduleWithFixedDelay(
          this::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Makes the recurring instances that are to be there by now. */
  void nightly() {
    making.now();
  }

  private void made(Generator.Made made) {
    made.skipped()
        .forEach(
            (task, skipped) ->
                logger.warn(
                    "Task {}: {} instances that were missed are not made: {}",
                    task,
                    skipped.size(),
                    skipped.get(0).reason()));
    try {
      follow(made.outcome());
    } catch (RuntimeException e) {
      logger.error("What follows new instances failed; the next look does it", e);
    }
  }

  /** What Quartz should have done. */
  private void look() {
    try {
      follow(release());
      clockwork.at(backfills.onTime());
      follow(database.inTransaction(handle -> progression.catchUp(handle, clock.instant())));
    } catch (RuntimeException e) {
      logger.warn("Looking for what is overdue failed: {}", e.toString());
    }
  }

  private void forget() {
    Instant before = clock.instant().minus(settings.keep());
    int forgotten;
    do {
      forgotten = database.inTransaction(handle -> new History().forget(handle, before));
    } while (forgotten > 0);
    backfills.forget(before);
    retention.sweep();
  }

  /** True when the run directory of an instance may still be needed. */
  private boolean isInUse(long instance) {
    return database
        .with(handle -> instances.find(handle, instance))
        .filter(one -> !one.state().isEnd())
        .isPresent();
  }

  private Progression.Outcome release() {
    return database.inTransaction(handle -> progression.releaseDue(handle, clock.instant()));
  }

  private void follow(Progression.Outcome outcome) {
    tell(outcome);
    if (!outcome.changed().isEmpty()) {
      backfills.onSettled(outcome.changed());
    }
  }

  private void tell(Progression.Outcome outcome) {
    clockwork.at(outcome.times());
    if (outcome.ready()) {
      dispatcher.wake();
    }
    if (!outcome.changed().isEmpty()) {
      for (Consumer<Progression.Outcome> listener : listeners) {
        try {
          listener.accept(outcome);
        } catch (RuntimeException e) {
          logger.error("Somebody who follows instances failed", e);
        }
      }
    }
  }

  /** Has somebody told of every change of instances, after it is durable. */
  public void onChange(Consumer<Progression.Outcome> listener) {
    listeners.add(listener);
  }

  /**
   * Has somebody told of each backfill that has ended in a way its maker wanted to be told of. Not
   * told again after a crash.
   */
  public void onAlert(Consumer<Backfill> listener) {
    alerted.add(listener);
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
    making.close();
    clockwork.close();
    dispatcher.drain();
    settlement.handOver();
    dispatcher.cancelAll("the server stops; the next attempt continues");
    drain(Duration.ofSeconds(10));
    dispatcher.close();
    lease.close();
  }

  /** What is done when Quartz says so. */
  private final class Due implements Clockwork.Work {

    @Override
    public void release() {
      try {
        follow(Scheduler.this.release());
        clockwork.at(backfills.onTime());
      } catch (RuntimeException e) {
        logger.error("Releasing what is due failed; it is tried again in {}", RELEASE_EVERY, e);
      }
    }

    @Override
    public void nightly() {
      try {
        Scheduler.this.nightly();
      } catch (RuntimeException e) {
        logger.error("Making instances was broken off; it is tried again: {}", e.toString());
        making.begin();
      }
      // Also of those that a node made which died before it could say when they are due.
      clockwork.at(database.with(progression::times));
      forget();
    }
  }

  /** Tells that an instance runs: its row says so before it is started. */
  private final class Telling implements Launcher {
    private final Launcher launcher;

    Telling(Launcher launcher) {
      this.launcher = launcher;
    }

    @Override
    public void reserve(Instance instance, int attempt) {
      launcher.reserve(instance, attempt);
    }

    @Override
    public Started start(Picked picked, Consumer<Ended> done) {
      Started started = launcher.start(picked, done);
      tell(new Progression.Outcome(Set.of(), false, Set.of(picked.instance().id())));
      return started;
    }
  }

  private final class Moves implements Backfills.Listener {
    private final Auditor auditor;

    Moves(Auditor auditor) {
      this.auditor = auditor;
    }

    @Override
    public void audit(Handle handle, Operations.By by, String action, long id, String detail) {
      auditor.record(handle, by, "backfill." + action, "backfill/" + id, detail);
    }

    @Override
    public void moved(Progression.Outcome outcome) {
      // Dry runs have ended already.
      follow(outcome);
    }

    @Override
    public void stop(long instance, String reason) {
      dispatcher.cancel(instance, reason);
    }

    @Override
    public void alert(Backfill ended) {
      for (Consumer<Backfill> listener : alerted) {
        try {
          listener.accept(ended);
        } catch (RuntimeException e) {
          logger.error("Somebody who takes alerts failed", e);
        }
      }
    }
  }

  private final class Effects implements Operations.Effects {
    private final Auditor auditor;

    Effects(Auditor auditor) {
      this.auditor = auditor;
    }

    @Override
    public void audit(Handle handle, Operations.By by, Operation operation, Instance before) {
      auditor.record(
          handle, by, operation.name(), "instance " + before.id(), "was " + before.state());
    }

    @Override
    public void follow(Progression.Outcome outcome) {
      Scheduler.this.follow(outcome);
    }

    @Override
    public void cancel(long instance, String reason) {
      dispatcher.cancel(instance, reason);
    }
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
