package io.millrace.scheduler.kill;

import io.millrace.scheduler.store.StoreSettings;

class H2KillIT extends AbstractKillTest {

  @Override
  StoreSettings store() {
    return StoreSettings.file(directory.resolve("store"));
  }
}
