package io.millrace.scheduler;

import io.millrace.engine.attempt.AttemptResult;
import io.millrace.engine.attempt.RunState;
import io.millrace.engine.runlog.Dispatch;
import io.millrace.engine.task.DataSourceLookup;
import io.millrace.scheduler.dispatch.Attempts;
import io.millrace.scheduler.dispatch.Launcher;
import io.millrace.scheduler.dispatch.Picked;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.parameter.FrozenParameters;
import io.millrace.scheduler.runner.RunDirectories;
import io.millrace.scheduler.runner.RunOrder;
import io.millrace.scheduler.runner.RunOutcome;
import io.millrace.scheduler.runner.Runner;
import io.millrace.scheduler.runner.RunningAttempt;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.store.Database;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** Hands what the dispatcher has picked to the runner. Safe for use by several threads. */
final class EngineLauncher implements Launcher {

  private static final int NOON = 12;

  private final Database database;
  private final Definitions definitions;
  private final Attempts attempts;
  private final Runner runner;
  private final RunDirectories directories;
  private final DataSourceLookup dataSources;
  private final ZoneId zone;
  private final Clock clock;
  private final String installation;

  EngineLauncher(
      Database database,
      Definitions definitions,
      Attempts attempts,
      Scheduler.Execution execution,
      ZoneId zone,
      Clock clock) {
    this.database = database;
    this.definitions = definitions;
    this.attempts = attempts;
    this.runner = execution.runner();
    this.directories = execution.directories();
    this.dataSources = execution.dataSources();
    this.zone = zone;
    this.clock = clock;
    this.installation = database.installation();
  }

  @Override
  public void reserve(Instance instance, int attempt) {
    directories.reserve(instance.id(), instance.generation(), attempt);
  }

  @Override
  public Started start(Picked picked, Consumer<Ended> done) {
    RunningAttempt running = runner.start(order(picked), outcome -> done.accept(ended(outcome)));
    return running::cancel;
  }

  private RunOrder order(Picked picked) {
    Instance instance = picked.instance();
    Definitions.Known known = definitions.of(instance);
    Schedule schedule = known.version().definition().schedule();
    ZoneId taskZone = schedule == null ? zone : schedule.zone();
    FrozenParameters frozen = FrozenParameters.fromJson(instance.parameters());
    Instant now = clock.instant();
    List<Attempts.Row> begun =
        database.with(handle -> attempts.of(handle, instance.id())).stream()
            .filter(one -> one.number() < picked.attempt() && one.begun())
            .toList();
    return new RunOrder(
        instance.id(),
        picked.attempt(),
        new RunOrder.LedgerIdentity(
            installation + "-" + instance.id(), instance.generation(), picked.attempt()),
        begun.stream()
            .filter(one -> one.generation() == instance.generation())
            .map(one -> new RunOrder.EarlierAttempt(one.number(), one.node()))
            .toList(),
        begun.stream()
            .filter(one -> one.generation() < instance.generation())
            .map(one -> new RunOrder.AbandonedAttempt(one.number(), one.generation()))
            .toList(),
        known.name(),
        known.version().definition().script(),
        new RunOrder.Values(
            frozen.values(Long.toString(instance.id())),
            frozen.occasion().businessDate(),
            frozen.occasion().time(),
            taskZone,
            frozen.occasion().today().atTime(NOON, 0).atZone(taskZone).toInstant()),
        dataSources,
        picked.group().pipeline(),
        Objects.requireNonNullElse(instance.readyAt(), now),
        picked.waited().stream().map(text -> new Dispatch.Wait(now, text)).toList());
  }

  private static Ended ended(RunOutcome outcome) {
    AttemptResult result = outcome.result();
    AttemptResult.Failure error = result.error();
    return new Ended(
        result.state() == RunState.SUCCESS,
        outcome.begun(),
        result.read(),
        result.written(),
        result.dirty(),
        result.bytes(),
        error == null ? null : error.code(),
        error == null ? "" : error.message());
  }
}
