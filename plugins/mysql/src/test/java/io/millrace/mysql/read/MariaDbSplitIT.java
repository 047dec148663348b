package io.millrace.mysql.read;

import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;

/** The split rules against MariaDB. */
final class MariaDbSplitIT extends AbstractSplitIT {
  @Override
  TestServer server() {
    return TestServers.mariadb();
  }
}
