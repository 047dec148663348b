package io.millrace.dist.client;

import io.millrace.engine.connector.PluginConnectors;
import io.millrace.engine.task.Declarations;
import io.millrace.scheduler.Scheduler;
import io.millrace.scheduler.SchedulerSettings;
import io.millrace.scheduler.datasource.DataSourceStore;
import io.millrace.scheduler.datasource.KeyFile;
import io.millrace.scheduler.runner.LocalRunner;
import io.millrace.scheduler.runner.RunDirectories;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.StoreSettings;
import io.millrace.server.MillraceServer;
import io.millrace.server.ServerSettings;
import io.millrace.server.alert.Alerts;
import io.millrace.server.api.ApiRoutes;
import io.millrace.server.route.Route;
import io.millrace.server.security.SecuritySettings;
import io.millrace.server.source.SourceLooks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** A whole server with a store of its own and no connectors; its scheduler does not run. */
final class ServerInProcess implements AutoCloseable {

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final MillraceServer server;

  ServerInProcess(Path directory) throws IOException {
    Clock clock = Clock.systemUTC();
    Path data = Files.createDirectories(directory.resolve("data"));
    Database database = opened(Database.open(StoreSettings.file(data)));
    DataSourceStore dataSources =
        new DataSourceStore(database, KeyFile.open(data.resolve("key")), Declarations.NONE, clock);
    PluginConnectors connectors =
        opened(
            PluginConnectors.open(
                Files.createDirectories(directory.resolve("plugins")), directory.resolve("cache")));
    RunDirectories runs = new RunDirectories(directory.resolve("runs"));
    Scheduler scheduler =
        opened(
            Scheduler.create(
                database,
                new SchedulerSettings(
                    "test",
                    ZoneOffset.UTC,
                    LocalTime.of(23, 30),
                    Duration.ofSeconds(30),
                    Duration.ofDays(30),
                    true),
                new Scheduler.Execution(
                    new LocalRunner(connectors, runs, clock), runs, dataSources),
                ApiRoutes.auditor(dataSources.audit()),
                clock));
    this.server =
        opened(
            new MillraceServer(
                // Tests need passwords that are hashed, not slowly, and do not wait for idle
                // clients.
                ServerSettings.loopback(0)
                    .withIdleAtStop(Duration.ofMillis(50))
                    .with(SecuritySettings.defaults().withPasswordMemoryKib(64)),
                database,
                clock,
                ApiRoutes.of(
                    new ApiRoutes.Parts(
                        scheduler,
                        dataSources,
                        runs,
                        new SourceLooks(connectors, SourceLooks.Limits.DEFAULT, clock),
                        ZoneOffset.UTC,
                        clock,
                        opened(new Alerts(clock, null)),
                        null)),
                null,
                Map.of()));
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  /** Begins to listen; gives the one-time password of admin. */
  String start() {
    return server.start().orElseThrow();
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  List<Route> routes() {
    return server.routes();
  }

  @Override
  public void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
