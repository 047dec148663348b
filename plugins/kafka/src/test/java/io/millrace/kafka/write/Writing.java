package io.millrace.kafka.write;

import io.millrace.api.TaskContext.Limits;
import io.millrace.api.option.Options;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.testkit.context.TestContext;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** A writer in the middle of an attempt, made as the engine makes it. */
public final class Writing implements AutoCloseable {

  private final TestContext context =
      TestContext.create().withLimits(Limits.DEFAULT.withChannels(2));
  private final Writer writer;

  /**
   * @param more options beside server and topic, names and values by turns
   */
  public Writing(String server, String topic, Object... more) {
    Map<String, Object> raw = new HashMap<>(Map.of("server", server, "topic", topic));
    for (int i = 0; i < more.length; i += 2) {
      raw.put((String) more[i], more[i + 1]);
    }
    KafkaWriterFactory factory = new KafkaWriterFactory();
    Options.Checked checked = Options.check(factory.options(), raw);
    if (!checked.problems().isEmpty() || !checked.unknown().isEmpty()) {
      throw new IllegalArgumentException(checked.problems() + " " + checked.unknown());
    }
    writer = factory.create(checked.options(), context.task());
  }

  /** What the writer is given. */
  public TestContext context() {
    return context;
  }

  /** The writer itself. */
  public Writer writer() {
    return writer;
  }

  /** Stage 1 of a new instance. */
  public WriteState prepare(Schema schema) {
    writer.check(schema, context);
    return writer.prepare(new WritePlan(UUID.randomUUID().toString(), 1, 1, schema), context);
  }

  /** One try of a split. */
  public SplitWriter open(WriteState state, String split, int channel) {
    return writer.open(state, split, context.withChannel(channel));
  }

  /** Writes a batch as a whole attempt. */
  public void write(RecordBatch batch) {
    WriteState state = prepare(batch.schema());
    try (SplitWriter split = writer.open(state, "a", context)) {
      long written = split.write(batch);
      SplitCommit commit =
          split.commit(new SplitTally(batch.size(), written, context.dirty().count(), 1, ""));
      writer.publish(state, java.util.List.of(commit), context);
    }
    writer.forget(state, context);
  }

  @Override
  public void close() {
    writer.close();
  }
}
