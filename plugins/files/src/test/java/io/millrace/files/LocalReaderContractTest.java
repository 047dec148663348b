package io.millrace.files;

import io.millrace.api.Connector;
import io.millrace.testkit.contract.ReaderContractTest;
import io.millrace.testkit.contract.SourceFixture;
import io.millrace.testkit.sample.Sample;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LocalReaderContractTest extends ReaderContractTest {

  @TempDir Path directory;

  @Override
  protected Connector connector() {
    return new FilesConnector();
  }

  @Override
  protected SourceFixture source(Sample sample) throws Exception {
    return LocalFixtures.source(directory, sample);
  }
}
