package io.millrace.scheduler.kill;

import io.millrace.scheduler.Stores;
import io.millrace.scheduler.store.StoreSettings;

class MariaDbBackfillKillIT extends AbstractBackfillKillTest {

  @Override
  StoreSettings store() throws Exception {
    return Stores.settings(server);
  }
}
