package io.millrace.scheduler;

import io.millrace.scheduler.store.Database;
import io.millrace.testkit.server.TestServers;

class MariaDbNamesIT extends AbstractNamesTest {

  @Override
  Database open() throws Exception {
    return Stores.on(TestServers.mariadb());
  }
}
