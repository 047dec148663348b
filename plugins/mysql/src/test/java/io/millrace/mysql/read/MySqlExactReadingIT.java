package io.millrace.mysql.read;

import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;

/** The reader against MySQL. */
final class MySqlExactReadingIT extends AbstractExactReadingIT {
  @Override
  TestServer server() {
    return TestServers.mysql();
  }
}
