package io.millrace.kafka.connect;

import io.millrace.api.StageContext;
import java.util.Optional;

/**
 * How a writer says what it writes to, so that the reader of the same task can look whether it
 * reads that.
 *
 * @param cluster the cluster's own id; empty where the brokers tell none
 * @param server the brokers to begin with
 * @param topic the topic
 * @param partition the only one that is written to; -1 for any
 */
public record TopicMark(String cluster, String server, String topic, int partition) {

  private static final String KIND = "kafka:";

  /** What is written to. */
  public static TopicMark of(Clients clients, String topic, int partition, StageContext context) {
    return new TopicMark(cluster(clients, context), clients.config().server(), topic, partition);
  }

  /** The cluster's own id; empty where the brokers tell none. */
  public static String cluster(Clients clients, StageContext context) {
    String id = clients.ask(context, "the cluster", admin -> admin.describeCluster().clusterId());
    return id == null ? "" : id;
  }

  /** As the engine passes it on. */
  public String text() {
    return KIND + String.join("\n", cluster, server, topic, String.valueOf(partition));
  }

  /** The mark of a writer; empty for one of another kind of system. */
  public static Optional<TopicMark> parse(String text) {
    String[] parts =
        text.startsWith(KIND) ? text.substring(KIND.length()).split("\n", -1) : new String[0];
    return parts.length == 4
        ? Optional.of(new TopicMark(parts[0], parts[1], parts[2], Integer.parseInt(parts[3])))
        : Optional.empty();
  }
}
