package io.millrace.scheduler.dispatch;

import io.millrace.scheduler.Stores;
import io.millrace.scheduler.store.Database;

class H2DispatchTest extends AbstractDispatchTest {

  @Override
  Database open() {
    return Stores.memory();
  }
}
