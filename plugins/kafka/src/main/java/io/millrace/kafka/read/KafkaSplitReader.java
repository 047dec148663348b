package io.millrace.kafka.read;

import io.millrace.api.Cancellation;
import io.millrace.api.Counted;
import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.SplitReader;
import io.millrace.api.record.RecordBatch;
import io.millrace.kafka.connect.KafkaErrors;
import io.millrace.kafka.connect.KafkaErrors.Doing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/** Reads one pinned range of a partition, without a consumer group. */
final class KafkaSplitReader implements SplitReader {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration ASK = Duration.ofSeconds(20);

  private final PartitionRange range;
  private final ReaderOptions options;
  private final Positions positions;
  private final ReadContext context;
  private final Consumer<ByteBuffer, ByteBuffer> consumer;
  private final Cancellation.Registration registration;
  private final MessageRows rows;
  private final ReadCounts counts = new ReadCounts();
  private Iterator<ConsumerRecord<ByteBuffer, ByteBuffer>> records = Collections.emptyIterator();

  /** The first offset that is not accounted for yet. */
  private long next;

  private long lastProgress = System.nanoTime();
  private boolean waitsForTransaction;

  private KafkaSplitReader(
      PartitionRange range,
      ReaderOptions options,
      Positions positions,
      ReadContext context,
      Consumer<ByteBuffer, ByteBuffer> consumer) {
    this.range = range;
    this.options = options;
    this.positions = positions;
    this.context = context;
    this.consumer = consumer;
    this.next = range.begin();
    this.rows = new MessageRows(options.layout(), range, context.task(), context.dirty());
    this.registration = context.cancellation().onCancel(consumer::wakeup);
  }

  static KafkaSplitReader open(
      PartitionRange range,
      ReaderOptions options,
      Positions positions,
      TaskContext.Limits limits,
      ReadContext context) {
    Map<String, Object> properties = options.client().consumer();
    properties.putAll(options.fetching());
    // One poll gives all of one fetch where it fits a batch, so that the next one is under way
    // while its messages are looked at.
    properties.putIfAbsent("max.poll.records", String.valueOf(Math.max(1, limits.batchRows())));
    int bytes = (int) Math.min(8L << 20, Math.max(1 << 20, 2L * limits.batchBytes()));
    properties.putIfAbsent("max.partition.fetch.bytes", String.valueOf(bytes));
    properties.putIfAbsent("fetch.max.bytes", String.valueOf(bytes));
    Slices slices = new Slices();
    Consumer<ByteBuffer, ByteBuffer> consumer;
    try {
      consumer = new KafkaConsumer<>(properties, slices, slices);
    } catch (RuntimeException e) {
      throw KafkaErrors.translate(e, Doing.READING, options.place(), 0);
    }
    consumer.assign(List.of(range.partition()));
    consumer.seek(range.partition(), range.begin());
    return new KafkaSplitReader(range, options, positions, context, consumer);
  }

  @Override
  public boolean read(RecordBatch into) {
    while (next < range.end()) {
      if (records.hasNext()) {
        ConsumerRecord<ByteBuffer, ByteBuffer> message = records.next();
        if (message.offset() >= range.end()) {
          break;
        }
        take(message, into);
        if (into.isFull()) {
          return next < range.end() || ended();
        }
        continue;
      }
      context.cancellation().throwIfCancelled();
      if (!fetch() && (into.size() > 0 || waitsForTransaction)) {
        // What is there should not wait for what may take its time.
        return next < range.end() || ended();
      }
    }
    return ended();
  }

  private void take(ConsumerRecord<ByteBuffer, ByteBuffer> message, RecordBatch into) {
    counts.gap(message.offset() - next);
    next = message.offset() + 1;
    ReaderOptions.Filters filters = options.filters();
    boolean tombstone = message.value() == null;
    if (tombstone) {
      counts.tombstone();
    }
    if (message.timestamp() < filters.fromMillis() || message.timestamp() >= filters.toMillis()) {
      counts.outside();
    } else if (!tombstone || !filters.tombstones()) {
      counts.record();
      rows.append(message, into);
    }
  }

