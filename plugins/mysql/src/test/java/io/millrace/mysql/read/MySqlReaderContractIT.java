package io.millrace.mysql.read;

import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;

/** The reader's contract on MySql. */
final class MySqlReaderContractIT extends AbstractReaderContractIT {
  @Override
  TestServer server() {
    return TestServers.mysql();
  }
}
