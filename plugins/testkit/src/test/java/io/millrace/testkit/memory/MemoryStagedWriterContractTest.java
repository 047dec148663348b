package io.millrace.testkit.memory;

import io.millrace.testkit.contract.WriterAbility;
import java.util.Map;

public class MemoryStagedWriterContractTest extends MemoryWriterContractTest {

  @Override
  protected Map<String, Object> mode() {
    return Map.of("publish", "staged");
  }

  @Override
  protected boolean has(WriterAbility ability) {
    return true;
  }
}
