package io.millrace.mysql.split;

import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;

/** Cutting by the estimates of MySql. */
final class MySqlTablePlannerIT extends AbstractTablePlannerIT {
  @Override
  TestServer server() {
    return TestServers.mysql();
  }
}
