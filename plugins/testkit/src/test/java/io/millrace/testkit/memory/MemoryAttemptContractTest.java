package io.millrace.testkit.memory;

import io.millrace.api.Connector;
import io.millrace.api.record.Schema;
import io.millrace.testkit.contract.AttemptContractTest;
import io.millrace.testkit.contract.SourceFixture;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.contract.WriterAbility;
import io.millrace.testkit.contract.WriterContractTest.RefusedRecords;
import io.millrace.testkit.sample.Sample;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

class MemoryAttemptContractTest extends AttemptContractTest {

  private final MemoryConnector memory = new MemoryConnector();
  private @Nullable MemoryTable written;

  /** When the target's records become visible. */
  String publish() {
    return "direct";
  }

  @Override
  protected boolean has(WriterAbility ability) {
    return ability != WriterAbility.STAGES;
  }

  @Override
  protected Connector connector() {
    return memory;
  }

  @Override
  protected @Nullable SourceFixture source(Sample sample) {
    memory.table("from", sample);
    return SourceFixture.holding(sample, Map.of("table", "from"));
  }

  @Override
  protected @Nullable TargetFixture target(Schema schema) {
    MemoryTable table = memory.table("to", schema);
    written = table;
    return new TargetFixture(Map.of("table", "to", "publish", publish()), table::texts);
  }

  @Override
  protected int loseCommits(TargetFixture target) {
    return Objects.requireNonNull(written).loseCommits();
  }

  @Override
  protected @Nullable RefusedRecords refusedRecords() {
    Sample sample = Sample.plain(200);
    MemoryTable table = memory.table("to", sample.schema());
    Set<Integer> refused = Set.of(0, 59, 60, 133, 199);
    refused.forEach(table.faults()::refuse);
    return new RefusedRecords(
        new TargetFixture(Map.of("table", "to", "publish", publish()), table::texts),
        sample,
        refused);
  }
}
