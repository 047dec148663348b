package io.millrace.mysql.write;

import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;

final class MySqlWriterLossIT extends WriterLossIT {
  @Override
  TestServer server() {
    return TestServers.mysql();
  }
}
