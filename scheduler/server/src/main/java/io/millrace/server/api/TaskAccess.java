package io.millrace.server.api;

import io.millrace.scheduler.audit.Audit;
import io.millrace.scheduler.instance.Operations;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.TaskVersion;
import io.millrace.scheduler.task.Tasks;
import io.millrace.scheduler.task.Workflows;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.route.Request;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** What the routes of tasks share: finding them, and writing down what was done. */
final class TaskAccess {

  private final Database database;
  private final Tasks tasks;
  private final Workflows workflows;
  private final Audit audit;

  TaskAccess(ApiRoutes.Parts parts) {
    this.database = parts.scheduler().database();
    this.tasks = parts.scheduler().tasks();
    this.workflows = parts.scheduler().workflows();
    this.audit = parts.audit();
  }

  Tasks tasks() {
    return tasks;
  }

  Database database() {
    return database;
  }

  /** The task that the path names; 404 without. */
  Task require(Handle handle, Request request) {
    long id = request.id("id");
    return tasks
        .find(handle, id)
        .orElseThrow(() -> ProblemException.notFound("there is no task " + id));
  }

  Task require(Request request) {
    return database.with(handle -> require(handle, request));
  }

  /** The task that the path names, as the caller has seen it; 409 when it was changed since. */
  Task unchanged(Handle handle, Request request, int revision) {
    require(handle, request);
    Task task =
        tasks
            .lock(handle, request.id("id"))
            .orElseThrow(() -> ProblemException.notFound("there is no such task"));
    if (task.revision() != revision) {
      throw ProblemException.conflict(
          "task '"
              + task.name()
              + "' was changed by somebody else (revision "
              + task.revision()
              + ", yours is "
              + revision
              + "); load it again");
    }
    return task;
  }

  /** A published version; 404 without. */
  TaskVersion version(Handle handle, Task task, long number) {
    return tasks.versions(handle, task.id()).stream()
        .filter(one -> one.version() == number)
        .findFirst()
        .orElseThrow(
            () -> ProblemException.notFound("task '" + task.name() + "' has no version " + number));
  }

  void audit(Handle handle, Request request, String action, Task task, String detail) {
    audit.record(
        handle,
        request.identity().name(),
        "task." + action,
        "task/" + task.name(),
        request.why(),
        detail);
  }

  /** Writes down what changes nothing, in a transaction of its own. */
  void audit(Request request, String action, String subject, String detail) {
    database.useTransaction(
        handle ->
            audit.record(
                handle, request.identity().name(), action, subject, request.why(), detail));
  }

  /** The task of this id, as clients see it. */
  TaskView view(Handle handle, long id) {
    return view(handle, tasks.get(handle, id));
  }

  TaskView view(Handle handle, Task task) {
    Long workflow = task.workflowId();
    return TaskView.of(task, workflow == null ? null : workflows.get(handle, workflow).name());
  }

  List<TaskView> views(Handle handle, List<Task> all) {
    Map<Long, String> names = workflows.names(handle);
    return all.stream().map(task -> TaskView.of(task, names.get(task.workflowId()))).toList();
  }

  /** Who asks, and why, for what is done by the scheduler. */
  static Operations.By by(Request request) {
    return new Operations.By(request.identity().name(), request.why());
  }
}
