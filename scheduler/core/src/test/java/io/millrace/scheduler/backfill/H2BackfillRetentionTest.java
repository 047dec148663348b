package io.millrace.scheduler.backfill;

import io.millrace.scheduler.Stores;
import io.millrace.scheduler.store.Database;

class H2BackfillRetentionTest extends AbstractBackfillRetentionTest {

  @Override
  Database open() throws Exception {
    return Stores.memory();
  }
}
