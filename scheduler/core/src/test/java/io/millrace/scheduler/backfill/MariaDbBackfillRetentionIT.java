package io.millrace.scheduler.backfill;

import io.millrace.scheduler.Stores;
import io.millrace.scheduler.store.Database;
import io.millrace.testkit.server.TestServers;

class MariaDbBackfillRetentionIT extends AbstractBackfillRetentionTest {

  @Override
  Database open() throws Exception {
    return Stores.on(TestServers.mariadb());
  }
}
