package io.millrace.kafka;

import io.millrace.api.Connector;
import io.millrace.api.record.ColumnType;
import io.millrace.testkit.contract.ReaderContractTest;
import io.millrace.testkit.contract.SourceFixture;
import io.millrace.testkit.sample.Sample;
import io.millrace.testkit.sample.TypeCase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The reader's promises, with JSON objects in three partitions. */
class KafkaReaderContractIT extends ReaderContractTest {

  private final TestKafka kafka = TestKafka.shared();

  @Override
  protected Connector connector() {
    return new KafkaConnector();
  }

  @Override
  protected SourceFixture source(Sample sample) {
    return source(sample, kafka.cluster().bootstrap());
  }

  private SourceFixture source(Sample sample, String server) {
    String topic = kafka.topic(3);
    List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>();
    for (int row = 0; row < sample.size(); row++) {
      messages.add(new ProducerRecord<>(topic, row % 3, null, JsonSamples.object(sample, row)));
    }
    kafka.send(messages);
    Map<String, Object> options =
        Map.of("server", server, "topic", topic, "column", JsonSamples.columns(sample.schema()));
    List<List<@Nullable String>> expected = new ArrayList<>();
    for (List<@Nullable String> texts : sample.texts()) {
      List<@Nullable String> record = new ArrayList<>(texts);
      for (int i = 0; i < record.size(); i++) {
        // JSON's null is no value.
        if (sample.schema().field(i).type() == ColumnType.JSON && "null".equals(record.get(i))) {
          record.set(i, null);
        }
      }
      expected.add(Collections.unmodifiableList(record));
    }
    return new SourceFixture(options, expected);
  }

  @Override
  protected Set<TypeCase> types() {
    // No column of the reader is unsigned.
    Set<TypeCase> types = EnumSet.allOf(TypeCase.class);
    types.remove(TypeCase.UINT64);
    return types;
  }

  @Override
  protected StallingSource stallingSource(Sample sample) {
    return new StallingSource(source(sample, kafka.proxied()), kafka.proxy()::hang);
  }

  @AfterEach
  void letFlow() {
    kafka.proxy().pass();
  }
}
