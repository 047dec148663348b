package io.millrace.dist.server;

import io.millrace.api.LocalFiles;
import io.millrace.engine.connector.InstalledDeclarations;
import io.millrace.engine.connector.PluginConnectors;
import io.millrace.scheduler.Scheduler;
import io.millrace.scheduler.SchedulerSettings;
import io.millrace.scheduler.datasource.DataSourceStore;
import io.millrace.scheduler.datasource.KeyFile;
import io.millrace.scheduler.instance.History;
import io.millrace.scheduler.runner.LocalRunner;
import io.millrace.scheduler.runner.Retention;
import io.millrace.scheduler.runner.RunDirectories;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.StoreClock;
import io.millrace.scheduler.store.StoreSettings;
import io.millrace.server.MillraceServer;
import io.millrace.server.ServerSettings;
import io.millrace.server.alert.Alerts;
import io.millrace.server.alert.Webhook;
import io.millrace.server.api.ApiRoutes;
import io.millrace.server.security.SecuritySettings;
import io.millrace.server.source.SourceLooks;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The whole server as one process: put together from the bottom up, taken apart from the top down.
 */
public final class ServerProcess implements AutoCloseable {

  private final ServerPlan plan;
  private final Consumer<String> warnings;

  /** What is open, the last first. */
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  private final Database database;
  private final StoreClock clock;
  private final Scheduler scheduler;
  private final MillraceServer server;
  private final RunDirectories runs;
  private final SharedStore nodes;
  private volatile boolean working;

