package io.millrace.mysql.write;

import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;

final class MariaDbWriterColumnsIT extends WriterColumnsIT {
  @Override
  TestServer server() {
    return TestServers.mariadb();
  }
}
