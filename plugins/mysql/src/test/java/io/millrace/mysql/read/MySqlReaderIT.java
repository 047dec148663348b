package io.millrace.mysql.read;

import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;

/** The reader against MySQL. */
final class MySqlReaderIT extends AbstractReaderIT {
  @Override
  TestServer server() {
    return TestServers.mysql();
  }
}
