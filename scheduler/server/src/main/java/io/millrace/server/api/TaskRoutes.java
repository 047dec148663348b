package io.millrace.server.api;

import static io.millrace.server.route.Access.DEVELOPER;
import static io.millrace.server.route.Access.OPERATOR;
import static io.millrace.server.route.Access.VIEWER;

import io.millrace.api.Sensitive;
import io.millrace.engine.task.OpenValues;
import io.millrace.scheduler.instance.Operations;
import io.millrace.scheduler.parameter.Assignments;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.TaskDefinition;
import io.millrace.scheduler.task.TaskQuery;
import io.millrace.scheduler.task.TaskVersion;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.route.Answer;
import io.millrace.server.route.Check;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import io.millrace.server.route.Sight;
import io.millrace.server.route.Verbatim;
import io.millrace.server.source.SourceLooks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Tasks and their versions. */
final class TaskRoutes implements Routes {

  private final TaskAccess access;
  private final Operations operations;
  private final SourceLooks looks;

  TaskRoutes(ApiRoutes.Parts parts) {
    this.access = new TaskAccess(parts);
    this.operations = parts.scheduler().operations();
    this.looks = parts.looks();
  }

  /** What is said of a task. */
  record TaskDescription(int revision, String owner, String description, List<String> labels) {
    TaskDescription {
      Check.text("owner", owner, 1, 64);
      Check.text("description", description, 0, 1_000);
    }

    /** Not in the constructor: which of the fields is wrong is known only after all are read. */
    List<String> checkedLabels() {
      for (String label : labels) {
        if (label == null || !label.matches("[\\p{L}\\p{N}][\\p{L}\\p{N}._:/-]{0,49}")) {
          throw ProblemException.field(
              "labels", "must be of 1 to 50 letters, digits and . _ : / - each");
        }
      }
      if (String.join(",", labels).length() > 1_000) {
        throw ProblemException.field("labels", "are too many: 1000 characters together at most");
      }
      return labels.stream().distinct().toList();
    }
  }

  /**
   * A task with what it holds.
   *
   * @param definition the draft when there is one, or else the published version
   */
  record TaskDetail(TaskView task, TaskForm definition) {}

  /** A published version. */
  record VersionView(
      int version,
      int slots,
      String publishedBy,
      Instant publishedAt,
      String note,
      TaskForm definition) {

    static VersionView of(TaskVersion version) {
      return of(version, TaskForm.of(version.definition()));
    }

    static VersionView of(TaskVersion version, TaskForm definition) {
      return new VersionView(
          version.version(),
          version.slots(),
          version.publishedBy(),
          version.publishedAt(),
          version.note(),
          definition);
    }
  }

