package io.millrace.benchmarks.scheduler;

import io.millrace.engine.attempt.AttemptResult;
import io.millrace.engine.attempt.Progress;
import io.millrace.engine.attempt.RunState;
import io.millrace.engine.task.DataSourceLookup;
import io.millrace.scheduler.Scheduler;
import io.millrace.scheduler.SchedulerSettings;
import io.millrace.scheduler.group.ResourceGroup;
import io.millrace.scheduler.instance.Operations;
import io.millrace.scheduler.runner.RunDirectories;
import io.millrace.scheduler.runner.RunOrder;
import io.millrace.scheduler.runner.RunOutcome;
import io.millrace.scheduler.runner.Runner;
import io.millrace.scheduler.runner.RunningAttempt;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.StoreSettings;
import io.millrace.scheduler.task.Publishing;
import io.millrace.scheduler.task.RunSettings;
import io.millrace.scheduler.task.TaskDefinition;
import io.millrace.scheduler.task.TaskKind;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A scheduler over its store, as a server has it. */
final class Bench implements AutoCloseable {

  static final Operations.By ME = new Operations.By("bench", "");

  private static final int SLOTS = 32;

  private static final String SCRIPT =
      """
      reader:
        stream:
          sliceRecordCount: 1
          column: [{type: long, value: 1}]
      writer:
        stream: {print: false}
      setting: {channels: 1}
      """;

  final Database database;
  final Scheduler scheduler;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);

  /** Over a new store in a file, with attempts that do nothing and succeed. */
  Bench(Path directory) {
    this.database = Database.open(StoreSettings.file(directory));
    this.scheduler = scheduler(directory, this::succeed, name -> Optional.empty());
  }

  /**
   * With attempts that are carried out.
   *
   * @param store an empty one
   */
  Bench(StoreSettings store, Path directory, Runner runner, DataSourceLookup dataSources) {
    this.database = Database.open(store);
    this.scheduler = scheduler(directory, runner, dataSources);
  }

  private Scheduler scheduler(Path directory, Runner runner, DataSourceLookup dataSources) {
    Scheduler made =
        Scheduler.create(
            database,
            SchedulerSettings.of("bench", ZoneOffset.UTC),
            new Scheduler.Execution(
                runner, new RunDirectories(directory.resolve("runs")), dataSources),
            (handle, by, action, subject, detail) -> {},
            Clock.systemUTC());
    database.useTransaction(
        handle -> made.groups().resize(handle, ResourceGroup.DEFAULT_NAME, SLOTS, SLOTS));
    return made;
  }

  private RunningAttempt succeed(RunOrder order, Consumer<RunOutcome> done) {
    AttemptResult result =
        new AttemptResult(
            RunState.SUCCESS,
            false,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            1,
            0,
            0,
            null,
            "",
            List.of(),
            0,
            0,
            0,
            "",
            null);
    threads.execute(
        () -> done.accept(new RunOutcome(order.instanceId(), order.attempt(), true, result)));
    return new RunningAttempt() {
      @Override
      public long instanceId() {
        return order.instanceId();
      }

      @Override
      public int attempt() {
        return order.attempt();
      }

      @Override
      public void cancel(String reason) {}

      @Override
      public Progress progress() {
        throw new UnsupportedOperationException();
      }
    };
  }

  static TaskDefinition definition(@Nullable Schedule schedule) {
    return new TaskDefinition(
        TaskKind.SYNC, SCRIPT, schedule, RunSettings.DEFAULT, Map.of("dt", "$bizdate"), List.of());
  }

  /** Makes and publishes a task that does nothing; returns its id. */
  long task(String name, @Nullable Schedule schedule) {
    return task(name, definition(schedule));
  }

  /** Makes and publishes a task; returns its id. */
  long task(String name, TaskDefinition definition) {
    long id =
        database.inTransaction(
            handle -> scheduler.tasks().create(handle, name, "bench", definition).id());
    scheduler.taskOperations().publish(id, new Publishing.By("bench", Instant.now(), ""));
    return id;
  }

  @Override
  public void close() {
    scheduler.close();
    database.close();
    threads.shutdown();
  }
}
