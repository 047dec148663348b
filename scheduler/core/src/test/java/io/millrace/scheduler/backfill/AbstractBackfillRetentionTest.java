package io.millrace.scheduler.backfill;

import static io.millrace.scheduler.backfill.Scene.DAILY;
import static io.millrace.scheduler.backfill.Scene.on;
import static io.millrace.scheduler.backfill.Scene.onPrevious;
import static io.millrace.scheduler.backfill.Scene.orders;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scheduler.instance.History;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long backfills are remembered, on every kind of store. */
@Timeout(120)
abstract class AbstractBackfillRetentionTest {

  private Database database;
  private Scene scene;

  abstract Database open() throws Exception;

  @BeforeEach
  void begin() throws Exception {
    database = open();
    scene = new Scene(database);
  }

  @AfterEach
  void end() {
    database.close();
  }

  @Test
  void aBackfillIsForgottenWhenItEndedLongAgoAndItsInstancesAre() {
    scene.task("orders", DAILY);
    long old = scene.create(orders(1, 3, ""));
    scene.finish(old);
    long running = scene.create(orders(4, 5, ""));
    Instant later = scene.clock.instant().plus(Duration.ofDays(31));

    scene.backfills.forget(later);
    assertThat(scene.backfills.list(null, 10, 0)).as("it has instances").hasSize(2);
    forgetInstances(later);
    scene.backfills.forget(scene.clock.instant());
    assertThat(scene.backfills.list(null, 10, 0)).as("it has just ended").hasSize(2);
    scene.backfills.forget(later);
    assertThat(scene.backfills.list(null, 10, 0))
        .extracting(shown -> shown.backfill().id())
        .containsExactly(running);
    assertThat(rows("backfill_step")).isEqualTo(2);
    assertThat(rows("instance")).isEqualTo(1);
  }

  @Test
  void whatNeverBeganBecauseItsAncestorFailedIsForgottenWithItsBackfill() {
    scene.task("orders", DAILY);
    scene.task("report", DAILY, on("orders"));
    long id = scene.create(orders(1, 2, "'scope':{'descendants':true}"));
    scene.fail(id, "orders 1");
    assertThat(scene.state(id)).isEqualTo(BackfillState.FAILED);
    assertThat(scene.in(id, InstanceState.NOT_RUN)).containsExactly("report 1");
    Instant later = scene.clock.instant().plus(Duration.ofDays(31));
    forgetInstances(later);

    scene.backfills.forget(later);
    assertThat(scene.backfills.list(null, 10, 0)).isEmpty();
    assertThat(List.of(rows("backfill_step"), rows("instance"), rows("instance_ancestor")))
        .containsOnly(0);
  }

  @Test
  void whatLaterDatesDependOnIsNotForgottenWhileTheBackfillIsNotAtItsEnd() {
    scene.task("orders", DAILY, onPrevious("orders"));
    long id = scene.create(orders(1, 3, ""));
    scene.succeed(id, "orders 1");
    Instant later = scene.clock.instant().plus(Duration.ofDays(31));
    forgetInstances(later);
    assertThat(scene.in(id)).contains("orders 1");
    assertThat(scene.finish(id)).containsExactly("orders 2", "orders 3");
    assertThat(scene.state(id)).isEqualTo(BackfillState.SUCCEEDED);
    forgetInstances(scene.clock.instant());
    assertThat(scene.in(id)).as("it has just ended").hasSize(3);
    forgetInstances(later);
    assertThat(scene.in(id)).isEmpty();
  }

  @Test
  void aBackfillOfWhichOneInstanceIsRunAgainIsKept() {
    scene.task("orders", DAILY);
    long id = scene.create(orders(1, 2, ""));
    scene.finish(id);
    Instant later = scene.clock.instant().plus(Duration.ofDays(31));
    database.useTransaction(
        handle ->
            handle.execute(
                "UPDATE instance SET state = 'WAITING_FOR_RESOURCES'"
                    + " WHERE business_date = '2026-11-02'"));
    forgetInstances(later);

    scene.backfills.forget(later);
    assertThat(scene.backfills.list(null, 10, 0)).hasSize(1);
    assertThat(rows("backfill_step")).isEqualTo(2);
  }

  private void forgetInstances(Instant before) {
    database.useTransaction(handle -> new History().forget(handle, before));
  }

  private int rows(String table) {
    return database.with(
        handle -> handle.createQuery("SELECT COUNT(*) FROM " + table).mapTo(Integer.class).one());
  }
}
