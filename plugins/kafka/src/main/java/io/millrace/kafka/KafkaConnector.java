package io.millrace.kafka;

import io.millrace.api.ConnectionTest;
import io.millrace.api.Connector;
import io.millrace.api.ConnectorInfo;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.write.WriterFactory;
import io.millrace.kafka.connect.KafkaConnectionTest;
import io.millrace.kafka.read.KafkaReaderFactory;
import io.millrace.kafka.write.KafkaWriterFactory;
import java.util.List;
import java.util.Optional;

/** Reads windows of topics and writes records to topics of Kafka and what speaks its protocol. */
public final class KafkaConnector implements Connector {

  @Override
  public ConnectorInfo info() {
    return new ConnectorInfo(
        "kafka",
        List.of("kafkareader", "kafkawriter"),
        "Kafka from 2.1 and what speaks its protocol: bounded windows of topics; writes with or"
            + " without transactions.");
  }

  @Override
  public Optional<ReaderFactory> reader() {
    return Optional.of(new KafkaReaderFactory());
  }

  @Override
  public Optional<WriterFactory> writer() {
    return Optional.of(new KafkaWriterFactory());
  }

  @Override
  public Optional<ConnectionTest> connectionTest() {
    return Optional.of(new KafkaConnectionTest());
  }
}
