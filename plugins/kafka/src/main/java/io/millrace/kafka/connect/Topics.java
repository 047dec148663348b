package io.millrace.kafka.connect;

import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** What topics are beside their names. Stateless. */
public final class Topics {

  private Topics() {}

  /**
   * A topic's own id, which another topic of the same name does not have.
   *
   * @return empty where the brokers tell none; null when there is no such topic
   */
  public static @Nullable String id(Clients clients, String topic, StageContext context) {
    Uuid id;
    try {
      id =
          clients
              .ask(
                  context,
                  "topic " + topic,
                  admin -> admin.describeTopics(List.of(topic)).allTopicNames())
              .get(topic)
              .topicId();
    } catch (MillraceException e) {
      if (KafkaErrors.is(e, UnknownTopicOrPartitionException.class)) {
        return null;
      }
      throw e;
    }
    return id == null || id.equals(Uuid.ZERO_UUID) ? "" : id.toString();
  }

  /** The same as an end gives it to the engine; empty where nothing is known. */
  public static Map<String, String> identity(Clients clients, String topic, StageContext context) {
    String id = id(clients, topic, context);
    return id == null || id.isEmpty() ? Map.of() : Map.of("topic '" + topic + "'", id);
  }

  /** True when both are known and are not the same. */
  public static boolean differ(@Nullable String id, @Nullable String other) {
    return id != null && other != null && !id.isEmpty() && !other.isEmpty() && !id.equals(other);
  }
}
