package io.millrace.kafka.write;

import io.millrace.api.Counted;
import io.millrace.api.DirtyRecords;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.write.WriteContext;
import io.millrace.kafka.connect.KafkaCalls;
import io.millrace.kafka.connect.KafkaErrors;
import io.millrace.kafka.connect.KafkaErrors.Doing;
import io.millrace.kafka.value.BadValueException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Sends batches and waits for the answer to each message. For one thread. */
final class BatchSender {

  private final WriteOptions options;
  private final Target target;
  private final MessageLimits limits;
  private final Producer<byte[], byte[]> producer;
  private final WriteContext context;
  private @Nullable RecordEncoder encoder;

  BatchSender(
      WriteOptions options,
      Target target,
      MessageLimits limits,
      Producer<byte[], byte[]> producer,
      WriteContext context) {
    this.options = options;
    this.target = target;
    this.limits = limits;
    this.producer = producer;
    this.context = context;
  }

  /** The answers to one batch: what was refused, and how many were taken. */
  private static final class Answers {

    private final Map<Integer, DirtyRecords.Reason> bad = new TreeMap<>();
    private final Map<Integer, Exception> refused = new TreeMap<>();
    private int taken;

    Callback of(int row) {
      return (RecordMetadata metadata, Exception error) -> answer(row, error);
    }

    private synchronized void answer(int row, @Nullable Exception error) {
      if (error == null) {
        taken++;
      } else {
        refused.put(row, error);
      }
    }

    synchronized int taken() {
      return taken;
    }

    synchronized Map<Integer, Exception> refused() {
      return new TreeMap<>(refused);
    }
  }

  /**
   * Sends a batch. Records that the topic does not take are dirty.
   *
   * @return how many messages the brokers have taken
   */
  long send(RecordBatch batch) {
    Answers answers =
        KafkaCalls.call(context.cancellation(), Doing.WRITING, options.place(), () -> sent(batch));
    answers
        .refused()
        .forEach(
            (row, error) -> {
              // A transaction in which one was refused cannot be committed.
              if (!(error instanceof RecordTooLargeException) || options.exactlyOnce()) {
                throw KafkaErrors.translate(error, Doing.WRITING, options.place(), timeout(error));
              }
              answers.bad.put(
                  row,
                  new DirtyRecords.Reason("RECORD_TOO_LARGE", KafkaErrors.message(error), null));
            });
    // Not while an interrupt may come: what keeps dirty records writes to files.
    answers.bad.forEach((row, reason) -> context.dirty().add(batch, row, reason));
    if (answers.taken() + answers.bad.size() != batch.size()) {
      throw new MillraceException(
          StandardError.WRITE,
          options.place()
              + ": "
              + Counted.of(
                  batch.size() - answers.taken() - answers.bad.size(),
                  "message was",
                  "messages were")
              + " not answered");
    }
    return answers.taken();
  }

  /** How long a message was tried: a producer gives up after a time of its own. */
  private long timeout(Exception error) {
    if (!(error instanceof TimeoutException)) {
      return 0;
    }
    String millis = options.client().wanted("delivery.timeout.ms").orElse("120000");
    return millis.matches("\\d{1,9}") ? Long.parseLong(millis) * 1_000_000 : 0;
  }

  private Answers sent(RecordBatch batch) {
    RecordEncoder making = encoder;
    if (making == null) {
      making = new RecordEncoder(options, target, limits, batch.schema(), context.task());
      encoder = making;
    }
    Answers answers = new Answers();
    for (int row = 0; row < batch.size(); row++) {
      try {
        producer.send(making.encode(batch, row), answers.of(row));
        if (making.isLast()) {
          producer.flush();
        }
      } catch (BadValueException e) {
        answers.bad.put(row, new DirtyRecords.Reason(e.code(), e.getMessage(), null));
      }
    }
    producer.flush();
    return answers;
  }
}
