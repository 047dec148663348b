package io.millrace.scheduler;

import io.millrace.scheduler.store.Database;

class H2NamesTest extends AbstractNamesTest {

  @Override
  Database open() throws Exception {
    return Stores.memory();
  }
}
