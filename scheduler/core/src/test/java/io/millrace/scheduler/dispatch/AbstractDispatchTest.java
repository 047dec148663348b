package io.millrace.scheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scheduler.group.ResourceGroup;
import io.millrace.scheduler.instance.Again;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.InstanceKind;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.instance.Operations;
import io.millrace.scheduler.instance.RunMode;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.task.Rerun;
import io.millrace.scheduler.task.RunSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every kind of store has to give: slots, order, dependencies, operations and fencing. */
abstract class AbstractDispatchTest {

  private static final Operations.By ME = new Operations.By("me", "because");

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
  void neverMoreSlotsAreInUseThanTheGroupHas() {
    ResourceGroup four = scene.group("four", 4, 0);
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(scene.make(scene.of(scene.task("t" + i)).slots(2).in(four)));
    }
    int most = 0;
    while (!ids.stream().allMatch(id -> scene.get(id).state() == InstanceState.SUCCEEDED)) {
      scene.tick();
      most = Math.max(most, scene.slotsInUse());
      assertThat(scene.slotsInUse()).isLessThanOrEqualTo(4);
      scene.succeed(scene.running.keySet().iterator().next());
    }
    assertThat(most).isEqualTo(4);
    assertThat(scene.begun).containsExactlyElementsOf(ids);
  }

  @Test
  void orderIsByPriorityThenAge() {
    ResourceGroup one = scene.group("one-slot", 1, 0);
    long old = scene.make(scene.of(scene.task("old")).in(one));
    scene.clock.advance(Duration.ofSeconds(1));
    long younger = scene.make(scene.of(scene.task("younger")).in(one));
    scene.clock.advance(Duration.ofSeconds(1));
    long urgent = scene.make(scene.of(scene.task("urgent")).in(one).priority(8));
    for (int i = 0; i < 3; i++) {
      scene.tick();
      scene.succeed(scene.running.keySet().iterator().next());
    }
    assertThat(scene.begun).containsExactly(urgent, old, younger);
  }

  @Test
  void nobodyOvertakesOneThatNeedsMoreSlotsThanAreFree() {
    ResourceGroup four = scene.group("four", 4, 0);
    long first = scene.make(scene.of(scene.task("first")).in(four).slots(3));
    scene.tick();
    long large = scene.make(scene.of(scene.task("large")).in(four).slots(2).priority(2));
    long small = scene.make(scene.of(scene.task("small")).in(four).slots(1));
    scene.tick();
    assertThat(scene.begun).containsExactly(first);
    scene.succeed(first);
    scene.tick();
    assertThat(scene.begun).containsExactly(first, large, small);
  }

  @Test
  void moreSlotsFreeTheQueueAtOnceAndFewerWaitForWhatRuns() {
    ResourceGroup group = scene.group("grows", 2, 0);
    long a = scene.make(scene.of(scene.task("a")).in(group).slots(2));
    long b = scene.make(scene.of(scene.task("b")).in(group).slots(2));
    long c = scene.make(scene.of(scene.task("c")).in(group).slots(2));
    scene.tick();
    assertThat(scene.begun).containsExactly(a);
    database.useTransaction(handle -> scene.groups.resize(handle, "grows", 4, 0));
    scene.tick();
    assertThat(scene.begun).containsExactly(a, b);
    database.useTransaction(handle -> scene.groups.resize(handle, "grows", 2, 0));
    scene.tick();
    scene.succeed(a);
    scene.tick();
    assertThat(scene.begun).as("b still holds both").containsExactly(a, b);
    scene.succeed(b);
    scene.tick();
    assertThat(scene.begun).containsExactly(a, b, c);
  }

  @Test
  void aTaskRunsAsOftenAtOnceAsItMay() {
    long task = scene.task("few");
    for (int i = 0; i < 4; i++) {
      scene.make(scene.of(task).day(-i).maxParallel(2));
    }
    long other = scene.make(scene.of(scene.task("other")));
    scene.tick();
    assertThat(scene.running).hasSize(3).containsKey(other);
    Instance waits =
        database.with(
            handle ->
                handle
                    .createQuery("SELECT * FROM instance WHERE state = 'WAITING_FOR_RESOURCES'")
                    .map((row, context) -> io.millrace.scheduler.instance.Instances.instance(row))
                    .list()
                    .get(0));
    assertThat(reasons(waits.id()))
        .containsExactly("2 instances of its task run, which allows 2 at once");
  }

  @Test
  void backfillsComeLastButHaveTheirMinimum() {
    ResourceGroup group = scene.group("shared", 3, 1);
    long task = scene.task("filled");
    for (int i = 0; i < 4; i++) {
      scene.make(scene.of(task).in(group).kind(InstanceKind.BACKFILL).day(-i));
    }
    List<Long> others = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      others.add(scene.make(scene.of(scene.task("r" + i)).in(group)));
    }
    scene.tick();
    assertThat(kinds()).containsExactlyInAnyOrder("RECURRING", "RECURRING", "BACKFILL");
    scene.succeed(others.get(0));
    scene.tick();
    assertThat(kinds()).containsExactlyInAnyOrder("RECURRING", "RECURRING", "BACKFILL");
    others.subList(1, 3).forEach(scene::succeed);
    scene.tick();
    assertThat(kinds()).containsExactlyInAnyOrder("RECURRING", "BACKFILL", "BACKFILL");
  }

  private List<Attempts.Row> attempts(long id) {
    return database.with(handle -> scene.attempts.of(handle, id));
  }

  private List<String> kinds() {
    return scene.running.values().stream().map(r -> r.picked().instance().kind().name()).toList();
  }

  private List<String> reasons(long id) {
    return database.with(
        handle -> new Waiting(scene.groups).reasons(handle, scene.instances.get(handle, id)));
  }

  @Test
  void everyWaitingInstanceSaysWhy() {
    ResourceGroup group = scene.group("why", 2, 0);
    long up = scene.task("up");
    long down = scene.task("down");
    long holder = scene.make(scene.of(up).in(group).slots(2));
    long waits = scene.make(scene.of(down).in(group).after(up, scene.task("absent")));
    long queued = scene.make(scene.of(scene.task("queued")).in(group).slots(2));
    long large = scene.make(scene.of(scene.task("large")).in(group).slots(5));
    long later = scene.make(scene.of(scene.task("later")).in(group).day(1));
    scene.tick();
    assertThat(reasons(waits))
        .containsExactly(
            "task 'absent' for 2026-03-10T00:00:00Z, which has no instance yet",
            "task 'up' for 2026-03-10T00:00:00Z: instance " + holder + " is RUNNING");
    assertThat(reasons(queued))
        .containsExactly(
            "needs 2 of 2 slots of resource group why; 2 are held by instances (slots) "
                + holder
                + " (2)",
            "it is number 1 in the queue");
    assertThat(reasons(large)).contains("it will never fit: enlarge the group to 5 slots");
    assertThat(reasons(later)).containsExactly("its time is 2026-03-11T00:00:00Z");
    scene.operations.freeze(List.of(later), ME);
    assertThat(reasons(later)).containsExactly("frozen by me; unfreeze it");
    assertThat(reasons(holder)).containsExactly("it does not wait: it is running");
  }

  @Test
  void anInstanceIsMadeOnce() {
    long task = scene.task("once");
    long made = scene.make(scene.of(task));
    assertThat(made).isPositive();
    assertThat(scene.make(scene.of(task))).isEqualTo(-1);
  }

  @Test
  void dependantsWaitForTheirAncestorsWhicheverIsMadeFirst() {
    long up = scene.task("up");
    long down = scene.task("down");
    long below = scene.make(scene.of(down).after(up));
    assertThat(scene.states(below)).containsExactly("NOT_RUN");
    long above = scene.make(scene.of(up));
    scene.tick();
    scene.succeed(above);
    assertThat(scene.states(above, below)).containsExactly("SUCCEEDED", "WAITING_FOR_RESOURCES");
    long late = scene.make(scene.of(scene.task("late")).after(up));
    assertThat(scene.states(late)).containsExactly("WAITING_FOR_RESOURCES");
  }

  @Test
  void aDryRunSucceedsAtOnceAndASkippedOneFailsAtItsTime() {
    long up = scene.task("up");
    long down = scene.task("down");
    long last = scene.task("last");
    long end = scene.make(scene.of(last).after(down));
    long middle = scene.make(scene.of(down).after(up).mode(RunMode.DRY_RUN));
    long first = scene.make(scene.of(up).mode(RunMode.DRY_RUN));
    assertThat(scene.states(first, middle, end))
        .containsExactly("SUCCEEDED", "SUCCEEDED", "WAITING_FOR_RESOURCES");
    long skipped = scene.make(scene.of(scene.task("skipped")).mode(RunMode.SKIP).day(1));
    assertThat(scene.states(skipped)).containsExactly("WAITING_FOR_TIME");
    scene.clock.advance(Duration.ofDays(1));
    database.useTransaction(handle -> scene.progression.releaseDue(handle, scene.clock.instant()));
    assertThat(scene.states(skipped)).containsExactly("FAILED");
    assertThat(scene.get(first).attempts()).isZero();
  }

  @Test
  void aFailedInstanceIsRunAgainByItselfAsOftenAsItsTaskSays() {
    scene.settings = new RunSettings("default", 1, 10, Rerun.ALWAYS, 2, 5, 0);
    long id = scene.make(scene.of(scene.task("flaky")));
    for (int i = 1; i <= 2; i++) {
      scene.tick();
      scene.fail(id, "the target is away");
      assertThat(scene.states(id)).containsExactly("WAITING_FOR_TIME");
      assertThat(scene.get(id).reason())
          .isEqualTo("automatic rerun " + i + " of 2 after: the target is away");
      scene.clock.advance(Duration.ofMinutes(5));
      database.useTransaction(
          handle -> scene.progression.releaseDue(handle, scene.clock.instant()));
    }
    scene.tick();
    scene.fail(id, "the target is away");
    assertThat(scene.states(id)).containsExactly("FAILED");
    assertThat(scene.get(id).generation()).as("the same ledger").isEqualTo(1);
    assertThat(attempts(id))
        .extracting(Attempts.Row::state)
        .containsOnly(Attempts.State.FAILED)
        .hasSize(3);
  }

  @Test
  void whatSomebodyStoppedIsNotRunAgainByItself() {
    scene.settings = new RunSettings("default", 1, 10, Rerun.ALWAYS, 2, 5, 0);
    long id = scene.make(scene.of(scene.task("stopped")));
    scene.tick();
    assertThat(scene.operations.stop(List.of(id), ME)).allMatch(Operations.Result::isDone);
    assertThat(scene.running.get(id).cancelled()).containsExactly("stopped by me: because");
    scene.fail(id, "cancelled");
    assertThat(scene.states(id)).containsExactly("FAILED");
    assertThat(scene.get(id).reason()).isEqualTo("stopped by me: because");
  }

  @Test
  void operationsAreRefusedInOtherStatesEachWithItsOwnResult() {
    long waits = scene.make(scene.of(scene.task("waits")).day(1));
    long failed = scene.make(scene.of(scene.task("failed")));
    scene.tick();
    scene.fail(failed, "no");
    List<Operations.Result> results =
        scene.operations.setSucceeded(List.of(waits, failed, 999_999L), ME);
    assertThat(results).extracting(Operations.Result::isDone).containsExactly(false, true, false);
    assertThat(results.get(0).refusal())
        .isEqualTo(
            "instance " + waits + " is WAITING_FOR_TIME; SET_SUCCEEDED needs one of [FAILED]");
    assertThat(results.get(2).refusal()).isEqualTo("there is no instance 999999");
    assertThat(scene.audited).containsExactly("me SET_SUCCEEDED " + failed);
  }

  @Test
  void aRerunContinuesOrStartsAnewAsItsTaskAllows() {
    long id = scene.make(scene.of(scene.task("again")));
    scene.tick();
    scene.fail(id, "no");
    assertThat(scene.rerun(id, Again.CONTINUE)).allMatch(Operations.Result::isDone);
    scene.tick();
    assertThat(scene.get(id).generation()).isEqualTo(1);
    scene.succeed(id);
    assertThat(scene.rerun(id, Again.CONTINUE).get(0).refusal()).contains("nothing to continue");
    scene.allow(Rerun.ON_FAILURE);
    assertThat(scene.rerun(id, Again.ANEW).get(0).refusal()).contains("upon failure only");
    scene.allow(Rerun.NEVER);
    assertThat(scene.rerun(id, Again.ANEW).get(0).refusal()).contains("disallows reruns");
    assertThat(scene.operations.rerun(List.of(id), Again.ANEW, true, ME))
        .allMatch(Operations.Result::isDone);
    assertThat(scene.get(id).generation()).isEqualTo(2);
  }

  @Test
  void aRerunDownstreamGoesThroughTheDescendantsInOrder() {
    long a = scene.task("a");
    long b = scene.task("b");
    long first = scene.make(scene.of(a));
    long second = scene.make(scene.of(b).after(a));
    long third = scene.make(scene.of(scene.task("c")).after(a, b));
    for (long id : List.of(first, second, third)) {
      scene.tick();
      scene.succeed(id);
    }
    assertThat(scene.operations.rerunDownstream(List.of(first), Again.ANEW, ME))
        .allMatch(Operations.Result::isDone)
        .hasSize(3);
    assertThat(scene.states(first, second, third))
        .containsExactly("WAITING_FOR_RESOURCES", "NOT_RUN", "NOT_RUN");
    scene.begun.clear();
    for (long id : List.of(first, second, third)) {
      scene.tick();
      scene.succeed(id);
    }
    assertThat(scene.begun).containsExactly(first, second, third);
  }

  @Test
  void whatIsFrozenGoesOnWhenItIsUnfrozen() {
    long id = scene.make(scene.of(scene.task("held")));
    scene.operations.freeze(List.of(id), ME);
    scene.tick();
    assertThat(scene.begun).isEmpty();
    scene.operations.unfreeze(List.of(id), ME);
    scene.tick();
    assertThat(scene.begun).containsExactly(id);
  }

  @Test
  void withoutDependenciesAnInstanceWaitsForNobody() {
    long id = scene.make(scene.of(scene.task("alone")).after(scene.task("never")));
    scene.operations.removeDependencies(List.of(id), ME);
    assertThat(scene.states(id)).containsExactly("WAITING_FOR_RESOURCES");
  }

  @Test
  void aNodeThatWasStartedAnewGoesOnWithWhatItLeft() {
    long id = scene.make(scene.of(scene.task("interrupted")));
    scene.tick();
    Scene.Running before = scene.running.get(id);
    scene.register("one");
    scene.settlement.recover(scene.node());
    assertThat(scene.states(id)).containsExactly("WAITING_FOR_RESOURCES");
    scene.dispatcher.cancelAll("left behind");
    before.done().accept(new Launcher.Ended(true, true, 1, 1, 0, 1, null, ""));
    assertThat(scene.states(id)).as("its old life is fenced").doesNotContain("SUCCEEDED");
    scene.tick();
    scene.succeed(id);
    assertThat(scene.states(id)).containsExactly("SUCCEEDED");
    assertThat(attempts(id))
        .extracting(Attempts.Row::state)
        .containsExactly(Attempts.State.LOST, Attempts.State.SUCCEEDED);
  }

  @Test
  void whatWasPickedWithoutTheNodeKnowingIsStartedAllTheSame() {
    long id = scene.make(scene.of(scene.task("lost")));
    Instance instance = scene.get(id);
    Queue queue = new Queue(scene.groups, scene.attempts, scene);
    // Committed, and the store's answer is lost.
    database.inTransaction(
        handle -> queue.pick(handle, instance.groupId(), scene.node(), scene.clock));
    assertThat(scene.states(id)).containsExactly("RUNNING");
    assertThat(scene.begun).isEmpty();
    scene.tick();
    assertThat(scene.begun).containsExactly(id);
    scene.tick();
    scene.succeed(id);
    assertThat(scene.states(id)).containsExactly("SUCCEEDED");
    List<Attempts.Row> attempts = database.with(handle -> scene.attempts.of(handle, id));
    assertThat(attempts)
        .extracting(Attempts.Row::state)
        .containsExactly(Attempts.State.LOST, Attempts.State.SUCCEEDED);
  }

  @Test
  void anotherNodeTakesOverWhenALeaseHasEndedAndTheFirstIsRefused() {
    long id = scene.make(scene.of(scene.task("paused")));
    scene.tick();
    Scene.Running paused = scene.running.get(id);
    Scene other = new Scene(database, "two");
    other.settlement.recover();
    assertThat(scene.states(id)).as("the lease holds").containsExactly("RUNNING");
    database.useTransaction(
        handle -> handle.execute("UPDATE node SET lease_until = 1 WHERE name = 'one'"));
    other.settlement.recover();
    other.tick();
    assertThat(other.begun).containsExactly(id);
    assertThat(scene.get(id).node()).isEqualTo("two");
    assertThat(
            database.<Boolean, RuntimeException>inTransaction(
                handle -> scene.nodes.renew(handle, scene.node())))
        .isFalse();
    paused.done().accept(new Launcher.Ended(true, true, 1, 1, 0, 1, null, ""));
    assertThat(scene.states(id)).containsExactly("RUNNING");
    other.succeed(id);
    assertThat(scene.states(id)).containsExactly("SUCCEEDED");
  }

  @Test
  void whoeverWaitsForThisNodeToBeIdleIsToldOfTheLastEnd() throws Exception {
    long one = scene.make(scene.of(scene.task("one")));
    long other = scene.make(scene.of(scene.task("other")));
    scene.tick();
    assertThat(scene.dispatcher.awaitIdle(Duration.ofMillis(1))).isFalse();
    CompletableFuture<Boolean> idle =
        CompletableFuture.supplyAsync(() -> scene.dispatcher.awaitIdle(Duration.ofDays(1)));
    scene.succeed(one);
    assertThat(idle).isNotDone();
    scene.fail(other, "broken");
    assertThat(idle.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(scene.dispatcher.awaitIdle(Duration.ZERO)).isTrue();
  }
}
