package io.millrace.kafka;

import io.millrace.api.Connector;
import io.millrace.api.record.Schema;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.contract.WriterAbility;
import io.millrace.testkit.contract.WriterContractTest;
import io.millrace.testkit.sample.TypeCase;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/** The writer's promises, with and without transactions. */
abstract class AbstractWriterContract extends WriterContractTest {

  private final TestKafka kafka = TestKafka.shared();
  private final boolean transactional;
  private final KafkaTargets targets;

  AbstractWriterContract(boolean transactional) {
    this.transactional = transactional;
    this.targets = new KafkaTargets(kafka, transactional);
  }

  @Override
  protected Connector connector() {
    return new KafkaConnector();
  }

  @Override
  protected TargetFixture target(Schema schema) {
    return targets.target(schema);
  }

  @Override
  protected boolean has(WriterAbility ability) {
    return switch (ability) {
      case LOOKS_BACK, FIXED_COLUMNS -> true;
      case EXACTLY_ONCE -> transactional;
      case STAGES -> false;
    };
  }

  @Override
  protected Set<TypeCase> types() {
    Set<TypeCase> types = EnumSet.allOf(TypeCase.class);
    // The test's own way of looking at JSON drops blanks inside of nested values and takes null for
    // no value; nested values have a test of their own.
    types.remove(TypeCase.JSON);
    return types;
  }

  @Override
  protected RefusedRecords refusedRecords() {
    return targets.refused();
  }

  @Override
  protected StallingTarget stallingTarget(Schema schema) {
    return new StallingTarget(
        targets.target(schema, kafka.proxied(), Map.of()), kafka.proxy()::hang);
  }

  @AfterEach
  void letFlow() {
    kafka.proxy().pass();
  }
}
