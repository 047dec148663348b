package io.millrace.server.api;

import static io.millrace.server.route.Access.OPERATOR;
import static io.millrace.server.route.Access.VIEWER;

import io.millrace.scheduler.backfill.Backfill;
import io.millrace.scheduler.backfill.BackfillPlan;
import io.millrace.scheduler.backfill.BackfillRequest;
import io.millrace.scheduler.backfill.BackfillState;
import io.millrace.scheduler.backfill.Backfills;
import io.millrace.scheduler.backfill.Existing;
import io.millrace.scheduler.backfill.RunWindow;
import io.millrace.scheduler.instance.Again;
import io.millrace.scheduler.instance.Operations;
import io.millrace.scheduler.parameter.Assignments;
import io.millrace.scheduler.store.Database;
import io.millrace.server.page.PageRequest;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.route.Answer;
import io.millrace.server.route.Check;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import io.millrace.server.route.Sight;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Backfills, from the plan to the end. */
final class BackfillRoutes implements Routes {

  private final Backfills backfills;
  private final Database database;

  BackfillRoutes(ApiRoutes.Parts parts) {
    this.backfills = parts.scheduler().backfills();
    this.database = parts.scheduler().database();
  }

  /** What is wanted; see {@link BackfillRequest}. What is left out has its default. */
  record BackfillForm(
      @Nullable String name,
      @Nullable String task,
      @Nullable String workflow,
      @Nullable List<BackfillRequest.DateRange> ranges,
      BackfillRequest.@Nullable TimeWindow times,
      @Nullable Integer parallelism,
      BackfillRequest.@Nullable Order order,
      BackfillRequest.@Nullable Scope scope,
      BackfillRequest.@Nullable Future future,
      @Nullable Map<String, String> parameters,
      @Nullable String group,
      @Nullable Integer priority,
      @Nullable RunWindow runWindow,
      BackfillRequest.@Nullable Alert alert,
      @Nullable Existing existing,
      BackfillRequest.@Nullable Slices slices,
      BackfillRequest.@Nullable OnFailure onFailure,
      @Nullable Integer stopAfter) {

    static BackfillForm of(BackfillRequest request) {
      return new BackfillForm(
          request.name(),
          request.task(),
          request.workflow(),
          request.ranges(),
          request.times(),
          request.parallelism(),
          request.order(),
          request.scope(),
          request.future(),
          request.parameters(),
          request.group(),
          request.priority(),
          request.runWindow(),
          request.alert(),
          request.existing(),
          request.slices(),
          request.onFailure(),
          request.stopAfter());
    }

    /** With only those parameters that are made of times. */
    BackfillForm withoutValues() {
      return new BackfillForm(
          name,
          task,
          workflow,
          ranges,
          times,
          parallelism,
          order,
          scope,
          future,
          parameters == null ? null : Assignments.open(parameters),
          group,
          priority,
          runWindow,
          alert,
          existing,
          slices,
          onFailure,
          stopAfter);
    }

    // The request's constructor puts a default in the place of each null.
    @SuppressWarnings("NullAway")
    BackfillRequest request() {
      if (ranges != null && ranges.stream().anyMatch(Objects::isNull)) {
        throw ProblemException.field("ranges", "need a from and a to each");
      }
      if (parameters != null && parameters.values().stream().anyMatch(Objects::isNull)) {
        throw ProblemException.field("parameters", "need a text each");
      }
      return new BackfillRequest(
          name,
          task,
          workflow,
          ranges == null ? List.of() : ranges,
          times,
          parallelism == null ? 1 : parallelism,
          order,
          scope,
          future,
          parameters == null ? Map.of() : parameters,
          group,
          priority,
          runWindow,
          alert,
          existing,
          slices,
          onFailure,
          stopAfter == null ? 0 : stopAfter);
    }
  }

  /** What would be made, to be looked at before. */
  record PlanView(
      String name,
      List<BackfillPlan.PlannedTask> tasks,
      List<BackfillPlan.PlannedDate> dates,
      BackfillPlan.Counts counts,
      List<String> notes) {

    static PlanView of(BackfillPlan plan) {
      return new PlanView(plan.name(), plan.tasks(), plan.dates(), plan.counts(), plan.notes());
    }
  }

