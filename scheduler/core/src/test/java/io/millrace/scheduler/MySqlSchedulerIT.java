package io.millrace.scheduler;

import io.millrace.scheduler.store.Database;
import io.millrace.testkit.server.TestServers;

class MySqlSchedulerIT extends AbstractSchedulerTest {

  @Override
  Database open() throws Exception {
    return Stores.on(TestServers.mysql());
  }
}
