package io.millrace.benchmarks.scheduler;

import io.millrace.scheduler.backfill.BackfillRequest;
import io.millrace.scheduler.backfill.BackfillState;
import io.millrace.scheduler.schedule.Cycle;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.store.Json;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;

/** A backfill of 10,000 instances whose attempts do nothing. */
final class Backfill10k {

  private static final int INSTANCES = 10_000;
  private static final int LOOK_MILLIS = 50;

  private Backfill10k() {}

  static List<SchedulerMain.Figure> measure(Path directory) throws InterruptedException {
    try (Bench bench = new Bench(directory)) {
      bench.task("daily", Schedule.of(Cycle.daily(LocalTime.of(2, 30)), ZoneOffset.UTC));
      bench.scheduler.start();
      BackfillRequest request =
          Json.read(
              "{\"task\":\"daily\",\"parallelism\":10,\"onFailure\":\"CONTINUE\","
                  + "\"ranges\":[{\"from\":\"1999-01-01\",\"to\":\"2026-05-18\"}]}",
              BackfillRequest.class);
      long begin = System.nanoTime();
      long id = bench.scheduler.backfills().create(request, Bench.ME);
      while (bench.scheduler.backfills().get(id).backfill().state() == BackfillState.RUNNING) {
        Thread.sleep(LOOK_MILLIS);
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      long succeeded =
          bench.database.with(
              handle ->
                  handle
                      .createQuery(
                          "SELECT COUNT(*) FROM instance WHERE kind = 'BACKFILL'"
                              + " AND state = 'SUCCEEDED'")
                      .mapTo(Long.class)
                      .one());
      if (succeeded != INSTANCES) {
        throw new IllegalStateException(succeeded + " of " + INSTANCES + " succeeded");
      }
      return List.of(
          new SchedulerMain.Figure(
              "backfill of 10,000 no-op instances, created and finished",
              "/s",
              INSTANCES / seconds,
              300,
              true));
    }
  }
}
