package io.millrace.loghub.write;

import io.millrace.api.Connector;
import io.millrace.api.record.Schema;
import io.millrace.loghub.LogHubConnector;
import io.millrace.loghub.Samples;
import io.millrace.loghub.fake.FakeLogService;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.contract.WriterAbility;
import io.millrace.testkit.contract.WriterContractTest;
import io.millrace.testkit.sample.TypeCase;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What every writer promises, through the service's own client. */
class LogHubWriterContractTest extends WriterContractTest {

  private static FakeLogService service;

  @BeforeAll
  static void start() {
    service = new FakeLogService();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Override
  protected Connector connector() {
    return new LogHubConnector();
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
    // A log's value is text: bytes that are none make their record dirty.
    return EnumSet.complementOf(EnumSet.of(TypeCase.BYTES));
  }

  @Override
  protected RefusedRecords refusedRecords() {
    return Samples.refused(service);
  }

  @Override
  protected StallingTarget stallingTarget(Schema schema) {
    TargetFixture target = target(schema);
    Map<String, Object> options = target.options();
    return new StallingTarget(target, () -> service.hang("put " + options.get("logstore")));
  }
}
