package io.millrace.server.api;

import static io.millrace.server.route.Access.DEVELOPER;

import io.millrace.api.Counted;
import io.millrace.engine.task.DataSourceLookup;
import io.millrace.engine.task.ReadSettings;
import io.millrace.engine.task.SourceSpec;
import io.millrace.engine.task.TaskFiles;
import io.millrace.scheduler.generate.Asked;
import io.millrace.scheduler.parameter.FrozenParameters;
import io.millrace.scheduler.parameter.Occasion;
import io.millrace.scheduler.schedule.Occurrence;
import io.millrace.scheduler.schedule.Schedule;
import io.millrace.scheduler.task.Task;
import io.millrace.scheduler.task.TaskDefinition;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.route.Check;
import io.millrace.server.route.Json;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import io.millrace.server.source.SourceLooks;
import io.millrace.server.source.SourceView;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what a task would read. For developers: who may write a task and run it reads by it
 * whatever its reader reaches, the server's own files included, and nobody else does.
 */
final class SourceRoutes implements Routes {

  private static final int USUAL = 20;
  private static final int MOST = 200;

  private final TaskAccess access;
  private final SourceLooks looks;
  private final DataSourceLookup dataSources;
  private final ZoneId zone;
  private final Clock clock;

  SourceRoutes(ApiRoutes.Parts parts) {
    this.access = new TaskAccess(parts);
    this.looks = parts.looks();
    this.dataSources = parts.dataSources();
    this.zone = parts.zone();
    this.clock = parts.clock();
  }

  /**
   * What to look at of a task.
   *
   * @param version a published version; the draft without
   * @param businessDate what parameters are filled in for, as in a test; yesterday without
   * @param records how many, 0 (the columns alone) to 200; 20 without
   */
  record Look(
      @Nullable Integer version, @Nullable LocalDate businessDate, @Nullable Integer records) {}

  /**
   * The same of a task that is not saved.
   *
   * @param name of the task, for messages and the audit
   * @param definition the script of it needs only a reader
   */
  record UnsavedLook(
      @Nullable String name,
      TaskForm definition,
      @Nullable LocalDate businessDate,
      @Nullable Integer records) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.post(
                "/tasks/{id}/source",
                DEVELOPER,
                "Shows the columns and the first records that the draft would read",
                this::saved)
            .takes(Look.class)
            .gives(SourceView.class),
        Route.post(
                "/tasks/source",
                DEVELOPER,
                "Shows what a task that is not saved would read",
                this::unsaved)
            .takes(UnsavedLook.class)
            .gives(SourceView.class));
  }

  private Object saved(Request request) throws IOException {
    Look given = request.body(Look.class);
    record Found(Task task, TaskDefinition definition) {}
    Found found =
        access
            .database()
            .with(
                handle -> {
                  Task task = access.require(handle, request);
                  return new Found(
                      task,
                      given.version() == null
                          ? access.tasks().draft(handle, task.id())
                          : access.version(handle, task, given.version()).definition());
                });
    Long workflow = found.task().workflowId();
    Source source =
        source(
            found.task().name(),
            found.definition(),
            given.businessDate(),
            workflow == null ? 0 : workflow,
            found.task().id());
    return look(
        request,
        "task/" + found.task().name(),
        given.version() == null ? "the draft" : "version " + given.version(),
        source,
        given.records());
  }

  private Object unsaved(Request request) throws IOException {
    UnsavedLook given = request.body(UnsavedLook.class);
    String name = given.name() == null ? "unsaved" : Check.text("name", given.name(), 1, 100);
    TaskDefinition definition = given.definition().definition(name, dataSources.declarations());
    return look(
        request,
        // Not task/: it may be called like one, and is none.
        "unsaved/" + name,
        "not saved",
        source(name, definition, given.businessDate(), 0, 0),
        given.records());
  }

  /** A source with the values of a business date. */
  private record Source(SourceSpec spec, LocalDate businessDate) {}

  private Source source(
      String name, TaskDefinition definition, @Nullable LocalDate given, long jobId, long nodeId) {
    if (definition.script().isBlank()) {
      throw ProblemException.field("script", "is missing: the task reads nothing");
    }
    Schedule schedule = definition.schedule();
    ZoneId taskZone = schedule == null ? zone : schedule.zone();
    LocalDate businessDate =
        given == null
            ? LocalDate.ofInstant(clock.instant(), taskZone).minusDays(1)
            : Given.bounded("businessDate", given);
    Occurrence planned = Asked.tested(schedule, businessDate, zone);
    FrozenParameters values =
        FrozenParameters.freeze(
            definition.parameters(),
            Map.of(),
            Occasion.recurring(planned.businessDate(), planned.time()),
            jobId,
            nodeId);
    ReadSettings settings =
        ReadSettings.defaults().withClock(clock, taskZone).withDataSources(dataSources);
    return new Source(
        TaskFiles.readSource(name, definition.script(), values.apply(settings, "0")), businessDate);
  }

  private Map<String, @Nullable Object> shown(SourceSpec spec) {
    return dataSources
        .declarations()
        .rules(spec.reader().connector())
        .shown(spec.reader().options());
  }

  private SourceView look(
      Request request, String subject, String which, Source source, @Nullable Integer given) {
    int records = (int) Check.between("records", Objects.requireNonNullElse(given, USUAL), 0, MOST);
    SourceSpec spec = source.spec();
    // Before it is done: what hangs or fails may have been read all the same.
    access.audit(
        request,
        "task.look",
        subject,
        which
            + ", "
            + Counted.of(records, "record", "records")
            + " for "
            + source.businessDate()
            + " of "
            + spec.reader().connector()
            + " "
            + looks.secrets(spec).redact(Json.text(shown(spec))));
    return SourceView.of(
        spec.reader().connector(), source.businessDate(), looks.look(spec, records));
  }

  @Override
  public void close() {
    looks.close();
  }
}
