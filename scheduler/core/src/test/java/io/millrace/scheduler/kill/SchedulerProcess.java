package io.millrace.scheduler.kill;

import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.engine.connector.Connectors;
import io.millrace.mysql.MySqlConnector;
import io.millrace.scheduler.Scheduler;
import io.millrace.scheduler.SchedulerSettings;
import io.millrace.scheduler.runner.LocalRunner;
import io.millrace.scheduler.runner.RunDirectories;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.StoreSettings;
import io.millrace.testkit.memory.MemoryConnector;
import io.millrace.testkit.sample.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A scheduler in a process of its own, which runs until it is killed or its standard input ends. It
 * tells on its standard output what it does.
 */
public final class SchedulerProcess {

  private SchedulerProcess() {}

  /** Arguments are {@code key=value}; see {@link SchedulerNode}. */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> given = new HashMap<>();
    for (String argument : arguments) {
      int at = argument.indexOf('=');
      given.put(argument.substring(0, at), argument.substring(at + 1));
    }
    Points points = new Points(given.getOrDefault("hold", ""));
    StoreSettings store =
        new StoreSettings(given.get("store"), given.get("user"), given.get("password"));
    RunDirectories directories = new RunDirectories(Path.of(given.get("runs")));
    Map<String, Object> shop =
        Map.of(
            "type", "mysql",
            "jdbcUrl", given.get("shop"),
            "username", given.get("shopUser"),
            "password", given.get("shopPassword"));
    try (Database database = Database.open(store);
        Scheduler scheduler =
            Scheduler.create(
                database,
                settings(given),
                new Scheduler.Execution(
                    points.around(
                        new LocalRunner(connectors(), directories, Clock.systemUTC()),
                        given.containsKey("deaf")),
                    directories,
                    name -> Optional.of(shop)),
                (handle, by, action, subject, detail) -> {},
                points.clock())) {
      scheduler.onChange(outcome -> tellWhatIsLeft(database));
      scheduler.start();
      Points.say("STARTED");
      tellWhatIsLeft(database);
      while (System.in.read() >= 0) {
        // Until whoever has started this process is gone or has enough.
      }
    }
    Points.say("CLOSED");
    System.exit(0);
  }

  private static SchedulerSettings settings(Map<String, String> given) {
    return SchedulerSettings.of(given.get("node"), ZoneOffset.UTC)
        .withLease(Duration.ofMillis(Long.parseLong(given.get("lease"))))
        .withReconcile(false);
  }

  private static Connectors connectors() {
    Schema schema = Schema.of(Field.of("id", ColumnType.INT64).withNullable(false));
    MemoryConnector source = new MemoryConnector("source");
    source.table("from", Sample.of(schema, List.of((Object) 1L)));
    MemoryConnector target = new MemoryConnector("target");
    target.table("to", schema);
    return Connectors.of(source, target, new MySqlConnector());
  }

  private static void tellWhatIsLeft(Database database) {
    long left =
        database.with(
            handle ->
                handle
                    .createQuery(
                        "SELECT COUNT(*) FROM instance WHERE state NOT IN ('SUCCEEDED', 'FAILED')")
                    .mapTo(Long.class)
                    .one());
    Points.say("LEFT " + left);
  }
}
