package io.millrace.mysql.read;

import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;

/** Source and target on MySQL. */
final class MySqlOverlapIT extends AbstractOverlapIT {
  @Override
  TestServer server() {
    return TestServers.mysql();
  }
}
