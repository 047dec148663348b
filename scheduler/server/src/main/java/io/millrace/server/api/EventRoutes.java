package io.millrace.server.api;

import static io.millrace.server.route.Access.VIEWER;

import io.millrace.server.event.Events;
import io.millrace.server.route.Route;
import io.millrace.server.route.Routes;
import java.util.List;

/** What happens, as it happens. */
final class EventRoutes implements Routes {

  private final Events events;
  private final Changes changes;

  /**
   * @param changes fills the events, and ends with these routes
   */
  EventRoutes(Events events, Changes changes) {
    this.events = events;
    this.changes = changes;
  }

  @Override
  public void close() {
    changes.close();
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.get(
                "/events",
                VIEWER,
                "Tells of instances that change on any node, and of alerts; after resync, read anew",
                request -> events.source(request.header("Last-Event-ID"), event -> true))
            .givesMedia("text/event-stream"));
  }
}
