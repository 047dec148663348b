package io.millrace.server.api;

import static io.millrace.server.route.Access.OPERATOR;
import static io.millrace.server.route.Access.VIEWER;

import io.millrace.scheduler.TaskOperations;
import io.millrace.scheduler.generate.Reconciler;
import io.millrace.scheduler.task.Task;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.route.Answer;
import io.millrace.server.route.Check;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/** Running a task by hand, and comparing what its schedule expects with what there is. */
final class TaskRunRoutes implements Routes {

  private static final Duration WEEK = Duration.ofDays(7);

  /** A task of every minute has so many times that the answer stays small. */
  private static final Duration LONGEST = Duration.ofDays(100);

  private final TaskAccess access;
  private final TaskOperations operations;
  private final Clock clock;

  TaskRunRoutes(ApiRoutes.Parts parts) {
    this.access = new TaskAccess(parts);
    this.operations = parts.scheduler().taskOperations();
    this.clock = parts.clock();
  }

  /** For which date to test. */
  record TestDate(LocalDate businessDate) {
    TestDate {
      Check.present("businessDate", businessDate);
    }
  }

  /** The instance that was made. */
  record MadeInstance(long instance) {}

  /** Which time to put right; the end is not included. */
  record TimeRange(Instant from, Instant to) {}

  /**
   * Expected against created.
   *
   * @param expected how many the schedule has in the time
   * @param created how many of these exist
   * @param missing those that should exist and do not
   * @param excused those that the catch-up policy has left out
   * @param unexpected those that exist and are not in the schedule as it is now
   */
  record Reconciliation(
      long task,
      String name,
      int expected,
      int created,
      List<Instant> missing,
      List<Instant> excused,
      List<Instant> unexpected) {

    static Reconciliation of(Reconciler.Report report) {
      return new Reconciliation(
          report.task(),
          report.name(),
          report.expected(),
          report.created(),
          report.missing(),
          report.excused(),
          report.unexpected());
    }
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post("/tasks/{id}/test", OPERATOR, "Tests a task for a business date", this::test)
            .takes(TestDate.class)
            .creates(MadeInstance.class),
        Route.post("/tasks/{id}/run", OPERATOR, "Runs a task now", this::run)
            .creates(MadeInstance.class),
        Route.get(
                "/tasks/{id}/reconciliation",
                VIEWER,
                "Compares the instances that are expected with those that exist",
                this::report)
            .gives(Reconciliation.class)
            .query("from", "the first instant; by default a week ago")
            .query("to", "the instant after the last; by default a week after from"),
        Route.post(
                "/tasks/{id}/reconciliation",
                OPERATOR,
                "Makes the instances that are missing, and tells what was missing",
                this::repair)
            .takes(TimeRange.class)
            .gives(Reconciliation.class));
  }

  private Object test(Request request) throws IOException {
    LocalDate date = Given.bounded("businessDate", request.body(TestDate.class).businessDate());
    Task task = access.require(request);
    return made(operations.test(task.id(), date, TaskAccess.by(request)));
  }

  private Object run(Request request) {
    return made(operations.run(access.require(request).id(), TaskAccess.by(request)));
  }

  private static Answer made(long instance) {
    return Answer.created(Route.PREFIX + "/instances/" + instance, new MadeInstance(instance));
  }

  private Object report(Request request) {
    Instant from = Given.instant(request, "from", clock.instant().minus(WEEK));
    Instant to = Given.instant(request, "to", from.plus(WEEK));
    check(from, to);
    Task task = access.require(request);
    return Reconciliation.of(operations.report(task.id(), from, to));
  }

  private Object repair(Request request) throws IOException {
    TimeRange range = request.body(TimeRange.class);
    Given.bounded("from", range.from());
    Given.bounded("to", range.to());
    check(range.from(), range.to());
    Task task = access.require(request);
    return Reconciliation.of(
        operations.repair(task.id(), range.from(), range.to(), TaskAccess.by(request)));
  }

  private static void check(Instant from, Instant to) {
    if (!from.isBefore(to) || Duration.between(from, to).compareTo(LONGEST) > 0) {
      throw ProblemException.field("to", "must be after from, by at most 100 days");
    }
  }
}
