package io.millrace.scheduler.quartz;

import io.millrace.scheduler.Stores;
import io.millrace.scheduler.store.Database;
import io.millrace.testkit.server.TestServers;

class MariaDbClockworkIT extends AbstractClockworkTest {

  @Override
  Database open() throws Exception {
    return Stores.on(TestServers.mariadb());
  }
}
