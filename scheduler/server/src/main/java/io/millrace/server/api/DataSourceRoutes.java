package io.millrace.server.api;

import static io.millrace.server.route.Access.ADMIN;
import static io.millrace.server.route.Access.DEVELOPER;
import static io.millrace.server.route.Access.VIEWER;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.engine.task.ConnectorSpec;
import io.millrace.engine.task.OpenValues;
import io.millrace.scheduler.datasource.DataSourceStore;
import io.millrace.scheduler.datasource.DataSourceView;
import io.millrace.scheduler.datasource.NewDataSource;
import io.millrace.scheduler.store.Database;
import io.millrace.scheduler.task.DataSourceUse;
import io.millrace.server.page.Page;
import io.millrace.server.problem.ProblemException;
import io.millrace.server.problem.ProblemKind;
import io.millrace.server.route.Answer;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import io.millrace.server.route.Sight;
import io.millrace.server.source.SourceLooks;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Data sources. Secrets go in and never come out. */
final class DataSourceRoutes implements Routes {

  private final DataSourceStore store;
  private final Database database;
  private final SourceLooks looks;

  DataSourceRoutes(ApiRoutes.Parts parts) {
    this.store = parts.dataSources();
    this.database = parts.scheduler().database();
    this.looks = parts.looks();
  }

