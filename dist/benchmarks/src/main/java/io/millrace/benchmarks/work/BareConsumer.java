package io.millrace.benchmarks.work;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The least that reads a topic: one consumer as Kafka sets it up, which looks at every message and
 * does nothing with it.
 */
final class BareConsumer {

  private BareConsumer() {}

  /**
   * @param arguments brokers, topic, and how many messages there are
   */
  public static void main(String[] arguments) {
    long begin = System.nanoTime();
    long wanted = Long.parseLong(arguments[2]);
    long bytes = 0;
    long messages = 0;
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                arguments[0],
                "enable.auto.commit",
                "false",
                "isolation.level",
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(arguments[1]).stream()
              .map(each -> new TopicPartition(each.topic(), each.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (messages < wanted) {
        for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofSeconds(1))) {
          bytes += each.value().length;
          messages++;
        }
      }
    }
    System.out.println(
        messages + " messages, " + bytes + " bytes, seconds " + (System.nanoTime() - begin) / 1e9);
  }
}