  /**
   * Runs a server until the process is told to end. It does not return: the process then ends with
   * 0.
   *
   * @param connectors opens the installed connectors, for tasks that may reach some files only
   * @param lines takes what whoever starts it should see: where it listens, and at the very first
   *     start the password to log in with
   * @param started is run once it listens
   * @throws io.millrace.api.error.MillraceException in one line, when it cannot start
   */
  public static void run(
      ServerPlan plan,
      Function<LocalFiles, PluginConnectors> connectors,
      Consumer<String> lines,
      Consumer<String> warnings,
      Runnable started) {
    ServerProcess process = new ServerProcess(plan, connectors, warnings);
    Thread hook = new Thread(() -> end(process, lines), "millrace-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      process.start(lines);
    } catch (RuntimeException e) {
      if (Runtime.getRuntime().removeShutdownHook(hook)) {
        process.close();
      }
      throw e;
    }
    try {
      started.run();
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void end(ServerProcess process, Consumer<String> lines) {
    lines.accept("Stopping");
    process.close();
    lines.accept("Stopped");
    System.out.flush();
    // The machine's own code for a signal is another; being told to stop is no failure.
    Runtime.getRuntime().halt(0);
  }

  private ServerProcess(
      ServerPlan plan,
      Function<LocalFiles, PluginConnectors> connectors,
      Consumer<String> warnings) {
    this.plan = plan;
    this.warnings = warnings;
    try {
      DataDirectory data = opened(DataDirectory.open(plan.data()));
      this.database = opened(Database.open(store(plan)));
      this.clock = opened(new StoreClock(database, plan.clockSkew()));
      clock.requireTolerable();
      KeyFile keys = KeyFile.open(data.path().resolve("data-sources.key"));
      PluginConnectors installed = opened(connectors.apply(ServerFiles.of(plan)));
      installed.inspect();
      installed.problems().forEach(warnings);
      DataSourceStore dataSources =
          new DataSourceStore(database, keys, new InstalledDeclarations(installed), clock);
      this.nodes = new SharedStore(plan, database, keys, data.node());
      this.runs = new RunDirectories(plan.runs());
      this.scheduler =
          opened(
              Scheduler.create(
                  database,
                  new SchedulerSettings(
                      data.node(),
                      plan.zone(),
                      plan.nightly(),
                      plan.lease(),
                      plan.retention(),
                      true),
                  new Scheduler.Execution(
                      new LocalRunner(installed, runs, clock), runs, dataSources),
                  ApiRoutes.auditor(dataSources.audit()),
                  clock));
      SourceLooks looks = new SourceLooks(installed, SourceLooks.Limits.DEFAULT, clock);
      Alerts alerts = opened(new Alerts(clock, webhook(plan)));
      this.server =
          opened(
              new MillraceServer(
                  settings(plan),
                  database,
                  clock,
                  ApiRoutes.of(
                      new ApiRoutes.Parts(
                          scheduler,
                          dataSources,
                          runs,
                          looks,
                          plan.zone(),
                          clock,
                          alerts,
                          nodes.others())),
                  nodes.calls(),
                  Map.of(
                      "scheduler",
                      () -> working,
                      "store",
                      this::storeAnswers,
                      "clock",
                      () -> clock.problem().isEmpty())));
      server
          .metrics()
          .gauge("millrace.attempts.running", "Attempts on this node", scheduler::running);
      server.metrics().count("millrace.alerts.sent", "Alerts the webhook took", alerts::sent);
      server.metrics().count("millrace.alerts.failed", "Alerts it did not take", alerts::failed);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  private static StoreSettings store(ServerPlan plan) {
    ServerPlan.Store store = plan.store();
    return store == null
        ? StoreSettings.file(plan.data())
        : new StoreSettings(store.url(), store.user(), store.password());
  }

  private static ServerSettings settings(ServerPlan plan) {
    ServerSettings usual = ServerSettings.loopback(plan.port());
    SecuritySettings security = SecuritySettings.defaults();
    return new ServerSettings(
        plan.host(),
        plan.port(),
        SharedStore.hosts(plan),
        usual.bodyBytes(),
        usual.threads(),
        usual.streams(),
        plan.streamsEach(),
        usual.idle(),
        usual.stop(),
        usual.idleAtStop(),
        plan.behindTlsProxy() ? security.behindTlsProxy() : security);
  }

  private static @Nullable Webhook webhook(ServerPlan plan) {
    ServerPlan.Webhook to = plan.webhook();
    return to == null
        ? null
        : new Webhook(new Webhook.Target(to.url(), to.header(), to.value()), Webhook.PAUSES);
  }

  private boolean storeAnswers() {
    return database.with(handle -> handle.createQuery("SELECT 1").mapTo(Integer.class).one()) == 1;
  }

  /** Listens first: where it may not, nothing has been started that would have to be undone. */
  private synchronized void start(Consumer<String> lines) {
    server
        .start()
        .ifPresent(
            password -> {
              lines.accept("First start. Log in as admin with this one-time password:");
              lines.accept("  " + password);
              lines.accept("It is not shown again; choose one of your own with it.");
            });
    clock.start();
    nodes.join(server.port(), warnings);
    scheduler.start();
    sweepDaily();
    working = true;
    String host = plan.host().contains(":") ? "[" + plan.host() + "]" : plan.host();
    lines.accept("Listening on http://" + host + ":" + server.port() + "; data in " + plan.data());
  }

  private void sweepDaily() {
    Retention retention = new Retention(runs, plan.retention(), this::inUse, clock);
    ScheduledExecutorService daily =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "millrace-retention");
              thread.setDaemon(true);
              return thread;
            });
    open.push(daily::shutdownNow);
    daily.scheduleWithFixedDelay(() -> sweep(retention), 1, 24 * 60, TimeUnit.MINUTES);
  }

  private void sweep(Retention retention) {
    try {
      retention.sweep();
    } catch (RuntimeException e) {
      // Told and tried again tomorrow; thrown, it would be the last time.
      warnings.accept("old run directories could not be removed: " + e);
    }
  }

  private boolean inUse(long instance) {
    return database.with(handle -> new History().isInUse(handle, instance));
  }

  /**
   * Takes no new work, gives what runs the time it may have, and hands the rest over. What cannot
   * be closed is told, and the others are closed all the same.
   */
  @Override
  public synchronized void close() {
    if (working) {
      working = false;
      scheduler.drain(plan.stop());
    }
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        warnings.accept("stopping: " + e);
      }
    }
  }
}
