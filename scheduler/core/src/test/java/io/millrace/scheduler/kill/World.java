package io.millrace.scheduler.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scheduler.Scheduler;
import io.millrace.scheduler.SchedulerSettings;
import io.millrace.scheduler.dispatch.Attempts;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.instance.Instances;
import io.millrace.scheduler.instance.RunMode;
import io.millrace.scheduler.runner.RunDirectories;
import io.millrace.scheduler.schedule.CatchUp;
import io.millrace.scheduler.schedule.Cycle;
import io.millrace.scheduler.schedule.Generation;
import io.millrace.scheduler.schedule.Occurrence;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.StoreSettings;
import io.millrace.scheduler.task.Dependency;
import io.millrace.scheduler.task.Publishing;
import io.millrace.scheduler.task.Rerun;
import io.millrace.scheduler.task.RunSettings;
import io.millrace.scheduler.task.TaskDefinition;
import io.millrace.scheduler.task.TaskKind;
import io.millrace.testkit.server.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/**
 * A store with tasks, and a database that they work on. In the tasks' zone it is noon when a world
 * is made, so that cron texts can name the seconds in which a test runs.
 */
final class World {

  /** Copies a table into one without a key, in splits, for about a second. */
  static final String COPY = "copy";

  static final int ROWS = 3000;

  private static final String COPY_SCRIPT =
      """
      reader: {mysql: {datasource: shop, table: source, column: [id, word], splitPk: id, splitFactor: 6}}
      writer: {mysql: {datasource: shop, table: copied, column: [id, word]}}
      setting: {channels: 2, retries: 0, rate: {records: %d}}
      """;

  /** Writes its scheduled time into a table without a key. */
  private static final String MARK_SCRIPT =
      """
      reader: {mysql: {datasource: shop, table: one, column: ["'${mark}'"]}}
      writer: {mysql: {datasource: shop, table: %s, column: [mark]}}
      setting: {channels: 1, retries: 0}
      """;

  static final String NOTHING_SCRIPT =
      """
      reader: {source: {table: from}}
      writer: {target: {table: to}}
      setting: {channels: 1, retries: 0}
      """;

  private final TestServer server;
  private final StoreSettings store;
  private final Path runs;
  private final Duration lease;
  private final String shop;
  private final ZoneOffset zone;
  private final LocalDate today;
  private final Map<String, List<Occurrence>> expected = new TreeMap<>();

  World(TestServer server, StoreSettings store, Path runs, Duration lease) throws SQLException {
    this.server = server;
    this.store = store;
    this.runs = runs;
    this.lease = lease;
    this.shop = server.createDatabase("shop");
    Instant now = Instant.now();
    int second = LocalTime.ofInstant(now, ZoneOffset.UTC).toSecondOfDay();
    this.zone = ZoneOffset.ofTotalSeconds(LocalTime.NOON.toSecondOfDay() - second);
    this.today = now.atZone(zone).toLocalDate();
    StringBuilder rows = new StringBuilder("INSERT INTO source VALUES ");
    for (int id = 1; id <= ROWS; id++) {
      rows.append(id == 1 ? "" : ",").append("(").append(id).append(",'word ").append(id % 7);
      rows.append("')");
    }
    server.execute(
        shop,
        "CREATE TABLE source (id BIGINT NOT NULL PRIMARY KEY, word VARCHAR(20))",
        rows.toString(),
        "CREATE TABLE copied (id BIGINT, word VARCHAR(20))",
        "CREATE TABLE one (x INT)",
        "INSERT INTO one VALUES (1)",
        "CREATE TABLE ticks (mark VARCHAR(40))",
        "CREATE TABLE afters (mark VARCHAR(40))");
  }

  /** What a process is told. */
  Map<String, String> arguments() {
    return Map.of(
        "store", store.url(),
        "user", store.user(),
        "password", store.password(),
        "runs", runs.toString(),
        "lease", Long.toString(lease.toMillis()),
        "shop", server.jdbcUrl(shop),
        "shopUser", server.user(),
        "shopPassword", server.password());
  }

  Database open() {
    return Database.open(store);
  }

  static String copyScript(int recordsPerSecond) {
    return COPY_SCRIPT.formatted(recordsPerSecond);
  }

  static String markScript(String table) {
    return MARK_SCRIPT.formatted(table);
  }

