package io.millrace.testkit.memory;

import io.millrace.testkit.contract.WriterAbility;

class MemoryStagedAttemptContractTest extends MemoryAttemptContractTest {

  @Override
  String publish() {
    return "staged";
  }

  @Override
  protected boolean has(WriterAbility ability) {
    return true;
  }
}
