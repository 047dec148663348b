package io.millrace.server.api;

import static io.millrace.server.route.Access.ADMIN;

import io.millrace.scheduler.audit.Audit;
import io.millrace.scheduler.audit.AuditEntry;
import io.millrace.scheduler.audit.AuditFilter;
import io.millrace.scheduler.store.Database;
import io.millrace.server.page.Page;
import io.millrace.server.route.Request;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who changed what, when and why. */
final class AuditRoutes implements Routes {

  private final Database database;
  private final Audit audit;

  AuditRoutes(ApiRoutes.Parts parts) {
    this.database = parts.scheduler().database();
    this.audit = parts.audit();
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get("/audit", ADMIN, "Lists what was changed, the newest first", this::list)
            .givesPage(AuditEntry.class)
            .query("who", "the user")
            .query("action", "the action, such as task.publish")
            .query("subject", "what the subject begins with, such as task/")
            .query("from", "the first instant")
            .query("to", "the instant after the last"));
  }

  private Object list(Request request) {
    AuditFilter filter =
        new AuditFilter(
            request.query("who").orElse(null),
            request.query("action").orElse(null),
            request.query("subject").orElse(null),
            instant(request, "from"),
            instant(request, "to"));
    int offset = (int) Math.min(Integer.MAX_VALUE, request.page().offset());
    var page = database.with(handle -> audit.find(handle, filter, offset, request.page().size()));
    return Page.of(page.items(), request.page(), page.total());
  }

  private static @Nullable Instant instant(Request request, String parameter) {
    return request.query(parameter).isEmpty()
        ? null
        : Given.instant(request, parameter, Instant.EPOCH);
  }
}
