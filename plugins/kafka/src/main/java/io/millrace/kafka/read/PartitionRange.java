package io.millrace.kafka.read;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.Split;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * A pinned part of a partition: what a split is.
 *
 * @param partition the topic and the number
 * @param topicId the topic's own id, or empty where brokers tell none
 * @param begin the first offset
 * @param end the offset behind the last
 */
record PartitionRange(TopicPartition partition, String topicId, long begin, long end) {

  private static final int VERSION = 1;

  Split split() {
    return new Split(
        String.format("%05d", partition.partition()),
        VERSION,
        Map.of(
            "topic", partition.topic(),
            "topicId", topicId,
            "partition", String.valueOf(partition.partition()),
            "begin", String.valueOf(begin),
            "end", String.valueOf(end)),
        this.toString(),
        end - begin);
  }

  static PartitionRange of(Split split) {
    if (split.version() != VERSION) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "kafka reader: split "
              + split.id()
              + " was planned by another version of this plugin; start the task anew");
    }
    Map<String, String> kept = split.properties();
    return new PartitionRange(
        new TopicPartition(
            kept.getOrDefault("topic", ""), Integer.parseInt(kept.getOrDefault("partition", "0"))),
        kept.getOrDefault("topicId", ""),
        Long.parseLong(kept.getOrDefault("begin", "0")),
        Long.parseLong(kept.getOrDefault("end", "0")));
  }

  /** Where errors happened, for messages. */
  String place() {
    return "topic " + partition.topic() + ", partition " + partition.partition();
  }

  @Override
  public String toString() {
    return partition.topic()
        + ", partition "
        + partition.partition()
        + ", offsets "
        + begin
        + " to "
        + end
        + " (exclusive)";
  }
}
