package io.millrace.scheduler.datasource;

import io.millrace.scheduler.store.StoreSettings;
import java.util.UUID;

class DataSourceStoreTest extends DataSourceStoreCases {

  @Override
  StoreSettings settings() {
    return new StoreSettings("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "", "");
  }
}