  /** A backfill and how far it is. */
  record BackfillView(
      long id,
      String name,
      BackfillState state,
      String message,
      BackfillForm request,
      List<BackfillPlan.PlannedTask> tasks,
      Backfill.Progress progress,
      String createdBy,
      java.time.Instant createdAt,
      java.time.@Nullable Instant finishedAt) {

    static BackfillView of(Backfill.Shown shown) {
      Backfill backfill = shown.backfill();
      return new BackfillView(
          backfill.id(),
          backfill.name(),
          backfill.state(),
          backfill.message(),
          BackfillForm.of(backfill.request()),
          backfill.tasks(),
          shown.progress(),
          backfill.createdBy(),
          backfill.createdAt(),
          backfill.finishedAt());
    }

    /** For somebody who may see no data. */
    BackfillView withoutValues() {
      return new BackfillView(
          id,
          name,
          state,
          message,
          request.withoutValues(),
          tasks,
          progress,
          createdBy,
          createdAt,
          finishedAt);
    }
  }

  /** How to run again what failed. */
  record RerunFailed(Again again) {
    RerunFailed {
      Check.present("again", again);
    }
  }

  /** What came of it; see {@link OperationRoutes.OperationResults} for the warning. */
  record BackfillRerun(BackfillView backfill, String warning) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post("/backfills/plan", OPERATOR, "Shows what a backfill would make", this::plan)
            .takes(BackfillForm.class)
            .gives(PlanView.class),
        Route.post("/backfills", OPERATOR, "Makes a backfill", this::create)
            .takes(BackfillForm.class)
            .creates(BackfillView.class),
        Route.get("/backfills", VIEWER, "Lists backfills, the newest first", this::list)
            .givesList(BackfillView.class)
            .query("state", "one state")
            .query("offset", "how many to leave out; 0 by default")
            .query("size", "how many at most, 1 to 500; 50 by default"),
        Route.get("/backfills/{id}", VIEWER, "Shows a backfill", this::show)
            .gives(BackfillView.class),
        Route.post(
                "/backfills/{id}/pause",
                OPERATOR,
                "Opens no further date",
                request -> change(request, backfills::pause))
            .gives(BackfillView.class),
        Route.post(
                "/backfills/{id}/resume",
                OPERATOR,
                "Goes on after a pause",
                request -> change(request, backfills::resume))
            .gives(BackfillView.class),
        Route.post(
                "/backfills/{id}/cancel",
                OPERATOR,
                "Ends a backfill and everything of it",
                request -> change(request, backfills::cancel))
            .gives(BackfillView.class),
        Route.post(
                "/backfills/{id}/rerun-failed",
                OPERATOR,
                "Runs again what has not succeeded",
                this::rerunFailed)
            .takes(RerunFailed.class)
            .gives(BackfillRerun.class));
  }

  private Object plan(Request request) throws IOException {
    return PlanView.of(backfills.plan(request.body(BackfillForm.class).request()));
  }

  private Object create(Request request) throws IOException {
    BackfillRequest wanted = request.body(BackfillForm.class).request();
    long id = backfills.create(wanted, TaskAccess.by(request));
    BackfillView made = BackfillView.of(backfills.get(id));
    return Answer.created(Route.PREFIX + "/backfills/" + id, made);
  }

  private Object list(Request request) {
    List<BackfillState> states = request.choices("state", BackfillState.class);
    if (states.size() > 1) {
      throw ProblemException.field("state", "must be one");
    }
    return backfills
        .list(
            states.isEmpty() ? null : states.get(0),
            (int) request.number("size", PageRequest.SIZE, 1, PageRequest.LARGEST),
            (int) request.number("offset", 0, 0, Integer.MAX_VALUE))
        .stream()
        .map(shown -> view(request, shown))
        .toList();
  }

  private Object show(Request request) {
    return view(request, backfills.get(require(request)));
  }

  private static BackfillView view(Request request, Backfill.Shown shown) {
    BackfillView view = BackfillView.of(shown);
    return request.sight() == Sight.HIDDEN ? view.withoutValues() : view;
  }

  private interface Change {
    void apply(long id, Operations.By by);
  }

  private Object change(Request request, Change change) {
    long id = require(request);
    change.apply(id, TaskAccess.by(request));
    return BackfillView.of(backfills.get(id));
  }

  private Object rerunFailed(Request request) throws IOException {
    boolean anew = request.body(RerunFailed.class).again() == Again.ANEW;
    long id = require(request);
    backfills.rerunFailed(id, anew, TaskAccess.by(request));
    return new BackfillRerun(BackfillView.of(backfills.get(id)), anew ? OperationRoutes.ANEW : "");
  }

  private long require(Request request) {
    long id = request.id("id");
    boolean known =
        database.with(
            handle ->
                handle
                        .createQuery("SELECT COUNT(*) FROM backfill WHERE id = :id")
                        .bind("id", id)
                        .mapTo(Long.class)
                        .one()
                    > 0);
    if (!known) {
      throw ProblemException.notFound("there is no backfill " + id);
    }
    return id;
  }
}
