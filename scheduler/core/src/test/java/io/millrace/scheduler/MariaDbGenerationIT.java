package io.millrace.scheduler;

import io.millrace.scheduler.store.Database;
import io.millrace.testkit.server.TestServers;

class MariaDbGenerationIT extends AbstractGenerationTest {

  @Override
  Database open() throws Exception {
    return Stores.on(TestServers.mariadb());
  }
}
