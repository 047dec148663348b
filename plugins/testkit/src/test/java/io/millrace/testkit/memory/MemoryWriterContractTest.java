package io.millrace.testkit.memory;

import io.millrace.api.Connector;
import io.millrace.api.record.Schema;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.contract.WriterAbility;
import io.millrace.testkit.contract.WriterContractTest;
import io.millrace.testkit.sample.Sample;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

public class MemoryWriterContractTest extends WriterContractTest {

  protected final MemoryConnector memory = new MemoryConnector();
  private int tables;

  /** What a mode of the writer adds to the options. */
  protected Map<String, Object> mode() {
    return Map.of("publish", "direct");
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
  protected TargetFixture target(Schema schema) {
    return fixture(newTable(schema));
  }

  private MemoryTable newTable(Schema schema) {
    return memory.table("t" + tables++, schema);
  }

  private TargetFixture fixture(MemoryTable table) {
    Map<String, Object> options = new LinkedHashMap<>(mode());
    options.put("table", table.name());
    return new TargetFixture(options, table::texts);
  }

  @Override
  protected @Nullable RefusedRecords refusedRecords() {
    Sample sample = Sample.plain(20);
    MemoryTable table = newTable(sample.schema());
    Set<Integer> refused = Set.of(0, 7, 8, 19);
    refused.forEach(table.faults()::refuse);
    return new RefusedRecords(fixture(table), sample, refused);
  }

  @Override
  protected @Nullable StallingTarget stallingTarget(Schema schema) {
    MemoryTable table = newTable(schema);
    return new StallingTarget(fixture(table), table.faults()::block);
  }
}