  /**
   * A task that is to be made.
   *
   * @param cron when it recurs; empty for not at all
   * @param reruns how often it is run again when it has failed
   */
  record Wanted(
      String name,
      String script,
      String cron,
      int maxParallel,
      List<Dependency> dependencies,
      int reruns) {
    Wanted(
        String name, String script, String cron, int maxParallel, List<Dependency> dependencies) {
      this(name, script, cron, maxParallel, dependencies, 0);
    }
  }

  /**
   * Makes and publishes tasks that are due today, as if that had been done two days ago: today's
   * instances are made by the first node that starts.
   */
  void publish(List<Wanted> tasks) {
    make(tasks, true);
  }

  /** Makes tasks that somebody has to publish. */
  void draft(Wanted task) {
    make(List.of(task), false);
  }

  private void make(List<Wanted> tasks, boolean publish) {
    Clock before = Clock.offset(Clock.systemUTC(), Duration.ofHours(-48));
    try (Database database = open();
        Scheduler scheduler = scheduler(database, before)) {
      for (Wanted wanted : tasks) {
        long id =
            database.inTransaction(
                handle ->
                    scheduler.tasks().create(handle, wanted.name(), "me", definition(wanted)).id());
        if (publish) {
          scheduler
              .taskOperations()
              .publish(id, new Publishing.By("me", before.instant(), "first"));
        }
      }
      assertThat(instances(database)).as("nothing is made before a node starts").isEmpty();
    }
  }

  /** One that is never started, as if its node died after the first thing it did. */
  Scheduler scheduler(Database database, Clock clock) {
    return Scheduler.create(
        database,
        SchedulerSettings.of("maker", ZoneOffset.UTC),
        new Scheduler.Execution(
            (order, done) -> {
              throw new AssertionError("nothing is to run here");
            },
            new RunDirectories(runs),
            name -> Optional.of(Map.of("type", "mysql", "jdbcUrl", server.jdbcUrl(shop)))),
        (handle, by, action, subject, detail) -> {},
        clock);
  }

  private TaskDefinition definition(Wanted wanted) {
    Schedule schedule = wanted.cron().isEmpty() ? null : schedule(wanted.cron());
    if (schedule != null) {
      Instant from = today.atStartOfDay(zone).toInstant();
      expected.put(wanted.name(), schedule.occurrences(from, from.plus(Duration.ofDays(1))));
    }
    RunSettings run =
        new RunSettings(
            RunSettings.DEFAULT.group(),
            1,
            wanted.maxParallel(),
            Rerun.ALWAYS,
            wanted.reruns(),
            1,
            0);
    return new TaskDefinition(
        TaskKind.SYNC,
        wanted.script(),
        schedule,
        run,
        Map.of("mark", "$[yyyymmddhh24miss]"),
        wanted.dependencies());
  }

  /** Once, after a time, to the second. */
  String cronIn(Duration time) {
    LocalTime at = LocalTime.ofInstant(Instant.now().plus(time), zone);
    return at.getSecond() + " " + at.getMinute() + " " + at.getHour() + " * * ?";
  }

  private Schedule schedule(String cron) {
    return new Schedule(
        Cycle.ofCron(cron),
        zone,
        today,
        today,
        Generation.IMMEDIATE,
        RunMode.NORMAL,
        CatchUp.ALL,
        null);
  }

  /**
   * From now on a task without a schedule is expected for these business dates as well.
   *
   * @return the dates as a request has them
   */
  String backfill(LocalDate from, int days, String... tasks) {
    for (String task : tasks) {
      List<Occurrence> occurrences = expected.computeIfAbsent(task, key -> new ArrayList<>());
      for (int i = 0; i < days; i++) {
        LocalDate date = from.plusDays(i);
        LocalDateTime time = date.plusDays(1).atStartOfDay();
        occurrences.add(new Occurrence(time.toInstant(ZoneOffset.UTC), time, date, false, ""));
      }
    }
    return ranges(from, days);
  }

  static String ranges(LocalDate from, int days) {
    return "\"ranges\":[{\"from\":\"" + from + "\",\"to\":\"" + from.plusDays(days - 1) + "\"}]";
  }

