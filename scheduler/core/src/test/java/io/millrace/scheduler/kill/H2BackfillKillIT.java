package io.millrace.scheduler.kill;

import io.millrace.scheduler.store.StoreSettings;

class H2BackfillKillIT extends AbstractBackfillKillTest {

  @Override
  StoreSettings store() {
    return StoreSettings.file(directory.resolve("store"));
  }
}
