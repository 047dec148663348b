package io.millrace.scheduler.backfill;

import static io.millrace.scheduler.backfill.Scene.DAILY;
import static io.millrace.scheduler.backfill.Scene.SIX_HOURS;
import static io.millrace.scheduler.backfill.Scene.on;
import static io.millrace.scheduler.backfill.Scene.onPrevious;
import static io.millrace.scheduler.backfill.Scene.orders;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import io.millrace.scheduler.Stores;
import io.millrace.scheduler.backfill.Backfill.Progress;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.store.Database;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BackfillsTest {

  private final Database database = Stores.memory();
  private final Scene scene = new Scene(database);

  @AfterEach
  void close() {
    database.close();
  }

  // Order

  @Test
  void oneDateComesAfterAnotherWithParallelismOne() {
    scene.task("orders", DAILY);
    long id = scene.create(orders(1, 4, ""));

    assertThat(scene.in(id)).containsExactly("orders 1");
    assertThat(scene.finish(id)).containsExactly("orders 1", "orders 2", "orders 3", "orders 4");
    assertThat(scene.backfills.get(id).progress()).isEqualTo(new Progress(4, 0, 0, 0, 0));
    assertThat(scene.state(id)).isEqualTo(BackfillState.SUCCEEDED);
  }

  @Test
  void theLatestDateComesFirstInDescendingOrder() {
    scene.task("orders", DAILY);
    long id = scene.create(orders(1, 4, "'order':'DESC'"));

    assertThat(scene.finish(id)).containsExactly("orders 4", "orders 3", "orders 2", "orders 1");
  }

  @Test
  void threeDatesAreOpenAtOnceAndAnotherOneAsSoonAsOneEnds() {
    scene.task("orders", DAILY);
    long id = scene.create(orders(1, 6, "'parallelism':3"));

    assertThat(scene.ready(id)).containsExactly("orders 1", "orders 2", "orders 3");
    scene.succeed(id, "orders 2");
    assertThat(scene.ready(id)).containsExactly("orders 1", "orders 3", "orders 4");
    assertThat(scene.backfills.get(id).progress()).isEqualTo(new Progress(1, 0, 3, 2, 0));
    scene.succeed(id, "orders 4", "orders 5", "orders 6");
    assertThat(scene.ready(id)).containsExactly("orders 1", "orders 3");
    scene.finish(id);
    assertThat(scene.state(id)).isEqualTo(BackfillState.SUCCEEDED);
  }

  @Test
  void threeDatesAreOpenAtOnceInDescendingOrder() {
    scene.task("orders", DAILY, onPrevious("orders"));
    long id = scene.create(orders(1, 5, "'parallelism':3,'order':'DESC'"));

    assertThat(scene.ready(id)).containsExactlyInAnyOrder("orders 5", "orders 4", "orders 3");
    scene.succeed(id, "orders 4");
    assertThat(scene.ready(id)).containsExactlyInAnyOrder("orders 5", "orders 3", "orders 2");
  }

  @Test
  void aDateIsOverWhenAllItsTasksAreAndDescendantsWaitForTheirAncestors() {
    scene.task("orders", DAILY);
    scene.task("report", DAILY, on("orders"));
    long id = scene.create(orders(1, 2, "'scope':{'descendants':true}"));

    assertThat(scene.in(id)).containsExactly("orders 1", "report 1");
    assertThat(scene.finish(id)).containsExactly("orders 1", "report 1", "orders 2", "report 2");
  }

  @Test
  void withinADateSelfDependencyDecides() {
    scene.task("orders", SIX_HOURS);
    long free = scene.create(orders(1, 2, ""));
    assertThat(scene.ready(free))
        .containsExactly("orders 1 0h", "orders 1 6h", "orders 1 12h", "orders 1 18h");

    scene.task("chain", SIX_HOURS, onPrevious("chain"));
    long id =
        scene.create(
            Scene.request(
                "{'task':'chain','ranges':[{'from':'2026-11-01','to':'2026-11-02'}],"
                    + "'parallelism':2}"));
    assertThat(scene.ready(id)).containsExactly("chain 1 0h");
    assertThat(scene.finish(id))
        .containsExactly(
            "chain 1 0h",
            "chain 1 6h",
            "chain 1 12h",
            "chain 1 18h",
            "chain 2 0h",
            "chain 2 6h",
            "chain 2 12h",
            "chain 2 18h");
    assertThat(scene.state(id)).isEqualTo(BackfillState.SUCCEEDED);
  }

  @Test
  void withinADateSelfDependencyDecidesInDescendingOrderAsWell() {
    scene.task("orders", SIX_HOURS, onPrevious("orders"));
    long id = scene.create(orders(1, 2, "'order':'DESC'"));

    assertThat(scene.finish(id))
        .containsExactly(
            "orders 2 0h",
            "orders 2 6h",
            "orders 2 12h",
            "orders 2 18h",
            "orders 1 0h",
            "orders 1 6h",
            "orders 1 12h",
            "orders 1 18h");
  }

  @Test
  void aSelfDependentTaskWaitsForThePreviousDateOfTheBackfillEvenOverAGap() {
    scene.task("orders", DAILY, onPrevious("orders"));
    long id =
        scene.create(
            Scene.request(
                "{'task':'orders','parallelism':3,'ranges':[{'from':'2026-11-08','to':'2026-11-08'},"
                    + "{'from':'2026-11-01','to':'2026-11-02'}]}"));

    assertThat(scene.ready(id)).containsExactly("orders 1");
    assertThat(scene.finish(id)).containsExactly("orders 1", "orders 2", "orders 8");
  }

  // Failures

  @Test
  void aFailedDateStopsThoseAfterItOneAfterAnother() {
    scene.task("orders", DAILY);
    long id = scene.create(orders(1, 4, ""));
    scene.succeed(id, "orders 1");
    scene.fail(id, "orders 2");

    assertThat(scene.in(id)).containsExactly("orders 1", "orders 2");
    assertThat(scene.state(id)).isEqualTo(BackfillState.FAILED);
    assertThat(scene.backfills.get(id).backfill().message())
        .isEqualTo("1 of 4 dates failed, so 2 were not begun; rerun what failed to go on");
    assertThat(scene.backfills.get(id).backfill().finishedAt()).isNotNull();
  }

  @Test
  void aFailedDateChangesNothingForOthersWithContinue() {
    scene.task("orders", DAILY);
    long id = scene.create(orders(1, 3, "'onFailure':'CONTINUE'"));
    scene.fail(id, "orders 1");
    assertThat(scene.ready(id)).containsExactly("orders 2");
    scene.finish(id);

    assertThat(scene.state(id)).isEqualTo(BackfillState.FAILED);
    assertThat(scene.backfills.get(id).progress()).isEqualTo(new Progress(2, 1, 0, 0, 0));
  }

  @Test
  void severalDatesAtOnceContinueByDefault() {
    scene.task("orders", DAILY);
    long id = scene.create(orders(1, 4, "'parallelism':2"));
    scene.fail(id, "orders 1");

    assertThat(scene.ready(id)).containsExactly("orders 2", "orders 3");
  }

  @Test
  void itStopsAfterSoManyFailedDatesAndEndsWhenWhatIsOpenHasEnded() {
    scene.task("orders", DAILY);
    long id = scene.create(orders(1, 9, "'parallelism':3,'onFailure':'STOP_AFTER','stopAfter':2"));
    scene.fail(id, "orders 1");
    assertThat(scene.ready(id)).contains("orders 4");
    scene.fail(id, "orders 3");
    assertThat(scene.ready(id)).containsExactly("orders 2", "orders 4");
    scene.succeed(id, "orders 2");
    assertThat(scene.state(id)).isEqualTo(BackfillState.RUNNING);
    scene.succeed(id, "orders 4");

    assertThat(scene.state(id)).isEqualTo(BackfillState.FAILED);
    assertThat(scene.backfills.get(id).progress()).isEqualTo(new Progress(2, 2, 0, 5, 0));
  }

  @Test
  void datesThatWaitForAFailedOneFailWithoutRunning() {
    scene.task("orders", DAILY, onPrevious("orders"));
    long id = scene.create(orders(1, 4, "'parallelism':3"));
    scene.fail(id, "orders 1");

    assertThat(scene.in(id, InstanceState.NOT_RUN))
        .containsExactly("orders 2", "orders 3", "orders 4");
    assertThat(scene.backfills.get(id).progress()).isEqualTo(new Progress(0, 4, 0, 0, 0));
    assertThat(scene.state(id)).isEqualTo(BackfillState.FAILED);
  }

  @Test
  void aDateWithAFailedTaskStaysOpenWhileAnotherOfItsTasksWaitsForAnEarlierDate() {
    scene.task("orders", DAILY);
    scene.task("chain", DAILY, on("orders"), onPrevious("chain"));
    scene.task("report", DAILY, on("orders"));
    long id = scene.create(orders(1, 2, "'parallelism':2,'scope':{'descendants':true}"));
    scene.succeed(id, "orders 1", "orders 2");
    scene.fail(id, "report 2");

    assertThat(scene.backfills.get(id).progress()).isEqualTo(new Progress(0, 0, 2, 0, 0));
    scene.succeed(id, "chain 1", "chain 2", "report 1");
    assertThat(scene.backfills.get(id).progress()).isEqualTo(new Progress(1, 1, 0, 0, 0));
  }

  @Test
  void whatFailedIsRunAgainAndContinuesItsLedgerThenTheRestIsBegun() {
    scene.task("orders", DAILY);
    scene.task("report", DAILY, on("orders"));
    long id = scene.create(orders(1, 3, "'scope':{'descendants':true}"));
    scene.succeed(id, "orders 1", "report 1");
    scene.fail(id, "orders 2");
    assertThat(scene.in(id, InstanceState.NOT_RUN)).containsExactly("report 2");

    scene.backfills.rerunFailed(id, false, Scene.ME);

    assertThat(scene.state(id)).isEqualTo(BackfillState.RUNNING);
    assertThat(scene.finish(id)).containsExactly("orders 2", "report 2", "orders 3", "report 3");
    assertThat(scene.all(id)).extracting(Instance::generation).containsOnly(1);
    assertThat(scene.all(id)).filteredOn(one -> one.attempts() == 2).hasSize(1);
    assertThat(scene.state(id)).isEqualTo(BackfillState.SUCCEEDED);
  }

  @Test
  void whatFailedCanBeRunAnewWithAsManyDatesAtOnceAsBefore() {
    scene.task("orders", DAILY);
    long id = scene.create(orders(1, 4, "'parallelism':2"));
    scene.fail(id, "orders 1", "orders 2", "orders 3", "orders 4");
    assertThat(scene.state(id)).isEqualTo(BackfillState.FAILED);

    scene.backfills.rerunFailed(id, true, Scene.ME);

    assertThat(scene.ready(id)).containsExactly("orders 1", "orders 2");
    scene.finish(id);
    assertThat(scene.all(id)).extracting(Instance::generation).containsOnly(2);
    assertThat(scene.state(id)).isEqualTo(BackfillState.SUCCEEDED);
  }

  @Test
  void anInstanceThatIsRunAgainByHandLetsAStoppedBackfillGoOn() {
    scene.task("orders", DAILY);
    long id = scene.create(orders(1, 3, ""));
    scene.fail(id, "orders 1");
    assertThat(scene.state(id)).isEqualTo(BackfillState.FAILED);
    long instance = scene.all(id).get(0).id();
    scene.database.useTransaction(
        handle -> handle.createUpdate("UPDATE instance SET state = 'RUNNING'").execute());

    scene.end(instance, true);

    assertThat(scene.state(id)).isEqualTo(BackfillState.RUNNING);
    assertThat(scene.finish(id)).containsExactly("orders 2", "orders 3");
  }

  @Test
  void onlyWhatHasEndedCanBeRunAgain() {
    scene.task("orders", DAILY);
    long id = scene.create(orders(1, 2, ""));
    assertThatThrownBy(() -> scene.backfills.rerunFailed(id, false, Scene.ME))
        .isInstanceOf(MillraceException.class)
        .hasMessage(
            "backfill "
                + id
                + " is RUNNING and cannot be rerun; that needs one of [FAILED, CANCELLED]");
  }

  // Pause, resume, cancel

  @Test
  void aPausedBackfillOpensNothingUntilItIsResumed() {
    scene.task("orders", DAILY);
    long id = scene.create(orders(1, 3, ""));
    scene.backfills.pause(id, Scene.ME);
    scene.succeed(id, "orders 1");
    assertThat(scene.ready(id)).isEmpty();
    assertThat(scene.state(id)).isEqualTo(BackfillState.PAUSED);

    scene.backfills.resume(id, Scene.ME);

    assertThat(scene.finish(id)).containsExactly("orders 2", "orders 3");
    assertThat(scene.audited).hasSize(3).endsWith("me pause ", "me resume ");
  }

  @Test
  void aPausedBackfillWhoseLastDateEndsHasEnded() {
    scene.task("orders", DAILY);
    long id = scene.create(orders(1, 1, ""));
    scene.backfills.pause(id, Scene.ME);
    scene.succeed(id, "orders 1");
    assertThat(scene.state(id)).isEqualTo(BackfillState.SUCCEEDED);
  }

  @Test
  void cancellingSettlesWhatHasNotBegunAndStopsWhatRuns() {
    scene.task("orders", SIX_HOURS, onPrevious("orders"));
    long id = scene.create(orders(1, 3, ""));
    long running = scene.begin(id, "orders 1 0h");

    scene.backfills.cancel(id, Scene.ME);

    assertThat(scene.state(id)).isEqualTo(BackfillState.CANCELLING);
    assertThat(scene.stopped).containsExactly(running + " backfill cancelled");
    assertThat(scene.in(id, InstanceState.FAILED))
        .containsExactly("orders 1 6h", "orders 1 12h", "orders 1 18h");
    assertThat(scene.all(id).get(1).reason()).isEqualTo("backfill cancelled");
    assertThat(scene.backfills.get(id).progress()).isEqualTo(new Progress(0, 0, 1, 0, 2));

    scene.end(running, false);

    assertThat(scene.state(id)).isEqualTo(BackfillState.CANCELLED);
    assertThat(scene.all(id)).allMatch(one -> one.state() == InstanceState.FAILED);
    assertThat(scene.backfills.get(id).progress()).isEqualTo(new Progress(0, 1, 0, 0, 2));
  }

  @Test
  void aBackfillIsCancelledInEveryStateButAfterSuccess() {
    scene.task("orders", DAILY);
    long waiting = scene.create(orders(1, 2, ""));
    scene.backfills.cancel(waiting, Scene.ME);
    assertThat(scene.state(waiting)).isEqualTo(BackfillState.CANCELLED);
    scene.backfills.cancel(waiting, Scene.ME);

    long paused = scene.create(orders(1, 2, ""));
    scene.backfills.pause(paused, Scene.ME);
    scene.backfills.cancel(paused, Scene.ME);
    assertThat(scene.state(paused)).isEqualTo(BackfillState.CANCELLED);

    long failed = scene.create(orders(1, 3, ""));
    scene.fail(failed, "orders 1");
    scene.backfills.cancel(failed, Scene.ME);
    assertThat(scene.state(failed)).isEqualTo(BackfillState.CANCELLED);
    assertThat(scene.backfills.get(failed).progress()).isEqualTo(new Progress(0, 1, 0, 0, 2));

    long cancelling = scene.create(orders(1, 2, ""));
    long running = scene.begin(cancelling, "orders 1");
    scene.backfills.cancel(cancelling, Scene.ME);
    scene.backfills.cancel(cancelling, Scene.ME);
    scene.end(running, true);
    assertThat(scene.state(cancelling)).isEqualTo(BackfillState.CANCELLED);

    long succeeded = scene.create(orders(1, 1, ""));
    scene.finish(succeeded);
    assertThatThrownBy(() -> scene.backfills.cancel(succeeded, Scene.ME))
        .hasMessageContaining("SUCCEEDED");
  }

  @Test
  void whatWasCancelledCanBeRunAgain() {
    scene.task("orders", DAILY);
    long id = scene.create(orders(1, 3, ""));
    scene.succeed(id, "orders 1");
    scene.backfills.cancel(id, Scene.ME);
    assertThat(scene.state(id)).isEqualTo(BackfillState.CANCELLED);

    scene.backfills.rerunFailed(id, false, Scene.ME);

    assertThat(scene.finish(id)).containsExactly("orders 2", "orders 3");
    assertThat(scene.state(id)).isEqualTo(BackfillState.SUCCEEDED);
  }

  // Options of what runs

  @Test
  void groupPriorityAndParametersAreOverridden() {
    scene.task("orders", DAILY);
    scene.database.useTransaction(
        handle ->
            scene.groups.create(
                handle,
                new io.millrace.scheduler.group.ResourceGroup(
                    0, "night", io.millrace.scheduler.group.GroupKind.CUSTOM, 4, 1)));
    long id =
        scene.create(
            orders(1, 1, "'group':'night','priority':11,'parameters':{'dt':'${yyyy-mm-dd}'}"));

    Instance one = scene.all(id).get(0);
    long group = database.with(handle -> scene.groups.get(handle, "night").id());
    assertThat(one.groupId()).isEqualTo(group);
    assertThat(one.priority()).isEqualTo(11);
    assertThat(one.parameters()).contains("\"dt\":\"2026-11-01\"", "\"at\":\"20261102020000\"");
  }

  @Test
  void theValuesOfASliceAreThoseOfItsLastPeriodAndItsBoundsAreGiven() {
    scene.task("orders", DAILY);
    long id = scene.create(orders(1, 5, "'slices':{'kind':'PERIODS','periods':3}"));

    assertThat(scene.finish(id)).containsExactly("orders 3", "orders 5");
    assertThat(scene.all(id).get(0).parameters())
        .contains(
            "\"dt\":\"20261103\"",
            "\"slice.from\":\"20261101\"",
            "\"slice.to\":\"20261103\"",
            "\"slice.fromTime\":\"20261102020000\"",
            "\"slice.toTime\":\"20261104020000\"");
    assertThat(scene.all(id).get(1).parameters()).contains("\"slice.from\":\"20261104\"");
  }

  @Test
  void futureInstancesRunAtTheirTimeOrNow() {
    scene.task("orders", DAILY);
    long now = scene.create(orders(21, 23, "'parallelism':3,'future':'NOW'"));
    assertThat(scene.ready(now)).hasSize(3);

    long later = scene.create(orders(21, 23, "'parallelism':3,'future':'AT_TIME'"));
    assertThat(scene.ready(later)).containsExactly("orders 21");
    assertThat(scene.in(later, InstanceState.WAITING_FOR_TIME))
        .containsExactly("orders 22", "orders 23");
    assertThat(scene.times)
        .contains(Instant.parse("2026-11-23T02:00:00Z"), Instant.parse("2026-11-24T02:00:00Z"));
    scene.at(Instant.parse("2026-11-23T02:00:00Z"));
    assertThat(scene.ready(later)).containsExactly("orders 21", "orders 22");
  }

  @Test
  void nothingBeginsOutsideTheRunWindow() {
    scene.task("orders", DAILY);
    scene.task("report", DAILY, on("orders"));
    String night =
        "'scope':{'descendants':true},"
            + "'runWindow':{'zone':'UTC','daily':{'from':'22:00','to':'02:00'}}";
    long id = scene.create(orders(1, 3, night));
    Instant opens = Instant.parse("2026-11-22T22:00:00Z");
    assertThat(scene.in(id)).isEmpty();
    assertThat(scene.times).contains(opens);
    assertThat(scene.backfills.onTime()).containsExactly(opens);

    Instant closes = Instant.parse("2026-11-23T02:00:00Z");
    assertThat(scene.at(opens)).containsExactly(closes);
    scene.succeed(id, "orders 1", "report 1");
    long running = scene.begin(id, "orders 2");
    scene.at(closes);
    scene.end(running, true);
    assertThat(scene.ready(id)).isEmpty();
    assertThat(scene.in(id, InstanceState.WAITING_FOR_TIME)).containsExactly("report 2");

    scene.at(Instant.parse("2026-11-23T22:00:00Z"));
    assertThat(scene.finish(id)).containsExactly("report 2", "orders 3", "report 3");
    assertThat(scene.state(id)).isEqualTo(BackfillState.SUCCEEDED);
  }

  @Test
  void whatWaitsForSlotsWhenTheWindowClosesWaitsForItsNextOpening() {
    scene.task("orders", DAILY);
    long id =
        scene.create(
            orders(1, 1, "'runWindow':{'zone':'UTC','daily':{'from':'10:00','to':'13:00'}}"));
    assertThat(scene.ready(id)).containsExactly("orders 1");
    scene.at(Instant.parse("2026-11-22T13:00:00Z"));
    assertThat(scene.in(id, InstanceState.WAITING_FOR_TIME)).containsExactly("orders 1");
    scene.at(Instant.parse("2026-11-23T10:00:00Z"));
    assertThat(scene.finish(id)).containsExactly("orders 1");
  }

  @Test
  void anExcludedTaskInBetweenIsPassedAsADryRun() {
    scene.task("orders", DAILY);
    scene.task("clean", DAILY, on("orders"));
    scene.task("report", DAILY, on("clean"));
    long id = scene.create(orders(1, 1, "'scope':{'descendants':true,'excluded':['clean']}"));

    assertThat(scene.finish(id)).containsExactly("orders 1", "report 1");
    assertThat(scene.in(id, InstanceState.SUCCEEDED)).contains("clean 1");
    assertThat(scene.state(id)).isEqualTo(BackfillState.SUCCEEDED);
  }

  @Test
  void datesOnWhichNothingReallyRunsPassByThemselves() {
    scene.task(
        "orders",
        io.millrace.scheduler.schedule.Schedule.of(
            io.millrace.scheduler.schedule.Cycle.weekly(
                List.of(java.time.DayOfWeek.MONDAY), java.time.LocalTime.of(2, 0)),
            Scene.UTC));
    long id = scene.create(orders(1, 20, ""));

    assertThat(scene.finish(id)).containsExactly("orders 1", "orders 8", "orders 15");
    assertThat(scene.backfills.get(id).progress().succeeded()).isEqualTo(20);
  }

  @Test
  void aFrozenTaskFailsAndBlocks() {
    long task = scene.task("orders", DAILY);
    database.useTransaction(handle -> scene.tasks.freeze(handle, task, true));
    long id = scene.create(orders(1, 2, ""));
    assertThat(scene.state(id)).isEqualTo(BackfillState.FAILED);
    assertThat(scene.backfills.get(id).progress()).isEqualTo(new Progress(0, 1, 0, 1, 0));
  }

  @Test
  void endsAreToldOfAsAsked() {
    scene.task("orders", DAILY);
    for (String alert : List.of("NONE", "SUCCESS", "FAILURE", "BOTH")) {
      String options = "'alert':'" + alert + "','name':'" + alert + "'";
      scene.finish(scene.create(orders(1, 1, options)));
      scene.fail(scene.create(orders(1, 1, options)), "orders 1");
    }
    assertThat(scene.alerts)
        .containsExactly(
            "SUCCESS SUCCEEDED ",
            "FAILURE FAILED 1 of 1 dates failed",
            "BOTH SUCCEEDED ",
            "BOTH FAILED 1 of 1 dates failed");
  }

  @Test
  void backfillsAreListedTheNewestFirstAndByState() {
    scene.task("orders", DAILY);
    long first = scene.create(orders(1, 1, ""));
    long second = scene.create(orders(2, 2, ""));
    scene.finish(first);

    assertThat(scene.backfills.list(null, 10, 0))
        .extracting(one -> one.backfill().id())
        .containsExactly(second, first);
    assertThat(scene.backfills.list(BackfillState.SUCCEEDED, 10, 0))
        .extracting(one -> one.backfill().name() + " " + one.progress().dates())
        .containsExactly("orders 2026-11-01..2026-11-01 1");
    assertThat(scene.backfills.list(null, 1, 1)).hasSize(1);
  }

  // Crashes

  @Test
  void aCrashWhileADateIsOpenedChangesNothingAndTheNextCallMakesItGood() {
    scene.task("orders", DAILY);
    long id = scene.create(orders(1, 3, ""));
    Set<Long> changed = scene.write(scene.begin(id, "orders 1"), true);
    Opener opener =
        new Opener(
            new BackfillStore(),
            scene.tasks,
            scene.groups,
            scene.instances,
            scene.progression,
            Scene.UTC);
    assertThatThrownBy(
            () ->
                database.useTransaction(
                    handle -> {
                      opener.move(
                          handle, id, Set.of(LocalDate.of(2026, 11, 1)), scene.clock.instant());
                      throw new IllegalStateException("crash");
                    }))
        .hasMessage("crash");
    assertThat(scene.in(id)).containsExactly("orders 1");

    scene.backfills.onSettled(changed);
    scene.backfills.onSettled(changed);

    assertThat(scene.in(id)).containsExactly("orders 1", "orders 2");
  }

  @Test
  void aCallThatGotLostIsMadeGoodByTheNextLookAtTheTime() {
    scene.task("orders", DAILY);
    long id = scene.create(orders(1, 2, ""));
    scene.write(scene.begin(id, "orders 1"), true);
    scene.backfills.onTime();
    assertThat(scene.ready(id)).containsExactly("orders 2");
  }

  @Test
  void aBackfillThatCannotGoOnFailsWithTheReason() {
    scene.task("orders", DAILY);
    long id = scene.create(orders(1, 2, ""));
    database.useTransaction(
        handle -> handle.createUpdate("UPDATE resource_group SET name = 'gone'").execute());
    scene.succeed(id, "orders 1");

    assertThat(scene.state(id)).isEqualTo(BackfillState.FAILED);
    assertThat(scene.backfills.get(id).backfill().message())
        .isEqualTo("there is no resource group 'default'");

    database.useTransaction(
        handle -> handle.createUpdate("UPDATE resource_group SET name = 'default'").execute());
    scene.backfills.rerunFailed(id, false, Scene.ME);
    assertThat(scene.finish(id)).containsExactly("orders 2");
  }

  @Test
  void twoNodesAtOnceOpenEachDateOnce() throws Exception {
    TwoNodes.run(database, 60);
  }
}
