package io.millrace.scheduler;

import io.millrace.scheduler.store.Database;
import io.millrace.testkit.server.TestServers;

class MariaDbWorkflowIT extends AbstractWorkflowTest {

  @Override
  Database open() throws Exception {
    return Stores.on(TestServers.mariadb());
  }
}
