package io.millrace.server.api;

import static io.millrace.server.route.Access.DEVELOPER;
import static io.millrace.server.route.Access.OPERATOR;
import static io.millrace.server.route.Access.VIEWER;

import io.millrace.api.Counted;
import io.millrace.scheduler.TaskOperations;
import io.millrace.scheduler.audit.Audit;
import io.millrace.scheduler.task.Dependency;
import io.millrace.scheduler.task.Publishing;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.Tasks;
import io.millrace.scheduler.task.Workflow;
import io.millrace.scheduler.task.Workflows;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.route.Answer;
import io.millrace.server.route.Check;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.SortedMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Workflows: which tasks they have, and publishing, running and testing them as one. */
final class WorkflowRoutes implements Routes {

  private final TaskAccess access;
  private final Tasks tasks;
  private final Workflows workflows;
  private final TaskOperations operations;
  private final Audit audit;
  private final Clock clock;

  WorkflowRoutes(ApiRoutes.Parts parts) {
    this.access = new TaskAccess(parts);
    this.tasks = parts.scheduler().tasks();
    this.workflows = parts.scheduler().workflows();
    this.operations = parts.scheduler().taskOperations();
    this.audit = parts.audit();
    this.clock = parts.clock();
  }

  /** A workflow to be made. */
  record NewWorkflow(String name, @Nullable String description) {}

  /** What is said of a workflow. */
  record WorkflowDescription(int revision, String owner, String description) {
    WorkflowDescription {
      Check.text("owner", owner, 1, 64);
      Check.text("description", description, 0, 1_000);
    }
  }

  /**
   * A workflow.
   *
   * @param tasks how many it has
   * @param revision to be given when changing it
   */
  record WorkflowView(
      long id, String name, String owner, String description, int tasks, int revision) {

    static WorkflowView of(Workflow workflow) {
      return new WorkflowView(
          workflow.id(),
          workflow.name(),
          workflow.owner(),
          workflow.description(),
          workflow.tasks(),
          workflow.revision());
    }
  }

  /**
   * A workflow with its tasks.
   *
   * @param edges what they wait for, by their published versions; it may be outside the workflow
   */
  record WorkflowDetail(WorkflowView workflow, List<TaskView> tasks, List<Edge> edges) {}

  /** A task, and another that it waits for, by name. */
  record Edge(String task, String upstream, Dependency.Kind kind) {}

  /** A version that was made. */
  record PublishedTask(String task, int version) {}

  /** The instances that were made. */
  record MadeInstances(List<InstanceOfTask> instances) {}

