package io.millrace.mysql.write;

import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;

final class MySqlWriterGuaranteeIT extends WriterGuaranteeIT {
  @Override
  TestServer server() {
    return TestServers.mysql();
  }
}
