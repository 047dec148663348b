package io.millrace.server;

import io.millrace.scheduler.store.Database;
import io.millrace.server.route.Routes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** A resource that is added keeps the contract without a test of its own. */
class DemoRoutesTest extends RouteContract {

  @TempDir private static Path directory;

  @Override
  protected List<Routes> resources(Database database) {
    DemoRoutes demo = new DemoRoutes(directory.resolve("log"));
    demo.leave.countDown();
    return List.of(demo);
  }
}
