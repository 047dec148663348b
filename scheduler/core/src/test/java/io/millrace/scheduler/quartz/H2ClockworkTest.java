package io.millrace.scheduler.quartz;

import io.millrace.scheduler.Stores;
import io.millrace.scheduler.store.Database;

class H2ClockworkTest extends AbstractClockworkTest {

  @Override
  Database open() {
    return Stores.memory();
  }
}
