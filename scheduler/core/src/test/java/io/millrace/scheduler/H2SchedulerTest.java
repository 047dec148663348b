package io.millrace.scheduler;

import io.millrace.scheduler.store.Database;

class H2SchedulerTest extends AbstractSchedulerTest {

  @Override
  Database open() throws Exception {
    return Stores.memory();
  }
}