  /**
   * A field that differs.
   *
   * @param before null when it was not there
   * @param after null when it is not there any more
   */
  record FieldChange(
      String field, @Verbatim @Nullable String before, @Verbatim @Nullable String after) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/tasks", VIEWER, "Lists tasks, the newest first", this::list)
            .givesSlice(TaskView.class)
            .query("name", "a part of the name")
            .query("owner", "the owner")
            .query("label", "one of the labels")
            .query("workflow", "the name of the workflow it belongs to")
            .query("published", "true for those with a published version, false for the others"),
        Route.get("/tasks/{id}", VIEWER, "Shows a task", this::show).gives(TaskDetail.class),
        Route.put("/tasks/{id}", DEVELOPER, "Changes what is said of a task", this::describe)
            .takes(TaskDescription.class)
            .gives(TaskView.class),
        Route.delete(
            "/tasks/{id}",
            DEVELOPER,
            "Deletes a task; refused while it runs or others depend on it",
            this::delete),
        Route.post(
                "/tasks/{id}/freeze",
                OPERATOR,
                "Has the instances that are made from now on skipped",
                request -> freeze(request, true))
            .gives(TaskView.class),
        Route.post(
                "/tasks/{id}/unfreeze",
                OPERATOR,
                "Lets the instances that are made from now on run",
                request -> freeze(request, false))
            .gives(TaskView.class),
        Route.get("/tasks/{id}/versions", VIEWER, "Lists the versions", this::versions)
            .givesList(VersionView.class),
        Route.get("/tasks/{id}/versions/{version}", VIEWER, "Shows a version", this::version)
            .gives(VersionView.class),
        Route.get(
                "/tasks/{id}/versions/{version}/export",
                VIEWER,
                "Gives a version's task file",
                this::export)
            .givesMedia("text/plain"),
        Route.get("/tasks/{id}/diff", VIEWER, "Compares two versions", this::diff)
            .givesList(FieldChange.class)
            .query("from", "a version; by default the published one")
            .query("to", "a version; by default the draft"));
  }

  private Object list(Request request) {
    TaskQuery.Filter filter =
        new TaskQuery.Filter(
            request.query("name").orElse(null),
            request.query("owner").orElse(null),
            request.query("label").orElse(null),
            Given.choice(request, "published"),
            request.query("workflow").orElse(null));
    return Given.slice(
        request,
        (before, most) ->
            access
                .database()
                .with(handle -> access.views(handle, TaskQuery.list(handle, filter, before, most))),
        TaskView::id);
  }

  private Object show(Request request) {
    return access
        .database()
        .with(
            handle -> {
              Task task = access.require(handle, request);
              return new TaskDetail(
                  access.view(handle, task),
                  form(request, access.tasks().draft(handle, task.id())));
            });
  }

  private Object describe(Request request) throws IOException {
    TaskDescription given = request.body(TaskDescription.class);
    List<String> labels = given.checkedLabels();
    return access
        .database()
        .inTransaction(
            handle -> {
              Task task = access.unchanged(handle, request, given.revision());
              access
                  .tasks()
                  .describe(handle, task.id(), given.owner(), given.description(), labels);
              access.audit(
                  handle, request, "describe", task, "owner " + given.owner() + ", " + labels);
              return access.view(handle, task.id());
            });
  }

  private @Nullable Object delete(Request request) {
    List<Long> open =
        access
            .database()
            .inTransaction(
                handle -> {
                  Task task = access.require(handle, request);
                  access.tasks().delete(handle, task.id());
                  access.audit(handle, request, "delete", task, "task " + task.id());
                  return open(handle, task);
                });
    operations.stop(open, new Operations.By(request.identity().name(), "its task was deleted"));
    return null;
  }

  private static List<Long> open(Handle handle, Task task) {
    return handle
        .createQuery(
            "SELECT id FROM instance WHERE task_id = :id AND state NOT IN ('SUCCEEDED', 'FAILED')"
                + " ORDER BY id")
        .bind("id", task.id())
        .mapTo(Long.class)
        .list();
  }

  private Object freeze(Request request, boolean frozen) {
    return access
        .database()
        .inTransaction(
            handle -> {
              Task task = access.require(handle, request);
              access.tasks().freeze(handle, task.id(), frozen);
              access.audit(handle, request, frozen ? "freeze" : "unfreeze", task, "");
              return access.view(handle, task.id());
            });
  }

  private Object versions(Request request) {
    return access
        .database()
        .with(
            handle ->
                access.tasks().versions(handle, access.require(handle, request).id()).stream()
                    .map(version -> view(request, version))
                    .toList());
  }

  private Object version(Request request) {
    return view(request, found(request));
  }

  private VersionView view(Request request, TaskVersion version) {
    return VersionView.of(version, form(request, version.definition()));
  }

  private TaskForm form(Request request, TaskDefinition definition) {
    return TaskForm.of(definition).shown(request.sight(), looks);
  }

  private TaskVersion found(Request request) {
    long number = request.id("version");
    return access
        .database()
        .with(handle -> access.version(handle, access.require(handle, request), number));
  }

  private Object export(Request request) {
    TaskVersion version = found(request);
    String script = Objects.requireNonNull(form(request, version.definition()).script());
    String name =
        "task-"
            + version.taskId()
            + "-v"
            + version.version()
            + (script.stripLeading().startsWith("{") ? ".json" : ".yaml");
    return Answer.bytes("text/plain; charset=utf-8", script.getBytes(StandardCharsets.UTF_8))
        .with("Content-Disposition", "attachment; filename=" + name);
  }

  private Object diff(Request request) {
    long from = request.number("from", 0, 0, Integer.MAX_VALUE);
    long to = request.number("to", 0, 0, Integer.MAX_VALUE);
    return access
        .database()
        .with(
            handle -> {
              Task task = access.require(handle, request);
              return changes(
                      from == 0 && task.published() == 0
                          ? Map.of()
                          : fields(handle, task, from == 0 ? task.published() : from),
                      to == 0
                          ? TaskForm.of(access.tasks().draft(handle, task.id())).fields()
                          : fields(handle, task, to))
                  .stream()
                  .map(change -> shown(request, change))
                  .toList();
            });
  }

  private Map<String, String> fields(Handle handle, Task task, long version) {
    return TaskForm.of(access.version(handle, task, version).definition()).fields();
  }

  /**
   * That a value has changed may be seen by everybody; what it was and is, only when it is open.
   */
  private FieldChange shown(Request request, FieldChange change) {
    return request.sight() == Sight.HIDDEN
        ? new FieldChange(
            change.field(),
            shown(change.field(), change.before()),
            shown(change.field(), change.after()))
        : change;
  }

  private @Nullable String shown(String field, @Nullable String value) {
    if (value == null || value.equals("null")) {
      return value;
    }
    if (field.equals("script")) {
      return OpenValues.only(value, looks::declared);
    }
    return !field.startsWith("parameters.") && !field.startsWith("patterns.")
            || Assignments.isOfTime(value)
        ? value
        : Sensitive.HIDDEN;
  }

  static List<FieldChange> changes(Map<String, String> before, Map<String, String> after) {
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    List<FieldChange> changes = new ArrayList<>();
    for (String name : names) {
      if (!Objects.equals(before.get(name), after.get(name))) {
        changes.add(new FieldChange(name, before.get(name), after.get(name)));
      }
    }
    return changes;
  }
}
