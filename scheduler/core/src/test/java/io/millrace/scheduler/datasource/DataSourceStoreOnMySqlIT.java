package io.millrace.scheduler.datasource;

import io.millrace.scheduler.store.StoreSettings;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;

/** The same with the store in MySQL. */
class DataSourceStoreOnMySqlIT extends DataSourceStoreCases {

  @Override
  StoreSettings settings() throws Exception {
    TestServer server = TestServers.mysql();
    return new StoreSettings(
        server.jdbcUrl(server.createDatabase("sources")) + "?allowPublicKeyRetrieval=true",
        server.user(),
        server.password());
  }
}
