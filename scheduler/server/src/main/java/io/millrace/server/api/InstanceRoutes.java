package io.millrace.server.api;

import static io.millrace.server.route.Access.VIEWER;

import io.millrace.scheduler.Scheduler;
import io.millrace.scheduler.dispatch.Attempts;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.InstanceKind;
import io.millrace.scheduler.instance.InstanceQuery;
import io.millrace.scheduler.instance.InstanceState;
import io.millrace.scheduler.instance.Operation;
import io.millrace.scheduler.parameter.FrozenParameters;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import io.millrace.server.route.Sight;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Instances: what there is, where it stands and why. */
final class InstanceRoutes implements Routes {

  private final Scheduler scheduler;

  InstanceRoutes(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * An instance with everything that was fixed when it was made.
   *
   * @param expressionTime what expressions in the script count from
   * @param parameters their values, as every attempt gets them; for who may see no data, those that
   *     are made of times and ids
   * @param generation of its ledger in the target; starting anew is a new one
   * @param allowed what may be done with it in this state
   * @param warning of starting it anew; empty when nothing would double
   */
  record InstanceDetail(
      InstanceView instance,
      LocalDateTime expressionTime,
      Map<String, String> parameters,
      int generation,
      int pendingAncestors,
      int automaticReruns,
      Instant createdAt,
      @Nullable Instant readyAt,
      List<Operation> allowed,
      String warning) {}

  /** Why an instance has not begun; no reasons when it waits for nothing. */
  record WaitingView(long instance, InstanceState state, List<String> reasons) {}

  /** An attempt. */
  record AttemptView(
      int number,
      int generation,
      String node,
      Attempts.State state,
      Instant startedAt,
      @Nullable Instant finishedAt,
      long recordsRead,
      long recordsWritten,
      long recordsDirty,
      long bytesRead,
      String errorCode,
      String message) {

    static AttemptView of(Attempts.Row row) {
      return new AttemptView(
          row.number(),
          row.generation(),
          row.node(),
          row.state(),
          row.startedAt(),
          row.finishedAt(),
          row.read(),
          row.written(),
          row.dirty(),
          row.bytes(),
          row.errorCode(),
          row.message());
    }
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/instances", VIEWER, "Lists instances, the newest first", this::list)
            .givesSlice(InstanceView.class)
            .query("state", "some states, separated by commas")
            .query("kind", "some kinds, separated by commas")
            .query("task", "the task's name")
            .query("taskId", "the task's id")
            .query("from", "the first business date")
            .query("to", "the last business date")
            .query("owner", "the task's owner")
            .query("group", "the resource group")
            .query("workflow", "the name of the workflow that the task belongs to")
            .query("backfill", "the backfill's id"),
        Route.get("/instances/{id}", VIEWER, "Shows an instance with its values", this::show)
            .gives(InstanceDetail.class),
        Route.get("/instances/{id}/waiting", VIEWER, "Tells why it waits", this::waiting)
            .gives(WaitingView.class),
        Route.get("/instances/{id}/attempts", VIEWER, "Lists its attempts", this::attempts)
            .givesList(AttemptView.class));
  }

  private Object list(Request request) {
    Long backfill = number(request, "backfill");
    Set<InstanceKind> kinds = Set.copyOf(request.choices("kind", InstanceKind.class));
    InstanceQuery.Filter filter =
        new InstanceQuery.Filter(
            Set.copyOf(request.choices("state", InstanceState.class)),
            // Run keys of tests and manual runs are numbers of their own.
            backfill == null ? kinds : Set.of(InstanceKind.BACKFILL),
            number(request, "taskId"),
            request.query("task").orElse(null),
            Given.date(request, "from"),
            Given.date(request, "to"),
            request.query("owner").orElse(null),
            request.query("group").orElse(null),
            request.query("workflow").orElse(null),
            backfill);
    return Given.slice(
        request,
        (before, most) ->
            scheduler
                .database()
                .with(
                    handle ->
                        InstanceQuery.list(handle, filter, before, most).stream()
                            .map(InstanceView::of)
                            .toList()),
        InstanceView::id);
  }

  private static @Nullable Long number(Request request, String parameter) {
    return request.query(parameter).isEmpty()
        ? null
        : Long.valueOf(request.number(parameter, 0, 0, Long.MAX_VALUE));
  }

  private Object show(Request request) {
    long id = request.id("id");
    InstanceQuery.Found found =
        scheduler
            .database()
            .with(handle -> InstanceQuery.list(handle, InstanceQuery.Filter.ALL, id + 1, 1))
            .stream()
            .filter(one -> one.instance().id() == id)
            .findFirst()
            .orElseThrow(() -> missing(id));
    Instance instance = found.instance();
    FrozenParameters frozen = FrozenParameters.fromJson(instance.parameters());
    return new InstanceDetail(
        InstanceView.of(found),
        frozen.occasion().time(),
        new TreeMap<>(
            request.sight() == Sight.HIDDEN
                ? frozen.openValues(Long.toString(id))
                : frozen.values(Long.toString(id))),
        instance.generation(),
        instance.pending(),
        instance.reruns(),
        instance.createdAt(),
        instance.readyAt(),
        Arrays.stream(Operation.values())
            .filter(operation -> operation.from().contains(instance.state()))
            .toList(),
        instance.attempts() > 0 ? OperationRoutes.ANEW : "");
  }

  private Object waiting(Request request) {
    Instance instance = require(request);
    return new WaitingView(instance.id(), instance.state(), scheduler.waiting(instance.id()));
  }

  private Object attempts(Request request) {
    long id = require(request).id();
    return scheduler
        .database()
        .with(handle -> scheduler.attempts().of(handle, id).stream().map(AttemptView::of).toList());
  }

  private Instance require(Request request) {
    long id = request.id("id");
    return scheduler
        .database()
        .with(handle -> scheduler.instances().find(handle, id))
        .orElseThrow(() -> missing(id));
  }

  static ProblemException missing(long id) {
    return ProblemException.notFound("there is no instance " + id);
  }
}
