package io.millrace.testkit.memory;

import io.millrace.api.Connector;
import io.millrace.testkit.contract.ReaderContractTest;
import io.millrace.testkit.contract.SourceFixture;
import io.millrace.testkit.sample.Sample;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

public class MemoryReaderContractTest extends ReaderContractTest {

  protected final MemoryConnector memory = new MemoryConnector();
  private final AtomicInteger tables = new AtomicInteger();

  @Override
  protected Connector connector() {
    return memory;
  }

  @Override
  protected SourceFixture source(Sample sample) {
    return source(newName(), sample);
  }

  private SourceFixture source(String name, Sample sample) {
    memory.table(name, sample);
    return SourceFixture.holding(sample, Map.of("table", name, "splitRecords", 150));
  }

  @Override
  protected @Nullable StallingSource stallingSource(Sample sample) {
    String name = newName();
    MemoryTable table = memory.table(name, sample);
    return new StallingSource(
        SourceFixture.holding(sample, Map.of("table", name)), table.faults()::block);
  }

  private String newName() {
    return "t" + tables.incrementAndGet();
  }
}
