package io.millrace.testkit.memory;

import io.millrace.testkit.contract.WriterAbility;
import java.util.Map;

class MemoryStagedWriterContractTest extends MemoryWriterContractTest {

  @Override
  Map<String, Object> mode() {
    return Map.of("publish", "staged");
  }

  @Override
  protected boolean has(WriterAbility ability) {
    return true;
  }
}
