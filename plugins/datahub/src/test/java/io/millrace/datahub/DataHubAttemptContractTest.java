package io.millrace.datahub;

import io.millrace.api.Connector;
import io.millrace.api.record.Schema;
import io.millrace.datahub.fake.FakeDataHub;
import io.millrace.testkit.contract.AttemptContractTest;
import io.millrace.testkit.contract.SourceFixture;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.contract.WriterAbility;
import io.millrace.testkit.contract.WriterContractTest.RefusedRecords;
import io.millrace.testkit.sample.Sample;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What the connector and the engine promise together. */
class DataHubAttemptContractTest extends AttemptContractTest {

  private static FakeDataHub service;

  @BeforeAll
  static void start() {
    service = new FakeDataHub();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Override
  protected Connector connector() {
    return new DataHubConnector();
  }

  @Override
  protected SourceFixture source(Sample sample) {
    return Samples.source(service, sample);
  }

  @Override
  protected TargetFixture target(Schema schema) {
    return Samples.target(service, schema);
  }

  @Override
  protected RefusedRecords refusedRecords() {
    return Samples.refused(service);
  }

  @Override
  protected boolean has(WriterAbility ability) {
    return ability == WriterAbility.LOOKS_BACK || ability == WriterAbility.FIXED_COLUMNS;
  }
}
