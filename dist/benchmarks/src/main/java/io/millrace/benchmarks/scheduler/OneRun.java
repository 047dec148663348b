package io.millrace.benchmarks.scheduler;

import io.millrace.benchmarks.server.MeasuredServer;
import io.millrace.benchmarks.server.ServerChoice;
import io.millrace.engine.connector.PluginConnectors;
import io.millrace.engine.task.DataSourceLookup;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.instance.RunMode;
import io.millrace.scheduler.runner.LocalRunner;
import io.millrace.scheduler.runner.RunDirectories;
import io.millrace.scheduler.schedule.CatchUp;
import io.millrace.scheduler.schedule.Cycle;
import io.millrace.scheduler.schedule.Generation;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.store.StoreSettings;
import io.millrace.scheduler.task.RunSettings;
import io.millrace.scheduler.task.TaskDefinition;
import io.millrace.scheduler.task.TaskKind;
import io.millrace.testkit.server.Flavour;
import io.millrace.testkit.server.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * From the trigger of a task of one row to its success, in a scheduler that is warm: asked for by
 * somebody, and by its due time, which Quartz tells. The row goes from one table of MariaDB to
 * another; the store is H2 in a file, then MariaDB.
 */
final class OneRun {

  private static final int WARM = 20;
  private static final int RUNS = 25;
  private static final int EVERY_SECONDS = 2;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final DateTimeFormatter CRON = DateTimeFormatter.ofPattern("s m H * * ?");

  private static final String SCRIPT =
      """
      reader: {mysql: {datasource: bench, table: one_row, column: [id, note], splitPk: id}}
      writer: {mysql: {datasource: bench, table: one_row_copy, column: [id, note], writeMode: replace}}
      setting: {channels: 1, dirty: none}
      """;

  private OneRun() {}

  static List<SchedulerMain.Figure> measure(Path home, Path directory) throws Exception {
    List<SchedulerMain.Figure> figures = new ArrayList<>();
    try (PluginConnectors connectors =
            PluginConnectors.open(home.resolve("plugins"), directory.resolve("cache"));
        MeasuredServer server =
            MeasuredServer.start(new ServerChoice(Flavour.MARIADB, false, 64, null), PATIENCE)) {
      server.execute(
          "CREATE TABLE one_row (id INT PRIMARY KEY, note VARCHAR(20) NOT NULL)",
          "INSERT INTO one_row VALUES (1, 'the only one')",
          "CREATE TABLE one_row_copy LIKE one_row");
      TestServer account = server.account();
      DataSourceLookup dataSources =
          name ->
              Optional.of(
                  Map.of(
                      "type", "mysql",
                      "jdbcUrl", account.jdbcUrl(server.database()),
                      "username", account.user(),
                      "password", account.password()));
      Path file = Files.createDirectory(directory.resolve("h2"));
      figures.addAll(on("H2", StoreSettings.file(file), file, connectors, dataSources));
      StoreSettings mariadb =
          new StoreSettings(
              account.jdbcUrl(account.createDatabase("store")), account.user(), account.password());
      Path other = Files.createDirectory(directory.resolve("mariadb"));
      figures.addAll(on("MariaDB", mariadb, other, connectors, dataSources));
    }
    return figures;
  }

  private static List<SchedulerMain.Figure> on(
      String name,
      StoreSettings store,
      Path directory,
      PluginConnectors connectors,
      DataSourceLookup dataSources)
      throws InterruptedException {
    LocalRunner runner =
        new LocalRunner(
            connectors, new RunDirectories(directory.resolve("runs")), Clock.systemUTC());
    try (Bench bench = new Bench(store, directory, runner, dataSources)) {
      BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
      bench.scheduler.onChange(outcome -> outcome.changed().forEach(id -> tell(bench, id, ended)));
      bench.scheduler.start();
      List<SchedulerMain.Figure> figures = new ArrayList<>();
      figures.addAll(figures("somebody's run", name, manual(bench, ended)));
      figures.addAll(figures("its due time", name, due(bench, ended)));
      return figures;
    }
  }

  /** A success that the store has, and when it was seen there. */
  private record Ended(Instance instance, Instant at) {}

  private static void tell(Bench bench, long id, BlockingQueue<Ended> ended) {
    Instance instance = bench.database.with(handle -> bench.scheduler.instances().get(handle, id));
    if (instance.state().isEnd()) {
      ended.add(new Ended(instance, Instant.now()));
    }
  }

  private static TaskDefinition definition(@Nullable Schedule schedule) {
    return new TaskDefinition(
        TaskKind.SYNC, SCRIPT, schedule, RunSettings.DEFAULT, Map.of(), List.of());
  }

  private static double[] manual(Bench bench, BlockingQueue<Ended> ended)
      throws InterruptedException {
    long task = bench.task("one-row", definition(null));
    double[] millis = new double[WARM + RUNS];
    for (int run = 0; run < millis.length; run++) {
      Instant begin = Instant.now();
      bench.scheduler.taskOperations().run(task, Bench.ME);
      millis[run] = millis(begin, next(ended).at());
    }
    return millis;
  }

  private static double[] due(Bench bench, BlockingQueue<Ended> ended) throws InterruptedException {
    Instant first = Instant.now().plusSeconds(EVERY_SECONDS).truncatedTo(ChronoUnit.SECONDS);
    String times =
        IntStream.rangeClosed(1, WARM + RUNS)
            .mapToObj(run -> first.plusSeconds((long) run * EVERY_SECONDS))
            .map(at -> CRON.format(at.atZone(ZoneOffset.UTC)))
            .collect(Collectors.joining(" | "));
    bench.task(
        "one-row-due",
        definition(
            new Schedule(
                Cycle.ofCron(times),
                ZoneOffset.UTC,
                null,
                null,
                Generation.IMMEDIATE,
                RunMode.NORMAL,
                CatchUp.ALL,
                null)));
    double[] millis = new double[WARM + RUNS];
    for (int run = 0; run < millis.length; run++) {
      Ended one = next(ended);
      millis[run] = millis(one.instance().scheduledAt(), one.at());
    }
    return millis;
  }

  private static Ended next(BlockingQueue<Ended> ended) throws InterruptedException {
    Ended one = ended.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (one == null || one.instance().state() != InstanceState.SUCCEEDED) {
      throw new IllegalStateException(
          one == null
              ? "nothing ended"
              : "instance " + one.instance().id() + " failed: " + one.instance().reason());
    }
    return one;
  }

  private static double millis(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e6;
  }

  private static List<SchedulerMain.Figure> figures(String trigger, String store, double[] all) {
    double[] millis = Arrays.stream(all).skip(WARM).sorted().toArray();
    String what = "one row, from " + trigger + " to SUCCEEDED, store in " + store;
    return List.of(
        new SchedulerMain.Figure(what + ", median of " + RUNS, "ms", millis[RUNS / 2], 150, false),
        new SchedulerMain.Figure(
            "the slowest of these", "ms", millis[RUNS - 1], Double.NaN, false));
  }
}
