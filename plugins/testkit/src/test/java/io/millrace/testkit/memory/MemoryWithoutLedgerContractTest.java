package io.millrace.testkit.memory;

import io.millrace.testkit.contract.WriterAbility;
import java.util.Map;

class MemoryWithoutLedgerContractTest extends MemoryWriterContractTest {

  @Override
  protected Map<String, Object> mode() {
    return Map.of("ledger", false);
  }

  @Override
  protected boolean has(WriterAbility ability) {
    return ability != WriterAbility.EXACTLY_ONCE && ability != WriterAbility.STAGES;
  }
}
