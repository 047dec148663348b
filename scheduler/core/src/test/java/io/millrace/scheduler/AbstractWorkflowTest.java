package io.millrace.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.attempt.RunState;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.InstanceKind;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.instance.RunMode;
import io.millrace.scheduler.runner.RunOrder;
import io.millrace.scheduler.schedule.CatchUp;
import io.millrace.scheduler.schedule.Cycle;
import io.millrace.scheduler.schedule.Generation;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.task.Dependency;
import io.millrace.scheduler.task.Publishing;
import io.millrace.scheduler.task.RunSettings;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.TaskDefinition;
import io.millrace.scheduler.task.TaskKind;
import io.millrace.scheduler.task.TaskVersion;
import io.millrace.scheduler.task.Workflow;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workflows on every kind of store: published, run, tested and backfilled as one. */
abstract class AbstractWorkflowTest {

  private static final Publishing.By ME = new Publishing.By("me", Instant.EPOCH, "first");

  @TempDir private Path directory;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-03-10T08:00:00Z"));
  private Database database;
  private SchedulerScene scene;

  abstract Database open() throws Exception;

  @BeforeEach
  void begin() throws Exception {
    database = open();
    scene = new SchedulerScene(database, clock, directory);
  }

  @AfterEach
  void end() {
    scene.close();
  }

  private static Schedule daily(String time) {
    return new Schedule(
        Cycle.daily(LocalTime.parse(time)),
        ZoneOffset.UTC,
        null,
        null,
        Generation.T_PLUS_1,
        RunMode.NORMAL,
        CatchUp.ALL,
        null);
  }

  private Workflow workflow(String name) {
    return database.inTransaction(
        handle -> scene.scheduler.workflows().create(handle, name, "me", ""));
  }

  private Workflow now(Workflow workflow) {
    return database.with(handle -> scene.scheduler.workflows().get(handle, workflow.id()));
  }

  private static TaskDefinition definition(
      TaskKind kind, @Nullable Schedule schedule, String... upstream) {
    return new TaskDefinition(
        kind,
        kind == TaskKind.ZERO_LOAD ? "" : SchedulerScene.SCRIPT,
        schedule,
        RunSettings.DEFAULT,
        Map.of("dt", "$bizdate"),
        List.of(upstream).stream()
            .map(name -> new Dependency(name, Dependency.Kind.SAME_CYCLE))
            .toList());
  }

  /** A task of a workflow, as a draft. */
  private Task draft(Workflow workflow, String name, TaskDefinition definition) {
    return database.inTransaction(
        handle -> {
          Task task = scene.scheduler.tasks().create(handle, name, "me", definition);
          scene.scheduler.workflows().add(handle, workflow, task);
          return task;
        });
  }

  private void redraft(String name, TaskDefinition definition) {
    Task task = scene.scheduler.task(name);
    database.useTransaction(
        handle ->
            scene.scheduler.tasks().saveDraft(handle, task.id(), task.revision(), definition));
  }

  private List<String> published() {
    return database.with(
        handle ->
            handle
                .createQuery("SELECT CONCAT(name, ' ', published) FROM task ORDER BY name")
                .mapTo(String.class)
                .list());
  }

  private Instance instance(long id) {
    return database.with(handle -> scene.scheduler.instances().get(handle, id));
  }

  /** A load that a start node begins and a report ends. */
  private Workflow warehouse() {
    Workflow warehouse = workflow("warehouse");
    // The dependants first: the order of the ids must not matter.
    draft(warehouse, "report", definition(TaskKind.SYNC, daily("04:00"), "orders", "items"));
    draft(warehouse, "orders", definition(TaskKind.SYNC, daily("01:00"), "begin"));
    draft(warehouse, "items", definition(TaskKind.SYNC, daily("01:30"), "begin"));
    draft(warehouse, "begin", definition(TaskKind.ZERO_LOAD, daily("00:30")));
    return warehouse;
  }

