package io.millrace.scheduler;

import io.millrace.scheduler.store.Database;

class H2GenerationTest extends AbstractGenerationTest {

  @Override
  Database open() throws Exception {
    return Stores.memory();
  }
}
