package io.millrace.scheduler;

import io.millrace.scheduler.store.Database;

class H2WorkflowTest extends AbstractWorkflowTest {

  @Override
  Database open() throws Exception {
    return Stores.memory();
  }
}