  @Test
  void allDraftsArePublishedTogetherAndTheirInstancesWaitForEachOther() {
    Workflow warehouse = warehouse();
    List<TaskVersion> versions =
        scene.scheduler.taskOperations().publishWorkflow(warehouse.id(), ME);
    assertThat(versions).extracting(TaskVersion::version).containsExactly(1, 1, 1, 1);
    clock.set(Instant.parse("2026-03-10T23:30:00Z"));
    scene.scheduler.nightly();
    assertThat(scene.instances(scene.scheduler.task("report")))
        .extracting(Instance::pending)
        .containsExactly(2);
    assertThat(scene.instances(scene.scheduler.task("items")))
        .extracting(Instance::pending)
        .containsExactly(1);
    assertThat(scene.audited)
        .contains("me task.publish task/report version 1 (first)")
        .contains("me task.publish task/begin version 1 (first)");
  }

  @Test
  void whenOneDraftCannotBePublishedNoneIs() {
    Workflow warehouse = warehouse();
    redraft("items", definition(TaskKind.SYNC, daily("01:30"), "nowhere"));
    assertThatThrownBy(() -> scene.scheduler.taskOperations().publishWorkflow(warehouse.id(), ME))
        .hasMessage("task 'items' depends on 'nowhere', which does not exist");
    assertThat(published()).containsExactly("begin 0", "items 0", "orders 0", "report 0");
    assertThat(scene.audited).noneMatch(line -> line.contains("task.publish"));
  }

  @Test
  void aCircleThroughAnotherWorkflowIsRefusedWithItsPath() {
    Workflow warehouse = warehouse();
    scene.scheduler.taskOperations().publishWorkflow(warehouse.id(), ME);
    Workflow other = workflow("other");
    draft(other, "mails", definition(TaskKind.SYNC, daily("05:00"), "report"));
    scene.scheduler.taskOperations().publishWorkflow(other.id(), ME);
    redraft("begin", definition(TaskKind.ZERO_LOAD, daily("00:30"), "mails"));
    assertThatThrownBy(() -> scene.scheduler.taskOperations().publishWorkflow(warehouse.id(), ME))
        .hasMessageMatching(
            "dependencies form a circle: begin <- mails <- report <- (items|orders) <- begin");
  }

  @Test
  void twoTasksMayExchangeWhoWaitsForWhom() {
    Workflow pair = workflow("pair");
    draft(pair, "a", definition(TaskKind.SYNC, daily("01:00")));
    draft(pair, "b", definition(TaskKind.SYNC, daily("02:00"), "a"));
    scene.scheduler.taskOperations().publishWorkflow(pair.id(), ME);
    redraft("a", definition(TaskKind.SYNC, daily("02:00"), "b"));
    redraft("b", definition(TaskKind.SYNC, daily("01:00")));
    scene.scheduler.taskOperations().publishWorkflow(pair.id(), ME);
    clock.set(Instant.parse("2026-03-10T23:30:00Z"));
    scene.scheduler.nightly();
    assertThat(scene.instances(scene.scheduler.task("a")).get(0).pending()).isOne();
    assertThat(scene.instances(scene.scheduler.task("b")).get(0).pending()).isZero();
    assertThatThrownBy(() -> scene.scheduler.taskOperations().publishWorkflow(pair.id(), ME))
        .hasMessage("no task of workflow 'pair' has a draft to publish; change one first");
  }

  @Test
  void aRunGoesThroughTheTasksInTheirOrder() {
    Workflow warehouse = warehouse();
    scene.scheduler.taskOperations().publishWorkflow(warehouse.id(), ME);
    scene.scheduler.start();
    SortedMap<Long, Long> made =
        scene.scheduler.taskOperations().runWorkflow(warehouse.id(), SchedulerScene.ME);
    assertThat(made).hasSize(4);
    Awaitility.await()
        .until(
            () ->
                made.values().stream()
                    .allMatch(id -> instance(id).state() == InstanceState.SUCCEEDED));
    assertThat(made.values())
        .allSatisfy(id -> assertThat(instance(id).kind()).isEqualTo(InstanceKind.MANUAL));
    // The start node does nothing, so nothing is ordered for it.
    assertThat(scene.orders.stream().map(RunOrder::task))
        .hasSize(3)
        .endsWith("report")
        .contains("orders", "items");
  }

