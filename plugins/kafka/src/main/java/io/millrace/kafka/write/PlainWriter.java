package io.millrace.kafka.write;

import io.millrace.api.StageContext;
import io.millrace.api.TaskContext;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.write.Guarantee;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteContext;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** Sends records as they come: a split that is tried again leaves them twice. */
final class PlainWriter implements Writer {

  private static final int STATE_VERSION = 1;
  private static final String TOPIC_ID = "topicId";
  private static final String REASON =
      "messages stand in the topic as soon as they are sent, so a split that is tried again leaves"
          + " them twice; exactlyOnce: true writes each split in a transaction";

  private final WriteOptions options;
  private final TaskContext task;
  private final Topic topic;
  private final Map<Integer, Producer<byte[], byte[]>> idle = new ConcurrentHashMap<>();
  private final Map<String, SplitCommit> committed = new ConcurrentHashMap<>();

  PlainWriter(WriteOptions options, TaskContext task) {
    this.options = options;
    this.task = task;
    this.topic = new Topic(options);
  }

  @Override
  public Schema check(Schema source, StageContext context) {
    return topic.check(source, context);
  }

  @Override
  public void marked(StageContext context, Consumer<String> look) {
    topic.marked(context, look);
  }

  @Override
  public Map<String, String> identity(WriteState state, StageContext context) {
    return topic.identity(context);
  }

  @Override
  public WriteState prepare(WritePlan plan, StageContext context) {
    return state(plan.instanceId(), plan.epoch(), topic.id(context));
  }

  private static WriteState state(String instance, long epoch, String topicId) {
    return new WriteState(
        STATE_VERSION,
        Map.of("instance", instance, "epoch", String.valueOf(epoch), TOPIC_ID, topicId),
        Guarantee.AT_LEAST_ONCE,
        REASON);
  }

  @Override
  public WriteState takeOver(WriteState state, long epoch, StageContext context) {
    return state(
        state.properties().getOrDefault("instance", ""),
        epoch,
        state.properties().getOrDefault(TOPIC_ID, ""));
  }

  @Override
  public Map<String, SplitCommit> commits(WriteState state, StageContext context) {
    return Map.copyOf(committed);
  }

  @Override
  public SplitWriter open(WriteState state, String splitId, WriteContext context) {
    topic.requireSame(state.properties().getOrDefault(TOPIC_ID, ""), context);
    Producer<byte[], byte[]> used = idle.remove(context.channel());
    Producer<byte[], byte[]> producer = used == null ? topic.producer(Map.of(), context) : used;
    BatchSender sender = topic.sender(producer, context);
    return new SplitWriter() {

      private boolean done;

      @Override
      public long write(RecordBatch batch) {
        return sender.send(batch);
      }

      @Override
      public SplitCommit commit(SplitTally tally) {
        // Every message was answered when its batch was written.
        SplitCommit commit = new SplitCommit(splitId, tally);
        committed.put(splitId, commit);
        done = true;
        return commit;
      }

      @Override
      public void close() {
        if (!done || idle.putIfAbsent(context.channel(), producer) != null) {
          producer.close(Duration.ZERO);
        }
      }
    };
  }

  @Override
  public void publish(WriteState state, List<SplitCommit> commits, StageContext context) {
    // Everything is visible already.
  }

  /** Of a time when the task had transactions. */
  @Override
  public List<String> leftBehind(Instant before, StageContext context) {
    try (TransactionalWriter other = new TransactionalWriter(options, task)) {
      return other.leftBehind(before, context);
    }
  }

  @Override
  public int cleanUp(Instant before, StageContext context) {
    try (TransactionalWriter other = new TransactionalWriter(options, task)) {
      return other.cleanUp(before, context);
    }
  }

  @Override
  public void close() {
    idle.values().forEach(producer -> producer.close(Duration.ZERO));
    idle.clear();
    topic.close();
  }
}
