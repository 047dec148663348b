package io.millrace.server.api;

import static io.millrace.server.route.Access.OPERATOR;

import io.millrace.scheduler.instance.Again;
import io.millrace.scheduler.instance.Operations;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.route.Check;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What operators do with instances: several at once, each with a result of its own. */
final class OperationRoutes implements Routes {

  static final String ANEW =
      "starting anew writes every row once more: where the rows of the target have no key, they"
          + " double";

  private static final int MOST = 1_000;

  private final Operations operations;

  OperationRoutes(Operations operations) {
    this.operations = operations;
  }

  /** Which instances, and why. */
  record Selection(List<Long> ids, @Nullable String why) {}

  /** Which instances to run again, how, and why. */
  record RerunSelection(List<Long> ids, Again again, @Nullable String why) {
    RerunSelection {
      Check.present("again", again);
    }
  }

  /** Which instances get which priority, 1 to 11, and why. */
  record PrioritySelection(List<Long> ids, int priority, @Nullable String why) {}

  /**
   * What came of it for one instance.
   *
   * @param refusal why nothing was changed; empty when it was done
   */
  record OperationResult(long id, boolean done, String refusal) {}

  /**
   * What came of it.
   *
   * @param warning what the caller should know; empty when there is nothing
   */
  record OperationResults(List<OperationResult> results, String warning) {}

  @Override
  public List<Route> routes() {
    return List.of(
        operation("stop", "Ends instances as failed", operations::stop),
        operation("set-succeeded", "Counts failed instances as done", operations::setSucceeded),
        operation("freeze", "Holds instances back", operations::freeze),
        operation("unfreeze", "Lets instances go on", operations::unfreeze),
        operation(
            "remove-dependencies",
            "Has instances wait for no ancestor",
            operations::removeDependencies),
        rerun(
            "rerun",
            "Runs instances again",
            (given, by) -> operations.rerun(ids(given.ids()), given.again(), false, by)),
        rerun(
            "force-rerun",
            "Runs instances again whatever their task says, without their ancestors",
            (given, by) -> operations.rerun(ids(given.ids()), given.again(), true, by)),
        rerun(
            "rerun-downstream",
            "Runs instances and all that depend on them again",
            (given, by) -> operations.rerunDownstream(ids(given.ids()), given.again(), by)),
        Route.post("/instances/priority", OPERATOR, "Changes the priority", this::priority)
            .takes(PrioritySelection.class)
            .gives(OperationResults.class));
  }

  private interface Simple {
    List<Operations.Result> apply(List<Long> ids, Operations.By by);
  }

  private interface Rerun {
    List<Operations.Result> apply(RerunSelection given, Operations.By by);
  }

  private static Route operation(String path, String summary, Simple operation) {
    return Route.post(
            "/instances/" + path,
            OPERATOR,
            summary,
            request -> {
              Selection given = request.body(Selection.class);
              return results(operation.apply(ids(given.ids()), by(request, given.why())), "");
            })
        .takes(Selection.class)
        .gives(OperationResults.class);
  }

  private static Route rerun(String path, String summary, Rerun operation) {
    return Route.post(
            "/instances/" + path,
            OPERATOR,
            summary,
            request -> {
              RerunSelection given = request.body(RerunSelection.class);
              return results(
                  operation.apply(given, by(request, given.why())),
                  given.again() == Again.ANEW ? ANEW : "");
            })
        .takes(RerunSelection.class)
        .gives(OperationResults.class);
  }

  private Object priority(Request request) throws IOException {
    PrioritySelection given = request.body(PrioritySelection.class);
    Check.between("priority", given.priority(), 1, 11);
    return results(
        operations.priority(ids(given.ids()), given.priority(), by(request, given.why())), "");
  }

  private static List<Long> ids(List<Long> ids) {
    if (ids.isEmpty() || ids.size() > MOST || ids.stream().anyMatch(Objects::isNull)) {
      throw ProblemException.field("ids", "must be 1 to " + MOST + " instances");
    }
    return ids;
  }

  private static Operations.By by(Request request, @Nullable String why) {
    return new Operations.By(request.identity().name(), Given.why(request, why));
  }

  private static OperationResults results(List<Operations.Result> results, String warning) {
    return new OperationResults(
        results.stream()
            .map(one -> new OperationResult(one.id(), one.isDone(), one.refusal()))
            .toList(),
        warning);
  }
}
