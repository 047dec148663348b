package io.millrace.kafka.write;

import io.millrace.api.Sensitive;
import io.millrace.api.StageContext;
import io.millrace.api.error.ErrorKind;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.kafka.connect.Clients;
import java.util.List;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * The topic as it is.
 *
 * @param partitions how many it has
 * @param maxMessageBytes the largest message that it takes
 * @param needsKeys whether it is compacted, and so takes no message without a key
 * @param times which times messages may have
 */
record Target(int partitions, int maxMessageBytes, boolean needsKeys, Times times) {

  /**
   * Which times messages may have.
   *
   * @param ofArrival whether the topic gives them the time of their arrival instead
   * @param mostBefore milliseconds that they may lie before now
   * @param mostAfter milliseconds that they may lie after now
   */
  record Times(boolean ofArrival, long mostBefore, long mostAfter) {

    /** Kafka's own before it was bounded; brokers that bound it say so. */
    static final Times ANY = new Times(false, Long.MAX_VALUE, Long.MAX_VALUE);

    static Times of(@Nullable Config config) {
      String type = value(config, "message.timestamp.type");
      return new Times(
          "LogAppendTime".equals(type), bound(config, "before"), bound(config, "after"));
    }

    private static long bound(@Nullable Config config, String side) {
      String said = value(config, "message.timestamp." + side + ".max.ms");
      // Of brokers before 3.6, for both sides.
      String old = value(config, "message.timestamp.difference.max.ms");
      String most = said == null ? old : said;
      return most == null ? Long.MAX_VALUE : Long.parseLong(most);
    }
  }

  /** Kafka's own default, where the account may not ask for the setting. */
  private static final int USUAL_BYTES = 1_048_588;

  static Target find(WriteOptions options, Clients clients, StageContext context) {
    TopicDescription found =
        clients
            .ask(
                context,
                "topic " + options.topic(),
                admin -> admin.describeTopics(List.of(options.topic())).allTopicNames())
            .get(options.topic());
    Config config =
        config(new ConfigResource(ConfigResource.Type.TOPIC, options.topic()), clients, context);
    String bytes = value(config, "max.message.bytes");
    String cleanup = value(config, "cleanup.policy");
    Target target =
        new Target(
            found.partitions().size(),
            bytes == null ? USUAL_BYTES : Integer.parseInt(bytes),
            cleanup != null && cleanup.contains("compact"),
            Times.of(config));
    if (options.form().partition() >= target.partitions()) {
      throw new MillraceException(
          StandardError.WRITE_REFUSED,
          options.place()
              + ": there is no partition "
              + options.form().partition()
              + ", it has "
              + target.partitions()
              + ", counted from 0");
    }
    return target;
  }

  /** The settings of a resource; null where the account may not ask for them. */
  static @Nullable Config config(ConfigResource resource, Clients clients, StageContext context) {
    try {
      return clients
          .ask(context, resource.name(), admin -> admin.describeConfigs(List.of(resource)).all())
          .get(resource);
    } catch (MillraceException e) {
      if (e.errorCode().kind() == ErrorKind.EXTERNAL || context.cancellation().isCancelled()) {
        throw e;
      }
      context
          .log()
          .info("settings are not told, the usual ones are assumed: " + Sensitive.message(e));
      return null;
    }
  }

  static @Nullable String value(@Nullable Config config, String name) {
    ConfigEntry entry = config == null ? null : config.get(name);
    return entry == null ? null : entry.value();
  }
}
