package io.millrace.server.api;

import static io.millrace.server.route.Access.DEVELOPER;
import static io.millrace.server.route.Access.VIEWER;

import io.millrace.scheduler.Scheduler;
import io.millrace.scheduler.datasource.DataSourceImport;
import io.millrace.scheduler.datasource.DataSourceImport.Imported;
import io.millrace.scheduler.datasource.DataSourceStore;
import io.millrace.scheduler.datasource.NewDataSource;
import io.millrace.scheduler.task.Publishing;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.TaskDefinition;
import io.millrace.scheduler.task.TaskKind;
import io.millrace.scheduler.task.TaskVersion;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.route.Answer;
import io.millrace.server.route.Check;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import io.millrace.server.route.Sight;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writing tasks: from the draft, by hand or from a file, to the published version. */
final class DraftRoutes implements Routes {

  private final TaskAccess access;
  private final Scheduler scheduler;
  private final DataSourceStore dataSources;
  private final Preview preview;
  private final Clock clock;

  DraftRoutes(ApiRoutes.Parts parts) {
    this.access = new TaskAccess(parts);
    this.scheduler = parts.scheduler();
    this.dataSources = parts.dataSources();
    this.preview = new Preview(parts.zone(), parts.clock());
    this.clock = parts.clock();
  }

  /** A task to be made. */
  record NewTask(String name, TaskForm definition) {}

  /** A draft, and the revision that it was made on. */
  record Draft(int revision, TaskForm definition) {}

  /** What its publisher says of a version. */
  record PublishNote(@Nullable String note) {}

  /**
   * A task file of DataX, DataWorks or Millrace.
   *
   * @param text may hold passwords, which go into data sources
   */
  record TaskFile(String name, String text) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What an import has made. */
  record ImportedTask(TaskView task, TaskForm definition, List<String> dataSources) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post("/tasks", DEVELOPER, "Makes a task with a draft", this::create)
            .takes(NewTask.class)
            .creates(TaskView.class),
        Route.post(
                "/tasks/import",
                DEVELOPER,
                "Makes a task of a file, and data sources of the connections in it",
                this::importFile)
            .takes(TaskFile.class)
            .creates(ImportedTask.class),
        Route.put("/tasks/{id}/draft", DEVELOPER, "Saves the draft", this::save)
            .takes(Draft.class)
            .gives(TaskView.class),
        Route.post(
                "/tasks/{id}/publish",
                DEVELOPER,
                "Makes the draft a version, and instances of it",
                this::publish)
            .takes(PublishNote.class)
            .gives(TaskRoutes.VersionView.class),
        Route.get(
                "/tasks/{id}/preview",
                VIEWER,
                "Shows the next times of the draft with the values they get",
                this::previewDraft)
            .gives(Preview.PreviewView.class)
            .query("version", "a published version instead of the draft")
            .query("count", "how many, 1 to 100; 10 by default"),
        Route.post(
                "/tasks/preview",
                DEVELOPER,
                "Shows the next ten times of a task that is not saved",
                this::previewGiven)
            .takes(NewTask.class)
            .gives(Preview.PreviewView.class));
  }

  private Object create(Request request) throws IOException {
    NewTask given = request.body(NewTask.class);
    TaskDefinition definition =
        given.definition().definition(given.name(), dataSources.declarations());
    Task task = create(request, given.name(), definition, "create");
    return Answer.created(Route.PREFIX + "/tasks/" + task.id(), TaskView.of(task, null));
  }

  private Task create(Request request, String name, TaskDefinition definition, String action) {
    return access
        .database()
        .inTransaction(
            handle -> {
              refuseTaken(access.tasks().find(handle, name).isPresent(), name);
              Task made =
                  access.tasks().create(handle, name, request.identity().name(), definition);
              access.audit(handle, request, action, made, "task " + made.id());
              return made;
            });
  }

  private static void refuseTaken(boolean taken, String name) {
    if (taken) {
      throw ProblemException.conflict(
          "there is already a task '" + name + "'; choose another name");
    }
  }

  private Object importFile(Request request) throws IOException {
    TaskFile file = request.body(TaskFile.class);
    Check.text("name", file.name(), 1, 100);
    refuseTaken(
        access.database().with(handle -> access.tasks().find(handle, file.name()).isPresent()),
        file.name());
    String who = request.identity().name();
    Imported imported =
        DataSourceImport.of(
            file.name(),
            file.text(),
            who,
            dataSources.declarations(),
            name -> dataSources.view(name).isPresent());
    List<NewDataSource> made = new ArrayList<>();
    try {
      for (NewDataSource one : imported.dataSources()) {
        dataSources.create(one, who, request.why());
        made.add(one);
      }
      TaskDefinition definition =
          new TaskDefinition(
              TaskKind.SYNC,
              imported.script(),
              null,
              io.millrace.scheduler.task.RunSettings.DEFAULT,
              Map.of(),
              List.of());
      Task task = create(request, file.name(), definition, "import");
      return Answer.created(
          Route.PREFIX + "/tasks/" + task.id(),
          new ImportedTask(
              TaskView.of(task, null),
              TaskForm.of(definition),
              made.stream().map(NewDataSource::name).toList()));
    } catch (RuntimeException e) {
      // Nobody is left with half of an import.
      made.forEach(one -> dataSources.delete(one.name(), 1, name -> false, who, "import failed"));
      throw e;
    }
  }

  private Object save(Request request) throws IOException {
    Draft draft = request.body(Draft.class);
    TaskDefinition definition =
        draft.definition().definition(access.require(request).name(), dataSources.declarations());
    return access
        .database()
        .inTransaction(
            handle -> {
              Task task = access.unchanged(handle, request, draft.revision());
              List<TaskRoutes.FieldChange> changes =
                  TaskRoutes.changes(
                      TaskForm.of(access.tasks().draft(handle, task.id())).fields(),
                      TaskForm.of(definition).fields());
              access.tasks().saveDraft(handle, task.id(), draft.revision(), definition);
              access.audit(
                  handle,
                  request,
                  "save",
                  task,
                  "changed: "
                      + String.join(
                          ", ", changes.stream().map(TaskRoutes.FieldChange::field).toList()));
              return access.view(handle, task.id());
            });
  }

  private Object publish(Request request) throws IOException {
    String note = Given.why(request, request.body(PublishNote.class).note());
    Task task = access.require(request);
    TaskVersion version =
        scheduler
            .taskOperations()
            .publish(
                task.id(), new Publishing.By(request.identity().name(), clock.instant(), note));
    return TaskRoutes.VersionView.of(version);
  }

  private Object previewDraft(Request request) {
    int count = (int) request.number("count", Preview.COUNT, 1, 100);
    long number = request.number("version", 0, 0, Integer.MAX_VALUE);
    record Found(Task task, TaskDefinition definition) {}
    Found found =
        access
            .database()
            .with(
                handle -> {
                  Task task = access.require(handle, request);
                  return new Found(
                      task,
                      number == 0
                          ? access.tasks().draft(handle, task.id())
                          : access.version(handle, task, number).definition());
                });
    Long workflow = found.task().workflowId();
    Preview.PreviewView view =
        preview.of(
            found.task().name(),
            found.definition(),
            count,
            workflow == null ? 0 : workflow,
            found.task().id());
    return request.sight() == Sight.HIDDEN
        ? view.withoutValues(found.definition().parameters())
        : view;
  }

  private Object previewGiven(Request request) throws IOException {
    NewTask given = request.body(NewTask.class);
    return preview.of(
        given.name(),
        given.definition().definition(given.name(), dataSources.declarations()),
        Preview.COUNT,
        0,
        0);
  }
}
