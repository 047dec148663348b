package io.millrace.files;

import io.millrace.api.Connector;
import io.millrace.api.record.Schema;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.contract.WriterAbility;
import io.millrace.testkit.contract.WriterContractTest;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Everything in one file. */
class LocalSingleWriterContractTest extends WriterContractTest {

  @TempDir Path directory;

  @Override
  protected Connector connector() {
    return new FilesConnector();
  }

  @Override
  protected TargetFixture target(Schema schema) throws Exception {
    return LocalFixtures.target(
        directory, schema, Map.of("writeSingleObject", true, "writeMode", "truncate"));
  }

  @Override
  protected boolean has(WriterAbility ability) {
    return ability != WriterAbility.FIXED_COLUMNS;
  }
}
