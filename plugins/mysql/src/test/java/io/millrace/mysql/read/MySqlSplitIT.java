package io.millrace.mysql.read;

import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;

/** The split rules against MySQL. */
final class MySqlSplitIT extends AbstractSplitIT {
  @Override
  TestServer server() {
    return TestServers.mysql();
  }
}
