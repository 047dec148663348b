package io.millrace.kafka.write;

import io.millrace.api.Sensitive;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteContext;
import io.millrace.kafka.connect.KafkaCalls;
import io.millrace.kafka.connect.KafkaErrors;
import io.millrace.kafka.connect.KafkaErrors.Doing;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TransactionAbortedException;

/** Writes one try of a split in one transaction. */
final class TransactionalSplitWriter implements SplitWriter {

  private static final long ABORT_SECONDS = 20;
  private static final long ABORT_SECONDS_CANCELLED = 2;

  private final Parts parts;
  private final String splitId;
  private final WriteContext context;
  private final Producer<byte[], byte[]> producer;
  private final BatchSender sender;
  private final long begin = System.nanoTime();
  private boolean done;

  /** What every split of an attempt shares. */
  record Parts(WriteOptions options, Prepared prepared, Ledger ledger, ChannelProducers channels) {}

  private TransactionalSplitWriter(
      Parts parts,
      String splitId,
      WriteContext context,
      Producer<byte[], byte[]> producer,
      BatchSender sender) {
    this.parts = parts;
    this.splitId = splitId;
    this.context = context;
    this.producer = producer;
    this.sender = sender;
  }

  static TransactionalSplitWriter open(
      Parts parts, Topic topic, String splitId, WriteContext context) {
    Prepared prepared = parts.prepared();
    Producer<byte[], byte[]> producer =
        parts
            .channels()
            .take(
                prepared,
                context.channel(),
                context,
                () -> parts.ledger().requireNewest(prepared.attempt(), context));
    try {
      producer.beginTransaction();
    } catch (RuntimeException e) {
      parts.channels().abandon(context.channel(), producer);
      throw KafkaErrors.translate(e, Doing.WRITING, parts.options().place(), 0);
    }
    return new TransactionalSplitWriter(
        parts, splitId, context, producer, topic.sender(producer, context));
  }

  @Override
  public long write(RecordBatch batch) {
    try {
      return sender.send(batch);
    } catch (MillraceException e) {
      throw explained(e);
    }
  }

  @Override
  public SplitCommit commit(SplitTally tally) {
    try {
      KafkaCalls.call(
          context.cancellation(),
          Doing.WRITING,
          "the commit of split " + splitId + ", " + parts.options().place(),
          () -> {
            producer.send(
                parts.ledger().entry(splitId, parts.prepared().attempt().generation(), tally));
            producer.commitTransaction();
            return true;
          });
    } catch (MillraceException e) {
      throw explained(e);
    }
    done = true;
    parts.channels().committed(splitId);
    parts.channels().giveBack(context.channel(), producer);
    return new SplitCommit(splitId, tally);
  }

  /** Says why a transaction was ended by the cluster, where that is what happened. */
  private MillraceException explained(MillraceException error) {
    boolean ended =
        KafkaErrors.is(error, ProducerFencedException.class)
            || KafkaErrors.is(error, InvalidProducerEpochException.class)
            || KafkaErrors.is(error, InvalidPidMappingException.class)
            || KafkaErrors.is(error, TransactionAbortedException.class);
    if (!ended || context.cancellation().isCancelled()) {
      return error;
    }
    try {
      parts.ledger().requireNewest(parts.prepared().attempt(), context);
    } catch (MillraceException e) {
      return e;
    }
    long millis = (System.nanoTime() - begin) / 1_000_000;
    if (millis >= parts.prepared().timeoutMillis()) {
      return new MillraceException(
          StandardError.WRITE_REFUSED,
          "split "
              + splitId
              + " took "
              + millis / 1000
              + " s, longer than the transaction of "
              + parts.prepared().timeoutMillis() / 1000
              + " s that it is; make splits smaller, raise 'transactionTimeout' or the brokers'"
              + " transaction.max.timeout.ms, or do without exactlyOnce",
          error);
    }
    return new MillraceException(
        StandardError.WRITE,
        "the brokers have ended the transaction of split "
            + splitId
            + ": "
            + Sensitive.message(error),
        error);
  }

  @Override
  public void close() {
    if (done) {
      return;
    }
    done = true;
    if (aborted()) {
      parts.channels().giveBack(context.channel(), producer);
    } else {
      // The next one that initialises the id ends what is open.
      parts.channels().abandon(context.channel(), producer);
    }
  }

  /** Ends the transaction, so that its readers need not wait; not longer than it is worth. */
  private boolean aborted() {
    boolean[] ended = new boolean[1];
    Thread thread =
        new Thread(
            () -> {
              try {
                producer.abortTransaction();
                ended[0] = true;
              } catch (RuntimeException e) {
                // Fenced, or not reached: what is open stays so until the id is initialised.
                ended[0] = false;
              }
            },
            "kafka-abort-" + context.channel());
    thread.setDaemon(true);
    thread.start();
    long seconds = context.cancellation().isCancelled() ? ABORT_SECONDS_CANCELLED : ABORT_SECONDS;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(seconds));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive() && ended[0];
  }
}
