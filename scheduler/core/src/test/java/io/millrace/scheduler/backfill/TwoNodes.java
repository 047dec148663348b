package io.millrace.scheduler.backfill;

import static io.millrace.scheduler.backfill.Scene.DAILY;
import static io.millrace.scheduler.backfill.Scene.on;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.store.Database;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Two nodes that settle the instances of one backfill at the same time. */
final class TwoNodes {

  private TwoNodes() {}

  static void run(Database database, int dates) throws Exception {
    Scene one = new Scene(database);
    Scene other = new Scene(database);
    one.task("orders", DAILY);
    one.task("report", DAILY, on("orders"));
    LocalDate from = LocalDate.of(2026, 1, 1);
    long id =
        one.create(
            Scene.request(
                "{'task':'orders','parallelism':3,'scope':{'descendants':true},'ranges':[{'from':'"
                    + from
                    + "','to':'"
                    + from.plusDays(dates - 1)
                    + "'}]}"));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> futures = new ArrayList<>();
    for (Scene scene : List.of(one, other, one, other)) {
      futures.add(threads.submit(() -> work(scene, id)));
    }
    for (Future<?> future : futures) {
      future.get();
    }
    threads.shutdown();
    one.backfills.onTime();
    assertThat(one.state(id)).isEqualTo(BackfillState.SUCCEEDED);
    assertThat(one.backfills.get(id).progress().succeeded()).isEqualTo(dates);
    assertThat(one.all(id)).hasSize(2 * dates);
    assertThat(one.all(id)).allMatch(it -> it.state() == InstanceState.SUCCEEDED);
    assertThat(one.all(id)).allMatch(it -> it.attempts() == 1);
  }

  private static void work(Scene scene, long id) {
    while (scene.state(id) == BackfillState.RUNNING) {
      Optional<Long> taken =
          scene.database.inTransaction(
              handle -> {
                Optional<Long> next =
                    handle
                        .createQuery(
                            "SELECT id FROM instance WHERE state = 'WAITING_FOR_RESOURCES'"
                                + " ORDER BY id LIMIT 1 FOR UPDATE")
                        .mapTo(Long.class)
                        .findOne();
                next.ifPresent(
                    it ->
                        handle
                            .createUpdate(
                                "UPDATE instance SET state = 'RUNNING', attempts = attempts + 1"
                                    + " WHERE id = :id")
                            .bind("id", it)
                            .execute());
                return next;
              });
      taken.ifPresent(it -> scene.end(it, true));
      int open =
          scene
              .database
              .with(handle -> new BackfillDates().progress(handle, Set.of(id)))
              .get(id)
              .open();
      assertThat(open).isLessThanOrEqualTo(3);
    }
  }
}