  /** Gets what comes next; false when nothing came in a while. */
  private boolean fetch() {
    TopicPartition partition = range.partition();
    try {
      records = consumer.poll(POLL).records(partition).iterator();
      if (records.hasNext()) {
        progress();
        return true;
      }
      // Behind messages that are not delivered: compacted, aborted, or marks of transactions.
      long position = consumer.position(partition);
      if (position > next) {
        long reached = Math.min(position, range.end());
        counts.gap(reached - next);
        next = reached;
        progress();
        return true;
      }
    } catch (OffsetOutOfRangeException e) {
      gone();
      return true;
    } catch (RuntimeException e) {
      throw failed(e);
    }
    if (System.nanoTime() - lastProgress > options.patience().toNanos()) {
      askWhy();
    }
    return false;
  }

  private void progress() {
    lastProgress = System.nanoTime();
    waitsForTransaction = false;
  }

  private MillraceException failed(RuntimeException error) {
    context.cancellation().throwIfCancelled();
    return KafkaErrors.translate(
        error,
        Doing.READING,
        range.place() + ", offset " + next + " at " + options.client().server(),
        System.nanoTime() - lastProgress);
  }

  /** Nothing has come for longer than the user wants to wait: asks the broker what is the case. */
  private void askWhy() {
    positions.requireSame(range);
    long stable;
    try {
      stable = consumer.endOffsets(List.of(range.partition()), ASK).get(range.partition());
    } catch (RuntimeException e) {
      throw failed(e);
    }
    if (stable > next) {
      throw new MillraceException(
          StandardError.READ,
          range.place()
              + ": the broker answers, but has sent nothing for "
              + options.patience().toSeconds()
              + " s at offset "
              + next
              + ", though there are messages up to "
              + stable);
    }
    long high = positions.high(range.partition());
    if (high < range.end()) {
      throw new MillraceException(
          StandardError.READ_REFUSED,
          range.place()
              + ": the log ends at offset "
              + high
              + " now, before the window's end at offset "
              + range.end()
              + ": messages were cut off; start the task anew");
    }
    String held =
        range.place()
            + ": an open transaction holds back the messages from offset "
            + next
            + " on, "
            + Counted.of(range.end() - next, "offset", "offsets")
            + " before the window's end";
    if (options.filters().stopsEarly()) {
      context.log().warn(held + "; stopWhenPollEmpty ends the partition here");
      counts.cut(range.end() - next);
      next = range.end();
    } else if (!waitsForTransaction) {
      context.log().warn(held + "; waits until it ends");
    }
    waitsForTransaction = true;
  }

  /** Messages of the range were removed after it had been planned, or the whole log was. */
  private void gone() {
    positions.requireSame(range);
    TopicPartition partition = range.partition();
    long low;
    try {
      low = consumer.beginningOffsets(List.of(partition), ASK).get(partition);
    } catch (RuntimeException e) {
      throw failed(e);
    }
    long lost = Math.min(low, range.end()) - next;
    if (lost <= 0) {
      throw new MillraceException(
          StandardError.READ_REFUSED,
          range.place()
              + ": offset "
              + next
              + " is not there any more, though the log begins at "
              + low
              + ": it was cut off or made anew; start the task anew");
    }
    String what =
        range.place()
            + ": "
            + Counted.of(lost, "offset", "offsets")
            + " of the window, "
            + next
            + " to "
            + (next + lost)
            + (lost == 1 ? ", was" : ", were")
            + " removed by retention before they were read";
    switch (options.reset()) {
      case NONE ->
          throw new MillraceException(
              StandardError.READ_REFUSED,
              what
                  + "; start the task anew with what is left, or set autoOffsetReset: earliest to go"
                  + " on without them");
      case EARLIEST -> {
        context.log().warn(what + "; goes on with the oldest that is left");
        counts.removed(lost);
        next += lost;
      }
      case LATEST -> {
        context.log().warn(what + "; leaves the rest of the partition out");
        counts.removed(range.end() - next);
        next = range.end();
      }
    }
    consumer.seek(partition, next);
    progress();
  }

  /** Accounts for the rest of the range; always false. */
  private boolean ended() {
    if (range.begin() < range.end()) {
      // What came may be of another topic under the same name.
      positions.requireSame(range);
    }
    counts.gap(range.end() - next);
    next = range.end();
    if (range.begin() < range.end()) {
      context.log().info(String.format(Locale.ROOT, "%s: %s", range, counts));
    }
    return false;
  }

  @Override
  public void close() {
    registration.close();
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }
}
