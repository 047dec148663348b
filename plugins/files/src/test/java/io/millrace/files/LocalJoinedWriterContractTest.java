package io.millrace.files;

import io.millrace.api.Connector;
import io.millrace.api.record.Schema;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.contract.WriterAbility;
import io.millrace.testkit.contract.WriterContractTest;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** Every split is a part of one that the task asks for. */
class LocalJoinedWriterContractTest extends WriterContractTest {

  @TempDir Path directory;

  @Override
  protected Connector connector() {
    return new FilesConnector();
  }

  @Override
  protected TargetFixture target(Schema schema) throws Exception {
    return LocalFixtures.target(directory, schema, Map.of());
  }

  @Override
  protected Optional<String> group() {
    return Optional.of("t1");
  }

  @Override
  protected boolean has(WriterAbility ability) {
    return ability != WriterAbility.FIXED_COLUMNS;
  }
}
