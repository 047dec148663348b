package io.millrace.stream;

import io.millrace.api.Connector;
import io.millrace.api.record.Schema;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.contract.WriterAbility;
import io.millrace.testkit.contract.WriterContractTest;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * What every writer promises. The reader has no such test: how many rows it makes up depends on the
 * number of channels, so there is no source to compare with.
 */
class StreamWriterContractTest extends WriterContractTest {

  @Override
  protected Connector connector() {
    return new StreamConnector(OutputStream.nullOutputStream());
  }

  @Override
  protected TargetFixture target(Schema schema) {
    return new TargetFixture(Map.of(), List::of);
  }

  @Override
  protected boolean has(WriterAbility ability) {
    return false;
  }
}
