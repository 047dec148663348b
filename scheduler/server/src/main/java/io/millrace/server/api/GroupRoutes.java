package io.millrace.server.api;

import static io.millrace.server.route.Access.ADMIN;
import static io.millrace.server.route.Access.VIEWER;

import io.millrace.api.Counted;
import io.millrace.scheduler.Scheduler;
import io.millrace.scheduler.audit.Audit;
import io.millrace.scheduler.dispatch.GroupLoad;
import io.millrace.scheduler.group.GroupKind;
import io.millrace.scheduler.group.ResourceGroup;
import io.millrace.scheduler.instance.Instance;
import io.millrace.scheduler.instance.InstanceKind;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.route.Answer;
import io.millrace.server.route.Check;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Resource groups: their slots, who holds them and who waits. */
final class GroupRoutes implements Routes {

  private final Scheduler scheduler;
  private final Audit audit;

  GroupRoutes(ApiRoutes.Parts parts) {
    this.scheduler = parts.scheduler();
    this.audit = parts.audit();
  }

  /** A group to be made. */
  record NewGroup(String name, GroupKind kind, int slots, int backfillMinimum) {
    NewGroup {
      Check.present("kind", kind);
    }
  }

  /** The capacity that a group shall have. */
  record GroupSize(int slots, int backfillMinimum) {}

  /**
   * A group.
   *
   * @param backfillMinimum so many of the slots are for backfills when these have something to do
   * @param used slots in use
   * @param running instances that hold slots
   * @param waiting instances that wait for slots
   */
  record GroupView(
      String name,
      GroupKind kind,
      int slots,
      int backfillMinimum,
      int used,
      int usedByBackfills,
      long running,
      long waiting) {

    static GroupView of(GroupLoad load) {
      return new GroupView(
          load.group().name(),
          load.group().kind(),
          load.group().slots(),
          load.group().backfillMinimum(),
          load.used(),
          load.usedByBackfills(),
          load.running(),
          load.waiting());
    }
  }

  /** An instance that holds slots or waits for them. */
  record QueuedInstance(
      long id,
      long taskId,
      InstanceKind kind,
      int slots,
      int priority,
      @Nullable Instant readyAt,
      @Nullable Instant startedAt) {

    static QueuedInstance of(Instance instance) {
      return new QueuedInstance(
          instance.id(),
          instance.taskId(),
          instance.kind(),
          instance.slots(),
          instance.priority(),
          instance.readyAt(),
          instance.startedAt());
    }
  }

  /**
   * Who holds slots, and who waits, in the order in which they get some.
   *
   * @param holders at most 500
   * @param queue at most 500 that are no backfills, then at most 500 backfills
   */
  record QueueView(GroupView group, List<QueuedInstance> holders, List<QueuedInstance> queue) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/groups", VIEWER, "Lists the resource groups", this::list)
            .givesList(GroupView.class),
        Route.post("/groups", ADMIN, "Makes a resource group", this::create)
            .takes(NewGroup.class)
            .creates(GroupView.class),
        Route.get("/groups/{name}", VIEWER, "Shows a resource group", this::show)
            .gives(GroupView.class),
        Route.put("/groups/{name}", ADMIN, "Changes a group's capacity, at once", this::resize)
            .takes(GroupSize.class)
            .gives(GroupView.class),
        Route.get("/groups/{name}/queue", VIEWER, "Shows who holds and who waits", this::queue)
            .gives(QueueView.class));
  }

  private Object list(Request request) {
    return scheduler
        .database()
        .with(
            handle ->
                scheduler.groups().all(handle).stream()
                    .map(group -> GroupView.of(GroupLoad.of(handle, group)))
                    .toList());
  }

  private Object create(Request request) throws IOException {
    NewGroup given = request.body(NewGroup.class);
    ResourceGroup wanted =
        new ResourceGroup(0, given.name(), given.kind(), given.slots(), given.backfillMinimum());
    GroupView made =
        scheduler
            .database()
            .inTransaction(
                handle -> {
                  ResourceGroup group = scheduler.groups().create(handle, wanted);
                  audit(handle, request, "create", group);
                  return GroupView.of(GroupLoad.of(handle, group));
                });
    return Answer.created(Route.PREFIX + "/groups/" + made.name(), made);
  }

  private Object show(Request request) {
    return scheduler
        .database()
        .with(handle -> GroupView.of(GroupLoad.of(handle, require(handle, request))));
  }

  private Object resize(Request request) throws IOException {
    GroupSize size = request.body(GroupSize.class);
    GroupView changed =
        scheduler
            .database()
            .inTransaction(
                handle -> {
                  String name = require(handle, request).name();
                  scheduler.groups().resize(handle, name, size.slots(), size.backfillMinimum());
                  ResourceGroup group = scheduler.groups().get(handle, name);
                  audit(handle, request, "resize", group);
                  return GroupView.of(GroupLoad.of(handle, group));
                });
    scheduler.wake();
    return changed;
  }

  private Object queue(Request request) {
    return scheduler
        .database()
        .with(
            handle -> {
              ResourceGroup group = require(handle, request);
              return new QueueView(
                  GroupView.of(GroupLoad.of(handle, group)),
                  GroupLoad.holders(handle, group).stream().map(QueuedInstance::of).toList(),
                  GroupLoad.queue(handle, group).stream().map(QueuedInstance::of).toList());
            });
  }

  private ResourceGroup require(Handle handle, Request request) {
    String name = request.name("name");
    return scheduler
        .groups()
        .find(handle, name)
        .orElseThrow(() -> ProblemException.notFound("there is no such resource group"));
  }

  private void audit(Handle handle, Request request, String action, ResourceGroup group) {
    audit.record(
        handle,
        request.identity().name(),
        "group." + action,
        "group/" + group.name(),
        request.why(),
        Counted.of(group.slots(), "slot", "slots")
            + ", "
            + group.backfillMinimum()
            + " of them for backfills");
  }
}
