package io.millrace.scheduler.datasource;

import io.millrace.scheduler.store.StoreSettings;
import io.millrace.testkit.server.TestServer;
import io.millrace.testkit.server.TestServers;

class DataSourceStoreIT extends DataSourceStoreCases {

  @Override
  StoreSettings settings() throws Exception {
    TestServer server = TestServers.mariadb();
    return new StoreSettings(
        server.jdbcUrl(server.createDatabase("sources")), server.user(), server.password());
  }
}
