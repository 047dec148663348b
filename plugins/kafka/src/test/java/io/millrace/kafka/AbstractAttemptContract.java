package io.millrace.kafka;

import io.millrace.api.Connector;
import io.millrace.api.record.Schema;
import io.millrace.testkit.contract.AttemptContractTest;
import io.millrace.testkit.contract.SourceFixture;
import io.millrace.testkit.contract.TargetFixture;
import io.millrace.testkit.contract.WriterAbility;
import io.millrace.testkit.contract.WriterContractTest.RefusedRecords;
import io.millrace.testkit.sample.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What connector and engine promise together, with and without transactions. */
abstract class AbstractAttemptContract extends AttemptContractTest {

  private final TestKafka kafka = TestKafka.shared();
  private final boolean transactional;
  private final KafkaTargets targets;

  AbstractAttemptContract(boolean transactional) {
    this.transactional = transactional;
    this.targets = new KafkaTargets(kafka, transactional);
  }

  @Override
  protected Connector connector() {
    return new KafkaConnector();
  }

  @Override
  protected SourceFixture source(Sample sample) {
    String topic = kafka.topic(4);
    List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>();
    for (int row = 0; row < sample.size(); row++) {
      messages.add(new ProducerRecord<>(topic, row % 4, null, JsonSamples.object(sample, row)));
    }
    kafka.send(messages);
    return SourceFixture.holding(
        sample,
        Map.of(
            "server", kafka.cluster().bootstrap(),
            "topic", topic,
            "column", JsonSamples.columns(sample.schema())));
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
  protected RefusedRecords refusedRecords() {
    return targets.refused();
  }
}
