package io.millrace.files;

import io.millrace.api.Connector;
import io.millrace.api.record.Schema;
import io.millrace.testkit.contract.AttemptContractTest;
import io.millrace.testkit.contract.SourceFixture;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.sample.Sample;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

class LocalAttemptContractTest extends AttemptContractTest {

  @TempDir Path folder;

  @Override
  protected Connector connector() {
    return new FilesConnector();
  }

  @Override
  protected SourceFixture source(Sample sample) throws Exception {
    return LocalFixtures.source(folder, sample);
  }

  @Override
  protected TargetFixture target(Schema schema) throws Exception {
    return LocalFixtures.target(folder, schema, Map.of());
  }
}
