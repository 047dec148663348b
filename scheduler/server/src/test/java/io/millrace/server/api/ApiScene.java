package io.millrace.server.api;

import io.millrace.engine.attempt.AttemptResult;
import io.millrace.engine.attempt.Progress;
import io.millrace.engine.attempt.RunState;
import io.millrace.engine.connector.Connectors;
import io.millrace.engine.connector.InstalledDeclarations;
import io.millrace.scheduler.Scheduler;
import io.millrace.scheduler.SchedulerSettings;
import io.millrace.scheduler.datasource.DataSourceStore;
import io.millrace.scheduler.datasource.KeyFile;
import io.millrace.scheduler.runner.LocalRunner;
import io.millrace.scheduler.runner.RunDirectories;
import io.millrace.scheduler.runner.RunOrder;
import io.millrace.scheduler.runner.RunOutcome;
import io.millrace.scheduler.runner.RunningAttempt;
import io.millrace.scheduler.store.Database;
import io.millrace.server.TestClock;
import io.millrace.server.alert.Alerts;
import io.millrace.server.route.Routes;
import io.millrace.server.source.SourceLooks;
import io.millrace.testkit.memory.MemoryConnector;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A scheduler behind the routes, whose attempts end when the test says so. */
final class ApiScene implements AutoCloseable {

  final TestClock clock = new TestClock();
  final RunDirectories directories;
  final DataSourceStore dataSources;
  final Scheduler scheduler;
  final List<Routes> routes;
  final MemoryConnector memory = new MemoryConnector();
  final TroubledConnector troubled = new TroubledConnector();
  final LeakyConnector leaky = new LeakyConnector();
  final SourceLooks looks;
  final BlockingQueue<Attempt> attempts = new LinkedBlockingQueue<>();

  ApiScene(Database database, Path directory) {
    this(database, directory, false);
  }

  /**
   * @param really attempts are carried out, and do not wait for the test
   */
  ApiScene(Database database, Path directory, boolean really) {
    directories = new RunDirectories(directory.resolve("runs"));
    dataSources =
        new DataSourceStore(
            database,
            KeyFile.open(directory.resolve("keys")),
            new InstalledDeclarations(Connectors.of(memory, troubled)),
            clock);
    scheduler =
        Scheduler.create(
            database,
            SchedulerSettings.of("one", ZoneOffset.UTC).withReconcile(false),
            new Scheduler.Execution(
                really
                    ? new LocalRunner(Connectors.of(memory, leaky), directories, Clock.systemUTC())
                    : this::start,
                directories,
                dataSources),
            ApiRoutes.auditor(dataSources.audit()),
            clock);
    looks =
        new SourceLooks(
            Connectors.of(memory, troubled, leaky),
            new SourceLooks.Limits(2, Duration.ofSeconds(2), 1_000, 100_000, 1 << 20),
            clock);
    routes =
        ApiRoutes.of(
            new ApiRoutes.Parts(
                scheduler,
                dataSources,
                directories,
                looks,
                ZoneOffset.UTC,
                clock,
                new Alerts(clock, null),
                null));
  }

  /** An attempt that was started and has not ended. */
  final class Attempt implements RunningAttempt {
    final RunOrder order;
    private final Consumer<RunOutcome> done;

    Attempt(RunOrder order, Consumer<RunOutcome> done) {
      this.order = order;
      this.done = done;
    }

    /** Where its logs are. */
    Path directory() {
      return directories.reserve(order.instanceId(), order.ledger().generation(), order.attempt());
    }

    void end(RunState state) {
      AttemptResult result =
          new AttemptResult(
              state, false, 3, 2, 0, 1, 8, 0, 0, 1, 1, 1, null, "", List.of(), 0, 0, 0, "", null);
      done.accept(new RunOutcome(order.instanceId(), order.attempt(), true, result));
    }

    @Override
    public long instanceId() {
      return order.instanceId();
    }

    @Override
    public int attempt() {
      return order.attempt();
    }

    @Override
    public void cancel(String reason) {
      new Thread(() -> end(RunState.FAIL)).start();
    }

    @Override
    public Progress progress() {
      throw new UnsupportedOperationException();
    }
  }

  private RunningAttempt start(RunOrder order, Consumer<RunOutcome> done) {
    Attempt attempt = new Attempt(order, done);
    attempts.add(attempt);
    return attempt;
  }

  /** The next attempt that is started. */
  Attempt next() throws InterruptedException {
    @Nullable Attempt attempt = attempts.poll(20, TimeUnit.SECONDS);
    if (attempt == null) {
      throw new AssertionError("nothing was started");
    }
    return attempt;
  }

  @Override
  public void close() {
    scheduler.close();
  }
}
