package io.millrace.mysql.read;

import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;

/** The reader against MariaDB. */
final class MariaDbExactReadingIT extends AbstractExactReadingIT {
  @Override
  TestServer server() {
    return TestServers.mariadb();
  }
}
