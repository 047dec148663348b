package io.millrace.scheduler;

import io.millrace.engine.attempt.AttemptResult;
import io.millrace.engine.attempt.Progress;
import io.millrace.engine.attempt.RunState;
import io.millrace.engine.task.TaskSpec;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.Instances;
import io.millrace.scheduler.instance.Operations;
import io.millrace.scheduler.runner.RunDirectories;
import io.millrace.scheduler.runner.RunOrder;
import io.millrace.scheduler.runner.RunOutcome;
import io.millrace.scheduler.runner.Runner;
import io.millrace.scheduler.runner.RunningAttempt;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.task.Dependency;
import io.millrace.scheduler.task.Publishing;
import io.millrace.scheduler.task.RunSettings;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.TaskDefinition;
import io.millrace.scheduler.task.TaskKind;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A whole scheduler whose attempts do nothing but succeed, or what the test says. */
public final class SchedulerScene implements AutoCloseable {

  public static final Operations.By ME = new Operations.By("me", "because");

  /** A task that the engine can read; nothing runs it here. */
  static final String SCRIPT =
      """
      reader:
        stream:
          sliceRecordCount: 1
          column: [{type: long, value: 1}]
      writer:
        stream: {print: false}
      setting: {channels: 1}
      """;

  public final Database database;
  public final Scheduler scheduler;
  public final Queue<RunOrder> orders = new ConcurrentLinkedQueue<>();

  /** Who did what to what, in which detail, and why. */
  public final Queue<String> audited = new ConcurrentLinkedQueue<>();

  /** How attempts end. */
  public volatile Function<RunOrder, RunState> outcome = order -> RunState.SUCCESS;

  /** Refuses tasks before they run. */
  public volatile Consumer<TaskSpec> check = task -> {};

  public SchedulerScene(Database database, Clock clock, Path directory) {
    this(database, clock, directory, SchedulerSettings.of("one", ZoneOffset.UTC));
  }

  public SchedulerScene(
      Database database, Clock clock, Path directory, SchedulerSettings settings) {
    this.database = database;
    Runner runner =
        new Runner() {
          @Override
          public RunningAttempt start(RunOrder order, Consumer<RunOutcome> done) {
            orders.add(order);
            return end(order, outcome.apply(order), done);
          }

          @Override
          public void check(TaskSpec task) {
            check.accept(task);
          }
        };
    this.scheduler =
        Scheduler.create(
            database,
            settings,
            new Scheduler.Execution(
                runner, new RunDirectories(directory), name -> Optional.empty()),
            (handle, by, action, subject, detail) ->
                audited.add(
                    by.who() + " " + action + " " + subject + " " + detail + " (" + by.why() + ")"),
            clock);
  }

  private static RunningAttempt end(RunOrder order, RunState state, Consumer<RunOutcome> done) {
    AttemptResult result =
        new AttemptResult(
            state, false, 1, 1, 0, 0, 8, 0, 0, 1, 1, 1, null, "", List.of(), 0, 0, 0, "", null);
    Thread thread =
        new Thread(
            () -> done.accept(new RunOutcome(order.instanceId(), order.attempt(), true, result)));
    thread.start();
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

  /** Makes and publishes a task. */
  public Task task(
      String name, @Nullable Schedule schedule, RunSettings run, Dependency... dependencies) {
    TaskDefinition definition =
        new TaskDefinition(
            TaskKind.SYNC, SCRIPT, schedule, run, Map.of("dt", "$bizdate"), List.of(dependencies));
    Task task =
        database.inTransaction(handle -> scheduler.tasks().create(handle, name, "me", definition));
    publish(task);
    return database.with(handle -> scheduler.tasks().get(handle, task.id()));
  }

  public void publish(Task task) {
    scheduler
        .taskOperations()
        .publish(
            task.id(), new Publishing.By("me", java.time.Instant.EPOCH.plusSeconds(1), "first"));
  }

  /** All instances of a task, by scheduled time. */
  public List<Instance> instances(Task task) {
    return database.with(
        handle ->
            handle
                .createQuery(
                    "SELECT * FROM instance WHERE task_id = :task ORDER BY scheduled_at, kind, id")
                .bind("task", task.id())
                .map((row, context) -> Instances.instance(row))
                .list());
  }

  /** Local scheduled time, business date and state of each. */
  public List<String> listed(Task task) {
    return instances(task).stream()
        .map(one -> one.scheduledTime() + " " + one.businessDate() + " " + one.state())
        .toList();
  }

  @Override
  public void close() {
    scheduler.close();
    database.close();
  }
}