  @Test
  void aTestTakesTheBusinessDateAndWaitsWithinTheWorkflowOnly() {
    Workflow warehouse = warehouse();
    scene.scheduler.taskOperations().publishWorkflow(warehouse.id(), ME);
    draft(warehouse, "mails", definition(TaskKind.SYNC, null, "report"));
    assertThatThrownBy(
            () ->
                scene
                    .scheduler
                    .taskOperations()
                    .testWorkflow(warehouse.id(), LocalDate.parse("2026-03-01"), SchedulerScene.ME))
        .hasMessage("task 'mails' has no published version; publish it first");
    scene.scheduler.taskOperations().publishWorkflow(warehouse.id(), ME);
    database.useTransaction(
        handle ->
            scene
                .scheduler
                .workflows()
                .remove(handle, now(warehouse), scene.scheduler.task("begin")));
    scene.scheduler.start();
    SortedMap<Long, Long> first = test(warehouse);
    SortedMap<Long, Long> second = test(warehouse);
    assertThat(first).hasSize(4).doesNotContainKey(scene.scheduler.task("begin").id());
    Awaitility.await()
        .until(
            () ->
                List.of(first, second).stream()
                    .flatMap(made -> made.values().stream())
                    .allMatch(id -> instance(id).state() == InstanceState.SUCCEEDED));
    assertThat(scene.orders)
        .hasSize(8)
        .allSatisfy(
            order ->
                assertThat(order.values().businessDate()).isEqualTo(LocalDate.parse("2026-03-01")));
    Instance report = instance(first.get(scene.scheduler.task("report").id()));
    assertThat(report.scheduledTime()).hasToString("2026-03-02T04:00");
    assertThat(report.kind()).isEqualTo(InstanceKind.TEST);
  }

  private SortedMap<Long, Long> test(Workflow workflow) {
    return scene
        .scheduler
        .taskOperations()
        .testWorkflow(workflow.id(), LocalDate.parse("2026-03-01"), SchedulerScene.ME);
  }

  @Test
  void whatWaitsForAFailedTaskOfTheRunDoesNotBegin() {
    Workflow warehouse = warehouse();
    scene.scheduler.taskOperations().publishWorkflow(warehouse.id(), ME);
    scene.outcome = order -> order.task().equals("orders") ? RunState.FAIL : RunState.SUCCESS;
    scene.scheduler.start();
    SortedMap<Long, Long> made =
        scene.scheduler.taskOperations().runWorkflow(warehouse.id(), SchedulerScene.ME);
    long orders = made.get(scene.scheduler.task("orders").id());
    long items = made.get(scene.scheduler.task("items").id());
    long report = made.get(scene.scheduler.task("report").id());
    Awaitility.await()
        .until(
            () ->
                instance(orders).state() == InstanceState.FAILED
                    && instance(items).state() == InstanceState.SUCCEEDED);
    assertThat(instance(report).state()).isEqualTo(InstanceState.NOT_RUN);
    assertThat(scene.scheduler.waiting(report))
        .singleElement()
        .asString()
        .contains("task 'orders'")
        .contains("is FAILED");
    scene.outcome = order -> RunState.SUCCESS;
    scene
        .scheduler
        .operations()
        .rerun(
            List.of(orders),
            io.millrace.scheduler.instance.Again.CONTINUE,
            false,
            SchedulerScene.ME);
    Awaitility.await().until(() -> instance(report).state() == InstanceState.SUCCEEDED);
  }

  @Test
  void aTaskBelongsToOneWorkflowAndOutlivesIt() {
    Workflow warehouse = warehouse();
    Workflow other = workflow("other");
    assertThatThrownBy(
            () ->
                database.useTransaction(
                    handle ->
                        scene
                            .scheduler
                            .workflows()
                            .add(handle, other, scene.scheduler.task("report"))))
        .hasMessage("task 'report' belongs to workflow 'warehouse'; take it out of that one first");
    assertThat(now(warehouse).tasks()).isEqualTo(4);
    assertThatThrownBy(
            () -> scene.scheduler.taskOperations().runWorkflow(other.id(), SchedulerScene.ME))
        .hasMessage("workflow 'other' has no tasks; add some first");
    database.useTransaction(handle -> scene.scheduler.workflows().delete(handle, warehouse.id()));
    assertThat(scene.scheduler.task("report").workflowId()).isNull();
    assertThatThrownBy(() -> workflow("other")).hasMessageContaining("already a workflow 'other'");
    assertThatThrownBy(() -> workflow("../x")).hasMessageContaining("workflow name must begin");
  }
}