  List<Instance> instances(Database database) {
    return database.with(
        handle ->
            handle
                .createQuery("SELECT * FROM instance ORDER BY task_id, scheduled_at")
                .map((row, context) -> Instances.instance(row))
                .list());
  }

  /** What the task of an instance is called. */
  String name(Database database, Instance instance) {
    return database.with(
        handle ->
            handle
                .createQuery("SELECT name FROM task WHERE id = :id")
                .bind("id", instance.taskId())
                .mapTo(String.class)
                .one());
  }

  List<Attempts.Row> attempts(Database database, long instance) {
    return database.with(handle -> new Attempts().of(handle, instance));
  }

  /** Waits while another process works on the store. */
  void awaitAllSucceeded(Database database, Duration most) {
    long all = expected.values().stream().mapToLong(List::size).sum();
    Awaitility.await()
        .atMost(most)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> count(database, "SELECT COUNT(*) FROM instance WHERE state = 'SUCCEEDED'"),
            succeeded -> succeeded >= all);
  }

  /** Waits until a node has registered so often. */
  void awaitEpoch(Database database, String node, long epoch, Duration most) {
    Awaitility.await()
        .atMost(most)
        .until(
            () -> count(database, "SELECT MAX(epoch) FROM node WHERE name = '" + node + "'"),
            found -> found >= epoch);
  }

  long count(Database database, String sql) {
    return database.with(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }

  /** When a task's instances are due. */
  List<Instant> expected(String task) {
    return expected.get(task).stream().map(Occurrence::at).toList();
  }

  /**
   * Every expected instance exists once and has succeeded; nothing ran twice at the same time; what
   * was interrupted was continued.
   *
   * @param others tasks that are left out
   */
  void assertInstances(Database database, String... others) {
    Map<String, List<Instant>> found = new TreeMap<>();
    for (Instance one : instances(database)) {
      String name = name(database, one);
      if (List.of(others).contains(name)) {
        continue;
      }
      found.computeIfAbsent(name, key -> new ArrayList<>()).add(one.scheduledAt());
      List<Attempts.Row> attempts = attempts(database, one.id());
      assertThat(one.state())
          .as("%s %s: %s %s", name, one.scheduledTime(), one.reason(), attempts)
          .isEqualTo(InstanceState.SUCCEEDED);
      assertContinued(attempts);
    }
    Map<String, List<Instant>> wanted = new TreeMap<>();
    expected.keySet().forEach(name -> wanted.put(name, expected(name)));
    assertThat(found).isEqualTo(wanted);
  }

  private static void assertContinued(List<Attempts.Row> attempts) {
    assertThat(attempts).isNotEmpty();
    Instant before = Instant.EPOCH;
    for (int i = 0; i < attempts.size(); i++) {
      Attempts.Row one = attempts.get(i);
      boolean last = i == attempts.size() - 1;
      assertThat(one.number()).isEqualTo(i + 1);
      assertThat(one.generation()).isEqualTo(1);
      assertThat(one.state())
          .as("attempts %s", attempts)
          .isEqualTo(last ? Attempts.State.SUCCEEDED : Attempts.State.LOST);
      assertThat(one.startedAt()).as("attempts %s", attempts).isAfterOrEqualTo(before);
      before = one.finishedAt() == null ? Instant.MAX : one.finishedAt();
    }
  }

  /** Each row of the source is in the target as often as the copy was due. */
  void assertCopied(int times) throws SQLException {
    assertThat(
            rows(
                "SELECT CONCAT(s.id, ' ', COUNT(c.id)) FROM source s LEFT JOIN copied c"
                    + " ON c.id = s.id AND c.word = s.word GROUP BY s.id HAVING COUNT(c.id) <> "
                    + times))
        .isEmpty();
    assertThat(rows("SELECT COUNT(*) FROM copied")).containsExactly(Integer.toString(times * ROWS));
    assertThat(rows("SELECT COUNT(*) FROM millrace_ledger")).containsExactly("0");
  }

  void execute(String sql) throws SQLException {
    server.execute(shop, sql);
  }

  List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = server.connect(shop);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }

  /** The marks that a task's instances write, in order. */
  List<String> marks(String task) {
    DateTimeFormatter format = DateTimeFormatter.ofPattern("uuuuMMddHHmmss");
    return expected.get(task).stream().map(one -> format.format(one.time())).toList();
  }
}
