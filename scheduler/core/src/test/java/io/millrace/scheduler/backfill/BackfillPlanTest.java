package io.millrace.scheduler.backfill;

import static io.millrace.scheduler.backfill.Scene.DAILY;
import static io.millrace.scheduler.backfill.Scene.SIX_HOURS;
import static io.millrace.scheduler.backfill.Scene.on;
import static io.millrace.scheduler.backfill.Scene.onPrevious;
import static io.millrace.scheduler.backfill.Scene.orders;
import static io.millrace.scheduler.backfill.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.MillraceException;
import io.millrace.scheduler.Stores;
import io.millrace.scheduler.backfill.BackfillPlan.Counts;
import io.millrace.scheduler.backfill.BackfillPlan.PlannedInstance;
import io.millrace.scheduler.instance.InstanceKind;
import io.millrace.scheduler.instance.NewInstance;
import io.millrace.scheduler.instance.RunMode;
import io.millrace.scheduler.schedule.Cycle;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.store.Json;
import io.millrace.scheduler.task.RunSettings;
import io.millrace.scheduler.task.TaskDefinition;
import io.millrace.scheduler.task.TaskKind;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BackfillPlanTest {

  private final Database database = Stores.memory();
  private final Scene scene = new Scene(database);

  @AfterEach
  void close() {
    database.close();
  }

  private static List<PlannedInstance> all(BackfillPlan plan) {
    return plan.dates().stream().flatMap(date -> date.instances().stream()).toList();
  }

  private static List<String> words(BackfillPlan plan) {
    return all(plan).stream()
        .map(
            one ->
                one.businessDate().getDayOfMonth()
                    + " "
                    + one.action()
                    + " "
                    + one.mode()
                    + (one.why().isEmpty() ? "" : ": " + one.why()))
        .toList();
  }

  @Test
  void offDaysBecomeDryRunsAndAreCounted() {
    scene.task(
        "orders",
        Schedule.of(Cycle.weekly(List.of(DayOfWeek.MONDAY), LocalTime.of(2, 0)), Scene.UTC));
    BackfillPlan plan = scene.plan(orders(1, 2, ""));

    assertThat(words(plan))
        .containsExactly(
            "1 CREATE NORMAL", "2 CREATE DRY_RUN: the schedule leaves out Tuesday 2026-11-03");
    assertThat(plan.counts()).isEqualTo(new Counts(2, 2, 0, 0, 1));
  }

  @Test
  void aDateWithoutOccurrenceIsShownAndNotMade() {
    scene.task("orders", DAILY.effective(LocalDate.of(2026, 11, 3), null));
    BackfillPlan plan = scene.plan(orders(1, 2, ""));

    assertThat(plan.dates().get(0).note()).isEqualTo("no occurrence");
    assertThat(plan.counts()).isEqualTo(new Counts(1, 1, 0, 0, 0));
    long id = scene.create(orders(1, 2, ""));
    assertThat(scene.backfills.get(id).progress().dates()).isEqualTo(1);
  }

  @Test
  void sevenRangesAreTakenInOrder() {
    scene.task("orders", DAILY);
    StringBuilder ranges = new StringBuilder();
    for (int day = 19; day > 5; day -= 2) {
      ranges.append(
          String.format(
              "%s{'from':'2026-11-%02d','to':'2026-11-%02d'}",
              ranges.isEmpty() ? "" : ",", day, day));
    }
    BackfillPlan plan = scene.plan(request("{'task':'orders','ranges':[" + ranges + "]}"));
    assertThat(plan.dates())
        .extracting(date -> date.date().getDayOfMonth())
        .containsExactly(7, 9, 11, 13, 15, 17, 19);
    assertThat(plan.name()).isEqualTo("orders 2026-11-07..2026-11-19");
  }

  @Test
  void onlyTimesOfDayInTheWindowTakePart() {
    scene.task("orders", SIX_HOURS);
    BackfillPlan plan = scene.plan(orders(1, 1, "'times':{'from':'06:00','to':'12:00'}"));
    assertThat(all(plan)).extracting(one -> one.time().getHour()).containsExactly(6, 12);
  }

  @Test
  void aTaskWithoutScheduleHasOneRunADate() {
    scene.task("orders", (Schedule) null);
    assertThat(words(scene.plan(orders(1, 2, ""))))
        .containsExactly("1 CREATE NORMAL", "2 CREATE NORMAL");
  }

  @Test
  void aPlanHasAJsonForm() {
    scene.task("orders", DAILY);
    BackfillPlan plan =
        scene.plan(
            orders(1, 2, "'runWindow':{'zone':'UTC','daily':{'from':'22:00','to':'02:00'}}"));
    assertThat(Json.read(Json.write(plan), BackfillPlan.class)).isEqualTo(plan);
  }

  // Scope

  @Test
  void descendantsAreAllChosenOrExcluded() {
    scene.task("orders", DAILY);
    scene.task("clean", DAILY, on("orders"));
    scene.task("report", DAILY, on("clean"));
    scene.task("mail", DAILY, on("report"));
    scene.task("other", DAILY);

    assertThat(tasks("")).containsExactly("orders");
    assertThat(tasks("'scope':{'descendants':true}"))
        .containsExactly("orders", "clean", "report", "mail");
    assertThat(tasks("'scope':{'descendants':true,'chosen':['report']}"))
        .containsExactly("orders", "clean (left)", "report");
    assertThat(tasks("'scope':{'descendants':true,'excluded':['clean','mail']}"))
        .containsExactly("orders", "clean (left)", "report");
    assertThat(tasks("'scope':{'descendants':true,'excluded':['mail']}"))
        .containsExactly("orders", "clean", "report");
  }

  private List<String> tasks(String options) {
    return scene.plan(orders(1, 1, options)).tasks().stream()
        .map(one -> one.name() + (one.left() ? " (left)" : ""))
        .toList();
  }

  @Test
  void aWorkflowTakesPartWithAllItsTasks() {
    scene.task("orders", DAILY);
    scene.task("report", DAILY, on("orders"));
    scene.task(
        "zero",
        new TaskDefinition(
            TaskKind.ZERO_LOAD, "", DAILY, RunSettings.DEFAULT, Map.of(), List.of(on("report"))));
    database.useTransaction(
        handle -> {
          handle.execute(
              "INSERT INTO workflow (name, owner, description) VALUES ('sales', 'me', '')");
          handle.execute("UPDATE task SET workflow_id = (SELECT id FROM workflow)");
        });
    BackfillRequest sales =
        request("{'workflow':'sales','ranges':[{'from':'2026-11-01','to':'2026-11-01'}]}");
    assertThat(words(scene.plan(sales)))
        .containsExactly("1 CREATE NORMAL", "1 CREATE NORMAL", "1 CREATE DRY_RUN: zero-load");
    long id = scene.create(sales);
    assertThat(scene.finish(id)).containsExactly("orders 1", "report 1");
    assertThat(scene.state(id)).isEqualTo(BackfillState.SUCCEEDED);
  }

  // What is waited for

  @Test
  void anHourlyDescendantWaitsForTheDailyAncestorAndADailyOneForAllHourlyOnes() {
    scene.task("orders", DAILY);
    scene.task("hours", SIX_HOURS, on("orders"));
    scene.task("report", DAILY, on("hours"));
    BackfillPlan plan = scene.plan(orders(1, 2, "'scope':{'descendants':true}"));

    assertThat(all(plan))
        .extracting(one -> one.ancestors().size())
        .containsExactly(0, 1, 1, 1, 1, 4, 0, 1, 1, 1, 1, 4);
  }

  @Test
  void whatIsSkippedIsPassedOnTheWayToWhatIsWaitedFor() {
    scene.task("orders", DAILY);
    long clean = scene.task("clean", DAILY, on("orders"));
    scene.task("report", DAILY, on("clean"));
    made(clean, "SUCCEEDED", InstanceKind.RECURRING, RunMode.NORMAL);
    BackfillPlan plan =
        scene.plan(orders(1, 1, "'scope':{'descendants':true},'existing':'MISSING_ONLY'"));

    assertThat(words(plan).get(1)).startsWith("1 SKIP NORMAL: instance ");
    assertThat(all(plan).get(2).ancestors())
        .containsExactly(new NewInstance.Ancestor(all(plan).get(0).task(), all(plan).get(0).at()));
  }

  @Test
  void latestFirstSaysThatEarlierDatesAreNotWaitedFor() {
    scene.task("orders", DAILY, onPrevious("orders"));
    assertThat(scene.plan(orders(1, 2, "'order':'DESC'")).notes())
        .containsExactly("latest date first: dependencies on an earlier date do not count");
    assertThat(scene.plan(orders(1, 2, "")).notes()).isEmpty();
  }

  // Existing instances

  private long made(long task, String state, InstanceKind kind, RunMode mode) {
    Instant at = Instant.parse("2026-11-02T02:00:00Z");
    return database.inTransaction(
        handle -> {
          NewInstance wanted =
              new NewInstance(
                  task,
                  1,
                  kind,
                  at,
                  kind == InstanceKind.RECURRING ? 0 : 9000 + task + mode.ordinal(),
                  java.time.LocalDateTime.parse("2026-11-02T02:00:00"),
                  LocalDate.of(2026, 11, 1),
                  mode,
                  "",
                  at,
                  1,
                  1,
                  1,
                  1,
                  "{}",
                  List.of());
          long id = scene.instances.create(handle, List.of(wanted), at).get(0);
          handle.execute("UPDATE instance SET state = ? WHERE id = ?", state, id);
          return id;
        });
  }

  @ParameterizedTest
  @CsvSource({
    "none, CREATE, CREATE, SKIP, CREATE",
    "SUCCEEDED, RERUN, SKIP, SKIP, SKIP",
    "RUNNING, RERUN, SKIP, SKIP, SKIP",
    "FROZEN, RERUN, SKIP, SKIP, SKIP",
    "FAILED, RERUN, RERUN, RERUN, SKIP",
  })
  void whatExistsDecidesWhatIsMade(
      String state, String all, String missing, String failed, String any) {
    for (InstanceKind kind : List.of(InstanceKind.RECURRING, InstanceKind.BACKFILL)) {
      database.useTransaction(
          handle -> {
            handle.execute("DELETE FROM instance");
            handle.execute("UPDATE task SET deleted = TRUE, name = CONCAT('old', id)");
          });
      long task = scene.task("orders", DAILY);
      if (!state.equals("none")) {
        made(task, state, kind, RunMode.NORMAL);
      }
      assertThat(actions()).containsExactly(all, missing, failed, any);
    }
  }

  private List<String> actions() {
    return Stream.of(Existing.values())
        .map(
            existing ->
                all(scene.plan(orders(1, 1, "'existing':'" + existing + "'")))
                    .get(0)
                    .action()
                    .name())
        .toList();
  }

  @Test
  void aDryRunThatSucceededIsNoSuccessOfWhatReallyRuns() {
    long task = scene.task("orders", DAILY);
    made(task, "SUCCEEDED", InstanceKind.RECURRING, RunMode.DRY_RUN);
    assertThat(actions()).containsExactly("RERUN", "RERUN", "SKIP", "SKIP");
  }

  @Test
  void aBackfillThatRepairedAFailureCountsAsSuccess() {
    long task = scene.task("orders", DAILY);
    made(task, "FAILED", InstanceKind.RECURRING, RunMode.NORMAL);
    made(task, "SUCCEEDED", InstanceKind.BACKFILL, RunMode.NORMAL);
    assertThat(actions()).containsExactly("RERUN", "SKIP", "SKIP", "SKIP");
  }

  @Test
  void testsAndManualRunsDoNotCount() {
    long task = scene.task("orders", DAILY);
    made(task, "SUCCEEDED", InstanceKind.TEST, RunMode.NORMAL);
    assertThat(actions()).containsExactly("CREATE", "CREATE", "SKIP", "CREATE");
  }

  @Test
  void onlyWhatIsNotSkippedIsMade() {
    long task = scene.task("orders", DAILY);
    made(task, "SUCCEEDED", InstanceKind.RECURRING, RunMode.NORMAL);
    BackfillRequest request = orders(1, 3, "'existing':'MISSING_ONLY'");
    assertThat(scene.plan(request).counts()).isEqualTo(new Counts(2, 2, 0, 1, 0));
    long id = scene.create(request);
    assertThat(scene.finish(id)).containsExactly("orders 2", "orders 3");

    assertThatThrownBy(() -> scene.create(request))
        .isInstanceOf(MillraceException.class)
        .hasMessage(
            "backfill: there is nothing to do: with existing MISSING_ONLY all 3 instances are"
                + " skipped");
  }

  // Slices

  @Test
  void slicesTakeSeveralDatesButNeverReachIntoAnotherRange() {
    scene.task("orders", DAILY);
    String ranges =
        "'ranges':[{'from':'2026-11-01','to':'2026-11-05'},{'from':'2026-11-08','to':'2026-11-09'}]";
    assertThat(bounds("{'task':'orders'," + ranges + ",'slices':{'kind':'PERIODS','periods':2}}"))
        .containsExactly("1-2", "3-4", "5-5", "8-9");
    assertThat(bounds("{'task':'orders'," + ranges + ",'slices':{'kind':'RANGE'}}"))
        .containsExactly("1-5", "8-9");
  }

  @Test
  void slicesOfATaskWithSeveralTimesADayTakeSeveralOfThem() {
    scene.task("orders", SIX_HOURS);
    String ranges = "'ranges':[{'from':'2026-11-01','to':'2026-11-02'}]";
    BackfillPlan plan =
        scene.plan(
            request("{'task':'orders'," + ranges + ",'slices':{'kind':'PERIODS','periods':3}}"));
    assertThat(all(plan))
        .extracting(one -> one.slice().fromTime() + "-" + one.slice().toTime())
        .containsExactly(
            "2026-11-02T00:00-2026-11-02T12:00",
            "2026-11-02T18:00-2026-11-03T06:00",
            "2026-11-03T12:00-2026-11-03T18:00");
    assertThat(plan.dates()).hasSize(2);
  }

  @Test
  void theTasksOfASliceWaitForEachOther() {
    scene.task("orders", SIX_HOURS);
    scene.task("report", DAILY, on("orders"));
    BackfillPlan plan =
        scene.plan(orders(1, 3, "'scope':{'descendants':true},'slices':{'kind':'RANGE'}"));
    assertThat(all(plan)).hasSize(2);
    assertThat(all(plan).get(1).ancestors())
        .containsExactly(new NewInstance.Ancestor(all(plan).get(0).task(), all(plan).get(0).at()));
  }

  private List<String> bounds(String request) {
    return all(scene.plan(request(request))).stream()
        .map(one -> one.slice().from().getDayOfMonth() + "-" + one.slice().to().getDayOfMonth())
        .toList();
  }

  // Refusals

  static Stream<List<String>> refusals() {
    String range = "'ranges':[{'from':'2026-11-01','to':'2026-11-02'}]";
    String eight =
        String.join(
            ",", java.util.Collections.nCopies(8, "{'from':'2026-11-01','to':'2026-11-01'}"));
    return Stream.of(
        List.of(
            "{'task':'orders','ranges':[" + eight + "]}",
            "give 1 to 7 ranges of business dates, found 8"),
        List.of("{'task':'orders','ranges':[]}", "give 1 to 7 ranges of business dates, found 0"),
        List.of(
            "{'task':'orders','ranges':[{'from':'2026-11-02','to':'2026-11-01'}]}",
            "range 2026-11-02 to 2026-11-01 ends before it begins; exchange its ends"),
        List.of(
            "{'task':'orders','ranges':[{'from':'2026-11-02','to':'2026-11-04'},"
                + "{'from':'2026-11-01','to':'2026-11-02'}]}",
            "ranges 2026-11-01..2026-11-02 and 2026-11-02..2026-11-04 overlap"),
        List.of(
            "{'task':'orders','ranges':[{'from':'2026-11-21','to':'2026-11-22'}]}",
            "business date 2026-11-22 of 'orders' is due in the future (2026-11-23T02:00); say with"
                + " future whether it runs NOW or AT_TIME"),
        List.of(
            "{'task':'orders','ranges':[{'from':'1900-01-01','to':'2026-11-01'}]}",
            "the ranges have 46326 dates, at most 36600 are allowed"),
        List.of("{'task':'none'," + range + "}", "there is no task 'none'"),
        List.of(
            "{'workflow':'none'," + range + "}", "there is no workflow 'none', or it has no tasks"),
        List.of("{" + range + "}", "name either a task or a workflow"),
        List.of(
            "{'task':'orders','parallelism':11," + range + "}",
            "parallelism must be 1 to 10, found 11"),
        List.of(
            "{'task':'orders','priority':12," + range + "}", "priority must be 1 to 11, found 12"),
        List.of(
            "{'task':'orders','times':{'from':'08:00'}," + range + "}",
            "times needs both from and to, or neither"),
        List.of(
            "{'task':'orders','times':{'from':'08:00','to':'09:00'}," + range + "}",
            "'orders' has no occurrence on these dates from 08:00 to 09:00; look at its schedule and"
                + " effective dates"),
        List.of(
            "{'task':'orders','stopAfter':3," + range + "}",
            "stopAfter must be at least 1 with onFailure STOP_AFTER, and absent otherwise"),
        List.of(
            "{'task':'orders','scope':{'excluded':['report']}," + range + "}",
            "scope chooses or excludes descendants, but descendants is not true"),
        List.of(
            "{'task':'orders','scope':{'descendants':true,'excluded':['other']}," + range + "}",
            "scope names 'other', which is not a descendant"),
        List.of(
            "{'task':'orders','scope':{'descendants':true,'excluded':['orders']}," + range + "}",
            "task 'orders' itself is excluded"),
        List.of(
            "{'task':'orders','group':'none'," + range + "}", "there is no resource group 'none'"),
        List.of(
            "{'task':'orders','runWindow':{'zone':'UTC'}," + range + "}",
            "runWindow needs daily or weekend hours"),
        List.of(
            "{'task':'orders','slices':{'kind':'PERIODS'}," + range + "}",
            "slices.periods must be at least 1, found 0"),
        List.of(
            "{'task':'draft'," + range + "}",
            "task 'draft' has no published version; publish it first"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whatMakesNoSenseIsRefusedInOneLine(List<String> given) {
    scene.task("orders", DAILY);
    scene.task("report", DAILY, on("orders"));
    database.useTransaction(
        handle ->
            scene.tasks.create(
                handle,
                "draft",
                "me",
                new TaskDefinition(
                    TaskKind.SYNC, "", null, RunSettings.DEFAULT, Map.of(), List.of())));
    assertThatThrownBy(() -> scene.plan(request(given.get(0))))
        .isInstanceOf(MillraceException.class)
        .message()
        .matches(
            message -> message.replaceFirst("^backfill: ", "").equals(given.get(1)), given.get(1));
  }

  @Test
  void aCircleOfDescendantsIsRefusedWithItsPath() {
    long orders = scene.task("orders", DAILY);
    long clean = scene.task("clean", DAILY, on("orders"));
    long report = scene.task("report", DAILY, on("clean"));
    database.useTransaction(
        handle -> {
          handle.execute("INSERT INTO task_dependency VALUES (?, ?, 'SAME_CYCLE')", clean, report);
        });
    assertThat(orders).isPositive();
    assertThatThrownBy(() -> scene.plan(orders(1, 1, "'scope':{'descendants':true}")))
        .isInstanceOf(MillraceException.class)
        .hasMessage("backfill: the tasks' dependencies form a circle: clean <- report <- clean");
  }

  @Test
  void aParameterThatNoTaskDeclaresIsRefusedWithThoseThatThereAre() {
    scene.task("orders", DAILY);
    assertThatThrownBy(() -> scene.create(orders(1, 1, "'parameters':{'extra':'x'}")))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("extra")
        .hasMessageEndingWith("there are [at, dt]");
  }

  @Test
  void aParameterTakesNoStatementFromWhoBackfills() {
    scene.task("orders", DAILY);
    for (String attack :
        List.of("20261101;DROP/**/TABLE/**/t", "id", "1--", "../../etc/passwd", "1)OR(1")) {
      assertThatThrownBy(() -> scene.create(orders(1, 1, "'parameters':{'dt':'" + attack + "'}")))
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("parameter 'dt' takes a number, a date or a time");
    }
    assertThat(scene.backfills.list(null, 10, 0)).isEmpty();
  }

  @Test
  void aParameterTakesWhatItsAuthorsPatternSays() {
    scene.task(
        "orders",
        new TaskDefinition(
            TaskKind.SYNC,
            "script",
            DAILY,
            RunSettings.DEFAULT,
            Map.of("table", "orders"),
            List.of(),
            Map.of("table", "orders(_[a-z]{2})?")));
    assertThatThrownBy(() -> scene.create(orders(1, 1, "'parameters':{'table':'salaries'}")))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("takes what matches orders(_[a-z]{2})?");
    long id = scene.create(orders(1, 1, "'parameters':{'table':'orders_de'}"));
    assertThat(scene.all(id).get(0).parameters()).contains("orders_de");
  }

  @Test
  void parametersThatCannotBeWorkedOutAreRefusedBeforeAnythingIsMade() {
    scene.task("orders", DAILY);
    assertThatThrownBy(() -> scene.create(orders(1, 1, "'parameters':{'dt':'$[yyyy-N]'}")))
        .isInstanceOf(MillraceException.class);
    assertThat(scene.backfills.list(null, 10, 0)).isEmpty();
  }
}
