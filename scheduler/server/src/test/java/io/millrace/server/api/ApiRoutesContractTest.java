package io.millrace.server.api;

import io.millrace.scheduler.store.Database;
import io.millrace.server.RouteContract;
import io.millrace.server.route.Routes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/** All routes of the scheduler keep the contract. */
class ApiRoutesContractTest extends RouteContract {

  @TempDir private static Path directory;

  private ApiScene scene;

  @Override
  protected List<Routes> resources(Database database) {
    scene = new ApiScene(database, directory);
    return scene.routes;
  }

  @AfterAll
  void closeScene() {
    scene.close();
  }
}
