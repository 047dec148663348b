package io.millrace.scheduler.backfill;

import static io.millrace.scheduler.backfill.Scene.DAILY;
import static io.millrace.scheduler.backfill.Scene.on;
import static io.millrace.scheduler.backfill.Scene.orders;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scheduler.Stores;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.store.Database;
import io.millrace.testkit.server.TestServers;
import java.sql.SQLException;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class BackfillsMariaDbIT {

  private Database database;

  @BeforeEach
  void open() throws SQLException {
    database = Stores.on(TestServers.mariadb());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void twoNodesAtOnceOpenEachDateOnce() throws Exception {
    TwoNodes.run(database, 60);
  }

  @Test
  void aBackfillFailsIsRunAgainHeldAndCancelled() {
    Scene scene = new Scene(database);
    scene.task("orders", DAILY);
    scene.task("report", DAILY, on("orders"));
    long id =
        scene.create(
            orders(
                1,
                4,
                "'scope':{'descendants':true},"
                    + "'runWindow':{'zone':'UTC','daily':{'from':'10:00','to':'13:00'}}"));
    scene.succeed(id, "orders 1", "report 1");
    scene.fail(id, "orders 2");
    assertThat(scene.state(id)).isEqualTo(BackfillState.FAILED);
    scene.backfills.rerunFailed(id, false, Scene.ME);
    assertThat(scene.ready(id)).containsExactly("orders 2");

    scene.at(Instant.parse("2026-11-22T13:00:00Z"));
    assertThat(scene.in(id, InstanceState.WAITING_FOR_TIME)).containsExactly("orders 2");
    scene.at(Instant.parse("2026-11-23T10:00:00Z"));
    long running = scene.begin(id, "orders 2");
    scene.backfills.cancel(id, Scene.ME);
    scene.end(running, true);
    assertThat(scene.state(id)).isEqualTo(BackfillState.CANCELLED);
    assertThat(scene.backfills.get(id).progress()).isEqualTo(new Backfill.Progress(1, 1, 0, 0, 2));
  }
}
