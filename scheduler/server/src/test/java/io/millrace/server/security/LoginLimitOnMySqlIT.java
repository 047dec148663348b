package io.millrace.server.security;

import io.millrace.scheduler.store.StoreSettings;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;
import java.sql.SQLException;

/** The same with the store in MySQL. */
class LoginLimitOnMySqlIT extends LoginLimitTest {

  @Override
  StoreSettings store() {
    TestServer server = TestServers.mysql();
    try {
      return new StoreSettings(
          server.jdbcUrl(server.createDatabase("limit")) + "?allowPublicKeyRetrieval=true",
          server.user(),
          server.password());
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
