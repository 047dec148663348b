package io.millrace.kafka.write;

import io.millrace.api.StageContext;
import io.millrace.kafka.connect.KafkaCalls;
import io.millrace.kafka.connect.KafkaErrors.Doing;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.Producer;

/**
 * The transactional producers of an attempt's channels, and the channels of which nobody knows
 * whether their last transaction was committed. Thread-safe; a producer is used by its channel.
 */
final class ChannelProducers {

  private final Topic topic;
  private final Map<Integer, Producer<byte[], byte[]>> ready = new ConcurrentHashMap<>();
  private final Set<Integer> doubtful = ConcurrentHashMap.newKeySet();
  private final Set<String> committed = ConcurrentHashMap.newKeySet();

  ChannelProducers(Topic topic) {
    this.topic = topic;
  }

  /** Initialises the ids of so many channels: whatever used them before is ended and shut out. */
  void initialiseAll(Prepared prepared, int count, StageContext context) {
    for (int channel = 0; channel < count; channel++) {
      Producer<byte[], byte[]> producer = initialised(prepared, channel, context);
      if (channel < context.task().limits().channels()) {
        replace(channel, producer);
      } else {
        producer.close(Duration.ZERO);
      }
    }
  }

  private void replace(int channel, Producer<byte[], byte[]> producer) {
    Producer<byte[], byte[]> before = ready.put(channel, producer);
    doubtful.remove(channel);
    if (before != null) {
      before.close(Duration.ZERO);
    }
  }

  private Producer<byte[], byte[]> initialised(
      Prepared prepared, int channel, StageContext context) {
    String id = prepared.transactionalId(channel);
    Producer<byte[], byte[]> producer =
        topic.producer(
            Map.of(
                "transactional.id",
                id,
                "transaction.timeout.ms",
                String.valueOf(prepared.timeoutMillis())),
            context);
    boolean usable = false;
    try {
      KafkaCalls.call(
          context.cancellation(),
          Doing.WRITING,
          "transactional id " + id,
          () -> {
            producer.initTransactions();
            return true;
          });
      usable = true;
      return producer;
    } finally {
      if (!usable) {
        producer.close(Duration.ZERO);
      }
    }
  }

  /** The channel's producer, or a new one; {@code check} tells whether that is allowed still. */
  Producer<byte[], byte[]> take(
      Prepared prepared, int channel, StageContext context, Runnable check) {
    Producer<byte[], byte[]> known = ready.remove(channel);
    if (known != null) {
      return known;
    }
    Producer<byte[], byte[]> producer = initialised(prepared, channel, context);
    boolean allowed = false;
    try {
      check.run();
      allowed = true;
      doubtful.remove(channel);
      return producer;
    } finally {
      if (!allowed) {
        producer.close(Duration.ZERO);
      }
    }
  }

  /** The producer has no transaction any more and may be used again. */
  void giveBack(int channel, Producer<byte[], byte[]> producer) {
    replace(channel, producer);
  }

  /** The producer's transaction may be open, or committed. */
  void abandon(int channel, Producer<byte[], byte[]> producer) {
    doubtful.add(channel);
    producer.close(Duration.ZERO);
  }

  boolean hasDoubtful() {
    return !doubtful.isEmpty();
  }

  /** Ends every doubtful transaction: afterwards the ledger tells what became of it. */
  synchronized void endDoubtful(Prepared prepared, StageContext context) {
    for (int channel : doubtful) {
      replace(channel, initialised(prepared, channel, context));
    }
  }

  void committed(String splitId) {
    committed.add(splitId);
  }

  boolean isCommitted(String splitId) {
    return committed.contains(splitId);
  }

  /** Closes what is not in use. */
  void close() {
    ready
        .keySet()
        .forEach(
            channel -> {
              Producer<byte[], byte[]> producer = ready.remove(channel);
              if (producer != null) {
                producer.close(Duration.ZERO);
              }
            });
  }
}
