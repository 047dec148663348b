package io.millrace.mysql.split;

import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;

/** Cutting by the estimates of MariaDb. */
final class MariaDbTablePlannerIT extends AbstractTablePlannerIT {
  @Override
  TestServer server() {
    return TestServers.mariadb();
  }
}
