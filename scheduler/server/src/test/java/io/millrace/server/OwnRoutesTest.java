package io.millrace.server;

import io.millrace.scheduler.store.Database;
import io.millrace.server.route.Routes;
import java.util.List;

/** The server's own routes keep the contract. */
class OwnRoutesTest extends RouteContract {

  @Override
  protected List<Routes> resources(Database database) {
    return List.of();
  }
}
