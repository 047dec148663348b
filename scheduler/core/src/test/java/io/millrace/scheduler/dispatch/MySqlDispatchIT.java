package io.millrace.scheduler.dispatch;

import io.millrace.scheduler.Stores;
import io.millrace.scheduler.store.Database;
import io.millrace.testkit.server.TestServers;

class MySqlDispatchIT extends AbstractDispatchTest {

  @Override
  Database open() throws Exception {
    return Stores.on(TestServers.mysql());
  }
}
