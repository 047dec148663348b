package io.millrace.scheduler.kill;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.millrace.api.record.ColumnType;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.engine.connector.Connectors;
import io.millrace.mysql.MySqlConnector;
import io.millrace.scheduler.Scheduler;
import io.millrace.scheduler.SchedulerScene;
import io.millrace.scheduler.SchedulerSettings;
import io.millrace.scheduler.backfill.BackfillRequest;
import io.millrace.scheduler.runner.LocalRunner;
import io.millrace.scheduler.runner.RunDirectories;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.StoreSettings;
import io.millrace.scheduler.task.Publishing;
import io.millrace.testkit.memory.MemoryConnector;
import io.millrace.testkit.sample.Sample;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
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

  /**
   * Arguments are {@code key=value}; see {@link SchedulerNode}. Each line of the standard input is
   * something to be done.
   */
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
            "jdbcUrl", given.getOrDefault("shop", ""),
            "username", given.getOrDefault("shopUser", ""),
            "password", given.getOrDefault("shopPassword", ""));
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
                points.clock(database))) {
      scheduler.onChange(outcome -> points.changed(database, outcome.changed()));
      scheduler.start();
      Points.say("STARTED");
      daemon(() -> tellWhatIsLeft(database));
      BufferedReader commands =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      // Until whoever has started this process is gone or has enough.
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        String command = line;
        daemon(() -> Points.say("DONE " + done(scheduler, points, command)));
      }
    }
    Points.say("CLOSED");
    System.exit(0);
  }

  /** What is asked for may be stopped in its midst. */
  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "command");
    thread.setDaemon(true);
    thread.start();
  }

  private static String done(Scheduler scheduler, Points points, String command) {
    String[] words = command.split(" ", 2);
    try {
      switch (words[0]) {
        case "backfill" -> {
          return "backfill " + scheduler.backfills().create(request(words[1]), SchedulerScene.ME);
        }
        case "cancel" -> scheduler.backfills().cancel(Long.parseLong(words[1]), SchedulerScene.ME);
        case "publish" ->
            scheduler
                .taskOperations()
                .publish(scheduler.task(words[1]).id(), new Publishing.By("me", Instant.now(), ""));
        case "run" -> {
          return "run "
              + scheduler.taskOperations().run(scheduler.task(words[1]).id(), SchedulerScene.ME);
        }
        case "now" -> {
          return "now " + Instant.now();
        }
        case "go" -> points.go();
        default -> throw new IllegalArgumentException(command);
      }
      return command;
    } catch (IOException | RuntimeException e) {
      return command + " FAILED: " + e;
    }
  }

  private static BackfillRequest request(String json) throws IOException {
    return JsonMapper.builder()
        .addModule(new JavaTimeModule())
        .build()
        .readValue(json, BackfillRequest.class);
  }

  private static SchedulerSettings settings(Map<String, String> given) {
    String[] nightly = given.getOrDefault("nightly", "23:30 UTC").split(" ");
    return new SchedulerSettings(
        given.get("node"),
        ZoneId.of(nightly[1]),
        LocalTime.parse(nightly[0]),
        Duration.ofMillis(Long.parseLong(given.get("lease"))),
        SchedulerSettings.KEEP,
        false);
  }

  private static Connectors connectors() {
    Schema schema = Schema.of(Field.of("id", ColumnType.INT64).withNullable(false));
    MemoryConnector source = new MemoryConnector("source");
    source.table("from", Sample.of(schema, List.of((Object) 1L)));
    MemoryConnector target = new MemoryConnector("target");
    target.table("to", schema);
    return Connectors.of(source, target, new MySqlConnector());
  }

  /** Says how much has not ended, whenever that changes. */
  private static void tellWhatIsLeft(Database database) {
    long before = -1;
    while (true) {
      try {
        long left =
            database.with(
                handle ->
                    handle
                        .createQuery(
                            "SELECT (SELECT COUNT(*) FROM instance"
                                + " WHERE state NOT IN ('SUCCEEDED', 'FAILED'))"
                                + " + (SELECT COUNT(*) FROM backfill"
                                + " WHERE state IN ('RUNNING', 'PAUSED', 'CANCELLING'))")
                        .mapTo(Long.class)
                        .one());
        if (left != before) {
          Points.say("LEFT " + left);
          before = left;
        }
        Thread.sleep(100);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        // The store is being closed, or does not answer just now.
      }
    }
  }
}