  /** A data source to be made. Without an owner it is the caller's. */
  record GivenDataSource(
      String name,
      String type,
      Map<String, Object> options,
      @Nullable String description,
      @Nullable String owner) {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * What a data source shall be.
   *
   * @param revision the one that was looked at
   * @param options {@code ***} in place of a secret keeps the one that is there
   */
  record DataSourceChange(
      int revision,
      String type,
      Map<String, Object> options,
      @Nullable String description,
      @Nullable String owner) {
    @Override
    public String toString() {
      return type;
    }
  }

  /** Another name. */
  record NewName(int revision, String name) {}

  /**
   * What came of a connection test.
   *
   * @param ok whether a task could connect
   * @param message what answered, or why nobody did: one line, without secrets
   * @param millis how long it took
   */
  record Tested(boolean ok, String message, long millis) {}

  /**
   * What a server may show from now on.
   *
   * @param server {@code host:port}, as the error names it
   * @param fingerprint its SHA-256, as the error names it
   */
  record AcceptedCertificate(String server, String fingerprint) {}

  /** How many secrets were encrypted anew. */
  record KeyRotation(int secrets) {}

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/datasources", VIEWER, "Lists the data sources", this::list)
            .givesPage(DataSourceView.class)
            .query("name", "what the names begin with"),
        Route.post("/datasources", DEVELOPER, "Makes a data source", this::create)
            .takes(GivenDataSource.class)
            .creates(DataSourceView.class),
        Route.get("/datasources/{name}", VIEWER, "Shows a data source", this::show)
            .gives(DataSourceView.class),
        Route.put("/datasources/{name}", DEVELOPER, "Changes a data source", this::change)
            .takes(DataSourceChange.class)
            .gives(DataSourceView.class),
        Route.post(
                "/datasources/{name}/rename",
                DEVELOPER,
                "Renames a data source that no published task uses",
                this::rename)
            .takes(NewName.class)
            .gives(DataSourceView.class),
        Route.post(
                "/datasources/{name}/certificate",
                DEVELOPER,
                "Accepts the certificate that a server shows instead of the one it showed before",
                this::accept)
            .takes(AcceptedCertificate.class)
            .gives(DataSourceView.class),
        Route.delete(
                "/datasources/{name}",
                DEVELOPER,
                "Deletes a data source that no published task uses",
                this::delete)
            .query("revision", "the one that was looked at; by default the present one"),
        Route.get("/datasources/{name}/tasks", VIEWER, "Lists the tasks that use it", this::users)
            .givesList(String.class),
        Route.post(
                "/datasources/{name}/test",
                DEVELOPER,
                "Tests its connection: connects as a task would, and changes nothing",
                this::test)
            .gives(Tested.class),
        Route.post(
                "/datasources/rotate-key",
                ADMIN,
                "Encrypts all secrets with a new key",
                this::rotate)
            .gives(KeyRotation.class));
  }

  private Object list(Request request) {
    var page =
        store.list(
            request.query("name").orElse(""),
            (int) Math.min(Integer.MAX_VALUE, request.page().offset()),
            request.page().size());
    return Page.of(
        page.items().stream().map(one -> shown(request, one)).toList(),
        request.page(),
        page.total());
  }

  private Object create(Request request) throws IOException {
    GivenDataSource given = request.body(GivenDataSource.class);
    String who = request.identity().name();
    DataSourceView made =
        store.create(
            new NewDataSource(
                given.name(),
                given.type(),
                given.options(),
                given.description() == null ? "" : given.description(),
                given.owner() == null ? who : given.owner()),
            who,
            request.why());
    String path = URLEncoder.encode(made.name(), StandardCharsets.UTF_8).replace("+", "%20");
    return Answer.created(Route.PREFIX + "/datasources/" + path, made);
  }

  private Object show(Request request) {
    return shown(request, require(request));
  }

  /** Options may hold statements that a session begins with, and properties with anything. */
  private DataSourceView shown(Request request, DataSourceView view) {
    return request.sight() == Sight.HIDDEN
        ? new DataSourceView(
            view.name(),
            view.type(),
            OpenValues.options(view.options(), looks.declared(view.type())),
            view.description(),
            view.owner(),
            view.revision(),
            view.changedAt(),
            view.certificates())
        : view;
  }

  private Object change(Request request) throws IOException {
    DataSourceChange given = request.body(DataSourceChange.class);
    DataSourceView now = unchanged(request, given.revision());
    return store.update(
        new NewDataSource(
            now.name(),
            given.type(),
            given.options(),
            given.description() == null ? now.description() : given.description(),
            given.owner() == null ? now.owner() : given.owner()),
        given.revision(),
        request.identity().name(),
        request.why());
  }

  private Object rename(Request request) throws IOException {
    NewName given = request.body(NewName.class);
    DataSourceView now = unchanged(request, given.revision());
    refuseUsed(now.name());
    return store.rename(
        now.name(),
        given.name(),
        given.revision(),
        this::isUsed,
        request.identity().name(),
        request.why());
  }

  private Object accept(Request request) throws IOException {
    AcceptedCertificate given = request.body(AcceptedCertificate.class);
    return store.accept(
        require(request).name(),
        given.server(),
        given.fingerprint(),
        request.identity().name(),
        request.why());
  }

  private @Nullable Object delete(Request request) {
    long given = request.number("revision", 0, 0, Integer.MAX_VALUE);
    DataSourceView now = require(request);
    DataSourceView wanted = given == 0 ? now : unchanged(request, (int) given);
    refuseUsed(wanted.name());
    store.delete(
        wanted.name(), wanted.revision(), this::isUsed, request.identity().name(), request.why());
    return null;
  }

  private Object users(Request request) {
    String name = require(request).name();
    return database.with(handle -> DataSourceUse.publishedTasks(handle, name));
  }

  private boolean isUsed(String name) {
    return !database.with(handle -> DataSourceUse.publishedTasks(handle, name)).isEmpty();
  }

  /** Says by which tasks, which the store does not know. */
  private void refuseUsed(String name) {
    List<String> tasks = database.with(handle -> DataSourceUse.publishedTasks(handle, name));
    if (!tasks.isEmpty()) {
      throw ProblemException.conflict(
          "data source '"
              + name
              + "' is used by the published tasks "
              + tasks.subList(0, Math.min(10, tasks.size()))
              + "; change these first");
    }
  }

  private Object test(Request request) {
    DataSourceView view = require(request);
    if (looks.cannotTest(view.type())) {
      throw new ProblemException(
          ProblemKind.REFUSED, "connector '" + view.type() + "' has no connection test");
    }
    // Before it is done: what hangs or fails may have reached the other end all the same.
    database.useTransaction(
        handle ->
            store
                .audit()
                .record(
                    handle,
                    request.identity().name(),
                    "datasource.test",
                    "datasource/" + view.name(),
                    request.why(),
                    "revision " + view.revision() + " of type " + view.type()));
    Map<String, Object> options =
        new LinkedHashMap<>(
            store
                .find(view.name())
                .orElseThrow(() -> ProblemException.notFound("there is no such data source")));
    String type = String.valueOf(options.remove("type"));
    long begin = System.nanoTime();
    boolean ok = false;
    String message;
    try {
      ConnectorSpec source = new ConnectorSpec(type, options, store.certificates(view.name()));
      message = looks.test(view.name(), source);
      ok = true;
    } catch (MillraceException e) {
      if (e.errorCode() == StandardError.INTERNAL) {
        // An error of the connector's says nothing about the connection.
        throw e;
      }
      message = e.getMessage();
    }
    return new Tested(ok, message, (System.nanoTime() - begin) / 1_000_000);
  }

  private Object rotate(Request request) {
    return new KeyRotation(store.rotate(request.identity().name(), request.why()));
  }

  private DataSourceView require(Request request) {
    return store
        .view(request.name("name"))
        .orElseThrow(() -> ProblemException.notFound("there is no such data source"));
  }

  private DataSourceView unchanged(Request request, int revision) {
    DataSourceView now = require(request);
    if (now.revision() != revision) {
      throw ProblemException.conflict(
          "the data source was changed by somebody else (revision "
              + now.revision()
              + ", yours is "
              + revision
              + "); load it again");
    }
    return now;
  }
}
