package io.millrace.files;

import io.millrace.api.Connector;
import io.millrace.api.record.Schema;
import io.millrace.testkit.contract.AttemptContractTest;
import io.millrace.testkit.contract.SourceFixture;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.sample.Sample;
import java.util.Map;

class S3AttemptContractIT extends AttemptContractTest {

  private final Buckets buckets = Buckets.create();

  @Override
  protected Connector connector() {
    return new ObjectsConnector();
  }

  @Override
  protected SourceFixture source(Sample sample) {
    return buckets.source(sample, buckets.port());
  }

  @Override
  protected TargetFixture target(Schema schema) {
    return buckets.target(schema, buckets.port(), Map.of());
  }
}
