package io.millrace.datahub.write;

import io.millrace.api.Connector;
import io.millrace.api.record.Schema;
import io.millrace.datahub.DataHubConnector;
import io.millrace.datahub.Samples;
import io.millrace.datahub.fake.FakeDataHub;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.contract.WriterAbility;
import io.millrace.testkit.contract.WriterContractTest;
import io.millrace.testkit.sample.TypeCase;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What every writer promises, through the service's own client. */
class DataHubWriterContractTest extends WriterContractTest {

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
  protected TargetFixture target(Schema schema) {
    return Samples.target(service, schema);
  }

  @Override
  protected boolean has(WriterAbility ability) {
    return ability == WriterAbility.LOOKS_BACK || ability == WriterAbility.FIXED_COLUMNS;
  }

  @Override
  protected Set<TypeCase> types() {
    // The service's own client takes no instant after 9999-12-31 15:59:59 UTC.
    Set<TypeCase> types = EnumSet.copyOf(Samples.types());
    types.remove(TypeCase.TIMESTAMP_WIDE);
    return types;
  }

  @Override
  protected RefusedRecords refusedRecords() {
    return Samples.refused(service);
  }

  @Override
  protected StallingTarget stallingTarget(Schema schema) {
    TargetFixture target = target(schema);
    return new StallingTarget(target, () -> service.hang("put " + target.options().get("topic")));
  }
}
