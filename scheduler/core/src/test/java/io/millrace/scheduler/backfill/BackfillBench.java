package io.millrace.scheduler.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scheduler.dispatch.Attempts;
import io.millrace.scheduler.dispatch.Dispatcher;
import io.millrace.scheduler.dispatch.Launcher;
import io.millrace.scheduler.dispatch.Node;
import io.millrace.scheduler.dispatch.Nodes;
import io.millrace.scheduler.dispatch.Picked;
import io.millrace.scheduler.dispatch.Queue;
import io.millrace.scheduler.dispatch.Settlement;
import io.millrace.scheduler.group.ResourceGroup;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.schedule.Cycle;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.StoreSettings;
import io.millrace.scheduler.task.RunSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many instances of no-op tasks are created and finished per second. Asserts no time; run with
 * {@code -Dtest=BackfillBench -Dmillrace.bench=true}.
 */
@EnabledIfSystemProperty(named = "millrace.bench", matches = "true")
class BackfillBench {

  private static final int SLOTS = 32;

  @TempDir Path directory;

  @Test
  void tenThousandDatesOfOneInstanceTenAtOnce() throws Exception {
    run("10,000 dates of a daily task, 10 at once", Scene.DAILY, "1999-01-01", "2026-05-18", 10);
  }

  @Test
  void sevenDatesOfAMinuteTaskOneAfterAnother() throws Exception {
    Schedule minutes =
        Schedule.of(Cycle.minutes(1, LocalTime.MIN, LocalTime.of(23, 59)), Scene.UTC);
    run("7 dates of a minute task, 1 at once", minutes, "2026-11-01", "2026-11-07", 1);
  }

  private void run(String what, Schedule schedule, String from, String to, int parallelism)
      throws Exception {
    try (Database database = Database.open(StoreSettings.file(directory))) {
      Scene scene = new Scene(database);
      scene.task("orders", schedule);
      database.useTransaction(
          handle -> scene.groups.resize(handle, ResourceGroup.DEFAULT_NAME, SLOTS, 1));
      CountDownLatch ended = new CountDownLatch(1);
      ExecutorService attempts = Executors.newFixedThreadPool(4);
      Nodes nodes = new Nodes(database.dialect(), Duration.ofMinutes(10));
      Node node = database.inTransaction(handle -> nodes.register(handle, "bench"));
      Attempts rows = new Attempts();
      Settlement settlement =
          new Settlement(
              database,
              rows,
              scene.progression,
              nodes,
              one -> RunSettings.DEFAULT,
              outcome -> scene.backfills.onSettled(outcome.changed()),
              scene.clock);
      Launcher launcher = new NoOp(attempts);
      Queue queue = new Queue(scene.groups, rows, launcher);
      Dispatcher dispatcher =
          new Dispatcher(
              database,
              scene.groups,
              queue,
              settlement,
              launcher,
              one -> RunSettings.DEFAULT,
              scene.clock);
      scene.onMoved = outcome -> dispatcher.wake();
      scene.onAlert = backfill -> ended.countDown();
      dispatcher.start(() -> node);
      String request =
          String.format(
              "{'task':'orders','alert':'BOTH','parallelism':%d,'onFailure':'CONTINUE',"
                  + "'ranges':[{'from':'%s','to':'%s'}]}",
              parallelism, from, to);
      long start = System.nanoTime();
      long id = scene.create(Scene.request(request));
      long created = System.nanoTime();
      assertThat(ended.await(5, TimeUnit.MINUTES)).isTrue();
      long done = System.nanoTime();
      dispatcher.close();
      attempts.shutdown();
      int count = scene.all(id).size();
      assertThat(scene.state(id)).isEqualTo(BackfillState.SUCCEEDED);
      System.out.printf(
          "%s: %d instances, planned and stored in %.2f s, finished after %.2f s: %.0f/s%n",
          what,
          count,
          (created - start) / 1e9,
          (done - start) / 1e9,
          count / ((done - start) / 1e9));
    }
  }

  /** Succeeds at once. */
  private record NoOp(ExecutorService threads) implements Launcher {
    @Override
    public void reserve(Instance instance, int attempt) {}

    @Override
    public Started start(Picked picked, Consumer<Ended> done) {
      threads.execute(() -> done.accept(new Ended(true, true, 0, 0, 0, 0, null, "")));
      return reason -> {};
    }
  }
}