  /** An instance that was made of a task. */
  record InstanceOfTask(String task, long instance) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/workflows", VIEWER, "Lists workflows, the newest first", this::list)
            .givesSlice(WorkflowView.class)
            .query("name", "a part of the name")
            .query("owner", "the owner"),
        Route.post("/workflows", DEVELOPER, "Makes a workflow without tasks", this::create)
            .takes(NewWorkflow.class)
            .creates(WorkflowView.class),
        Route.get("/workflows/{id}", VIEWER, "Shows a workflow and its tasks", this::show)
            .gives(WorkflowDetail.class),
        Route.put("/workflows/{id}", DEVELOPER, "Changes what is said of it", this::describe)
            .takes(WorkflowDescription.class)
            .gives(WorkflowView.class),
        Route.delete(
            "/workflows/{id}", DEVELOPER, "Deletes a workflow; its tasks stay", this::delete),
        Route.put(
                "/workflows/{id}/tasks/{task}",
                DEVELOPER,
                "Takes a task into a workflow",
                request -> member(request, true))
            .gives(WorkflowView.class),
        Route.delete(
                "/workflows/{id}/tasks/{task}",
                DEVELOPER,
                "Takes a task out of a workflow; the task stays",
                request -> member(request, false))
            .gives(WorkflowView.class),
        Route.post(
                "/workflows/{id}/publish",
                DEVELOPER,
                "Makes all drafts of its tasks versions, or none",
                this::publish)
            .takes(DraftRoutes.PublishNote.class)
            .givesList(PublishedTask.class),
        Route.post(
                "/workflows/{id}/test",
                OPERATOR,
                "Tests all its tasks for a business date, in their order",
                this::test)
            .takes(TaskRunRoutes.TestDate.class)
            .creates(MadeInstances.class),
        Route.post(
                "/workflows/{id}/run",
                OPERATOR,
                "Runs all its tasks now, in their order",
                this::run)
            .creates(MadeInstances.class));
  }

  private Object list(Request request) {
    String name = request.query("name").orElse(null);
    String owner = request.query("owner").orElse(null);
    return Given.slice(
        request,
        (before, most) ->
            access
                .database()
                .with(
                    handle ->
                        workflows.list(handle, name, owner, before, most).stream()
                            .map(WorkflowView::of)
                            .toList()),
        WorkflowView::id);
  }

  private Object create(Request request) throws IOException {
    NewWorkflow given = request.body(NewWorkflow.class);
    Check.text("name", given.name(), 1, 100);
    String description = Given.text("description", given.description(), 1_000);
    WorkflowView made =
        access
            .database()
            .inTransaction(
                handle -> {
                  Workflow workflow =
                      workflows.create(
                          handle, given.name(), request.identity().name(), description);
                  audit(handle, request, "create", workflow, "workflow " + workflow.id());
                  return WorkflowView.of(workflow);
                });
    return Answer.created(Route.PREFIX + "/workflows/" + made.id(), made);
  }

  private Object show(Request request) {
    return access
        .database()
        .inTransaction(
            handle -> {
              Workflow workflow = require(handle, request);
              List<Task> all = workflows.tasks(handle, workflow.id());
              return new WorkflowDetail(
                  WorkflowView.of(workflow),
                  access.views(handle, all),
                  all.stream().flatMap(task -> edges(handle, task).stream()).toList());
            });
  }

  private List<Edge> edges(Handle handle, Task task) {
    return tasks.upstream(handle, task.id()).entrySet().stream()
        .map(
            edge -> new Edge(task.name(), tasks.get(handle, edge.getKey()).name(), edge.getValue()))
        .toList();
  }

  private Object describe(Request request) throws IOException {
    WorkflowDescription given = request.body(WorkflowDescription.class);
    return change(
        request,
        "describe",
        "owner " + given.owner(),
        (handle, workflow) -> {
          if (workflow.revision() != given.revision()) {
            throw ProblemException.conflict(
                "workflow '"
                    + workflow.name()
                    + "' was changed by somebody else (revision "
                    + workflow.revision()
                    + ", yours is "
                    + given.revision()
                    + "); load it again");
          }
          workflows.describe(handle, workflow.id(), given.owner(), given.description());
        });
  }

  private @Nullable Object delete(Request request) {
    access
        .database()
        .useTransaction(
            handle -> {
              Workflow workflow = require(handle, request);
              workflows.delete(handle, workflow.id());
              audit(
                  handle,
                  request,
                  "delete",
                  workflow,
                  Counted.of(workflow.tasks(), "task stays", "tasks stay"));
            });
    return null;
  }

  private Object member(Request request, boolean in) {
    long id = request.id("task");
    return change(
        request,
        in ? "add" : "remove",
        "task " + id,
        (handle, workflow) -> {
          Task task =
              tasks
                  .lock(handle, id)
                  .orElseThrow(() -> ProblemException.notFound("there is no task " + id));
          if (in) {
            workflows.add(handle, workflow, task);
          } else {
            workflows.remove(handle, workflow, task);
          }
        });
  }

  private interface Change {
    void apply(Handle handle, Workflow workflow);
  }

  private WorkflowView change(Request request, String action, String detail, Change change) {
    return access
        .database()
        .inTransaction(
            handle -> {
              Workflow workflow = workflows.lock(handle, require(handle, request).id());
              change.apply(handle, workflow);
              audit(handle, request, action, workflow, detail);
              return WorkflowView.of(workflows.get(handle, workflow.id()));
            });
  }

  private Object publish(Request request) throws IOException {
    String note = Given.why(request, request.body(DraftRoutes.PublishNote.class).note());
    long id = require(request);
    return operations
        .publishWorkflow(id, new Publishing.By(request.identity().name(), clock.instant(), note))
        .stream()
        .map(version -> new PublishedTask(name(version.taskId()), version.version()))
        .toList();
  }

  private Object test(Request request) throws IOException {
    LocalDate date =
        Given.bounded("businessDate", request.body(TaskRunRoutes.TestDate.class).businessDate());
    return made(operations.testWorkflow(require(request), date, TaskAccess.by(request)));
  }

  private Object run(Request request) {
    return made(operations.runWorkflow(require(request), TaskAccess.by(request)));
  }

  private Answer made(SortedMap<Long, Long> instances) {
    List<InstanceOfTask> made =
        instances.entrySet().stream()
            .map(entry -> new InstanceOfTask(name(entry.getKey()), entry.getValue()))
            .toList();
    return Answer.created(Route.PREFIX + "/instances", new MadeInstances(made));
  }

  private String name(long task) {
    return access.database().with(handle -> tasks.get(handle, task).name());
  }

  /** The workflow that the path names; 404 without. */
  private Workflow require(Handle handle, Request request) {
    long id = request.id("id");
    return workflows
        .find(handle, id)
        .orElseThrow(() -> ProblemException.notFound("there is no workflow " + id));
  }

  private long require(Request request) {
    return access.database().with(handle -> require(handle, request).id());
  }

  private void audit(
      Handle handle, Request request, String action, Workflow workflow, String detail) {
    audit.record(
        handle,
        request.identity().name(),
        "workflow." + action,
        "workflow/" + workflow.name(),
        request.why(),
        detail);
  }
}
