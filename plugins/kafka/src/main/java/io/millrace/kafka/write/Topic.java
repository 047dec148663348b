package io.millrace.kafka.write;

import static io.millrace.kafka.write.WriteOptions.wrong;

import io.millrace.api.Counted;
import io.millrace.api.StageContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.Field;
import io.millrace.api.record.Schema;
import io.millrace.api.write.WriteContext;
import io.millrace.kafka.connect.Clients;
import io.millrace.kafka.connect.KafkaErrors;
import io.millrace.kafka.connect.KafkaErrors.Doing;
import io.millrace.kafka.connect.TopicMark;
import io.millrace.kafka.connect.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The topic that is written to: checks it and makes producers for it. Thread-safe. */
final class Topic implements AutoCloseable {

  /** Brokers take no longer request unless they are told to (socket.request.max.bytes). */
  private static final int MOST_OF_A_REQUEST = 100 << 20;

  private final WriteOptions options;
  private final Clients clients;
  private @Nullable Target target;
  private @Nullable MessageLimits limits;

  Topic(WriteOptions options) {
    this.options = options;
    this.clients = new Clients(options.client(), Doing.WRITING);
  }

  Clients clients() {
    return clients;
  }

  /** The topic as it was when it was first looked at. */
  synchronized Target target(StageContext context) {
    Target known = target;
    if (known == null) {
      known = Target.find(options, clients, context);
      target = known;
    }
    return known;
  }

  /** The topic's own id; empty where the brokers tell none, and where it is not there. */
  String id(StageContext context) {
    String id = Topics.id(clients, options.topic(), context);
    return id == null ? "" : id;
  }

  /**
   * Makes sure that the topic is the one that stage 1 has seen.
   *
   * @param before its id then; empty where none was known
   */
  void requireSame(String before, StageContext context) {
    if (!before.isEmpty()) {
      String found = Topics.id(clients, options.topic(), context);
      if (found == null || Topics.differ(found, before)) {
        throw new MillraceException(
            StandardError.WRITE_REFUSED,
            options.place()
                + ": the topic was "
                + (found == null ? "deleted" : "made anew")
                + " since the task began, and what was written before is gone; run the task from"
                + " scratch");
      }
    }
  }

  /** Shows the reader what is written to. */
  void marked(StageContext context, Consumer<String> look) {
    look.accept(TopicMark.of(clients, options.topic(), options.form().partition(), context).text());
  }

  /** What is written to, for the engine. */
  Map<String, String> identity(StageContext context) {
    return Topics.identity(clients, options.topic(), context);
  }

  Schema check(Schema source, StageContext context) {
    WriteOptions.Form form = options.form();
    if (!form.names().isEmpty() && form.names().size() != source.size()) {
      throw wrong(
          "option 'column' names "
              + Counted.of(form.names().size(), "column", "columns")
              + ", the reader delivers "
              + source.size());
    }
    requireColumn("valueIndex", form.value(), source);
    requireColumn("partitionIndex", form.partitionIndex(), source);
    requireColumn("headersIndex", form.headersIndex(), source);
    requireColumn("timestampIndex", form.timestampIndex(), source);
    form.key().forEach(index -> requireColumn("keyIndex", index, source));
    Target found = target(context);
    if (form.timestampIndex() >= 0) {
      RecordTimes.check(source.field(form.timestampIndex()), found.times(), options.place());
    }
    List<String> ignored = options.client().withoutEffect();
    if (!ignored.isEmpty()) {
      context
          .log()
          .info(
              "kafkaConfig: "
                  + String.join(", ", ignored)
                  + " have no effect: the writer decides them itself");
    }
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < source.size(); i++) {
      Field field = source.field(i);
      if (!form.columns().isEmpty()) {
        form.columns().get(i).check(field);
      }
      fields.add(form.names().isEmpty() ? field : field.withName(form.names().get(i)));
    }
    return new Schema(fields);
  }

  private static void requireColumn(String option, int index, Schema source) {
    if (index >= source.size()) {
      throw wrong(
          "option '"
              + option
              + "': there is no column "
              + index
              + ", the reader delivers "
              + source.size()
              + ", counted from 0");
    }
  }

  /**
   * A new producer.
   *
   * @param more properties beside the usual ones
   */
  Producer<byte[], byte[]> producer(Map<String, String> more, StageContext context) {
    Map<String, Object> properties = properties(target(context));
    properties.putAll(more);
    try {
      return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    } catch (RuntimeException e) {
      throw KafkaErrors.translate(e, Doing.WRITING, options.place(), 0);
    }
  }

  /** What sends batches with a producer. */
  BatchSender sender(Producer<byte[], byte[]> producer, WriteContext context) {
    return new BatchSender(options, target(context), limits(context), producer, context);
  }

  private synchronized MessageLimits limits(StageContext context) {
    MessageLimits known = limits;
    if (known == null) {
      Target found = target(context);
      known = MessageLimits.of(properties(found), found.maxMessageBytes());
      limits = known;
    }
    return known;
  }

  private Map<String, Object> properties(Target found) {
    Map<String, Object> properties = options.client().producer();
    options.producer().forEach(properties::putIfAbsent);
    // The producer looks at a message before it is compressed, the topic at what becomes of it.
    boolean compresses =
        !"none".equals(properties.getOrDefault("compression.type", "none").toString());
    int request =
        compresses ? MOST_OF_A_REQUEST : Math.max(1 << 20, found.maxMessageBytes()) + 4096;
    properties.putIfAbsent("max.request.size", String.valueOf(request));
    properties.putIfAbsent("buffer.memory", String.valueOf(Math.max(32L << 20, 2L * request)));
    // A batch that is larger than the topic takes would be sent, refused and cut again.
    long batch = Long.parseLong(properties.get("batch.size").toString());
    properties.put("batch.size", String.valueOf(Math.min(batch, found.maxMessageBytes())));
    return properties;
  }

  @Override
  public void close() {
    clients.close();
  }
}
