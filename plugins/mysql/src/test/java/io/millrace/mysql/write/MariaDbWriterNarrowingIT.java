package io.millrace.mysql.write;

import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;

final class MariaDbWriterNarrowingIT extends WriterNarrowingIT {
  @Override
  TestServer server() {
    return TestServers.mariadb();
  }
}
