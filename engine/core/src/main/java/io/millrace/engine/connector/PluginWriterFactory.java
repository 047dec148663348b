package io.millrace.engine.connector;

import io.millrace.api.StageContext;
import io.millrace.api.TaskContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitTally;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteContext;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.api.write.WriterFactory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The writer side of {@link PluginConnector}. */
record PluginWriterFactory(PluginCalls calls, WriterFactory factory) implements WriterFactory {

  @Override
  public List<ConfigOption<?>> options() {
    return calls.call(factory::options);
  }

  @Override
  public Writer create(Options options, TaskContext context) {
    return new PluginWriter(calls, calls.call(() -> factory.create(options, context)));
  }

  private record PluginWriter(PluginCalls calls, Writer writer) implements Writer {

    @Override
    public Schema check(Schema source, StageContext context) {
      return calls.call(() -> writer.check(source, context));
    }

    @Override
    public void marked(StageContext context, Consumer<String> look) {
      calls.run(() -> writer.marked(context, look));
    }

    @Override
    public Map<String, String> identity(WriteState state, StageContext context) {
      return calls.call(() -> writer.identity(state, context));
    }

    @Override
    public WriteState prepare(WritePlan plan, StageContext context) {
      return calls.call(() -> writer.prepare(plan, context));
    }

    @Override
    public WriteState takeOver(WriteState state, long epoch, StageContext context) {
      return calls.call(() -> writer.takeOver(state, epoch, context));
    }

    @Override
    public Map<String, SplitCommit> commits(WriteState state, StageContext context) {
      return calls.call(() -> writer.commits(state, context));
    }

    @Override
    public boolean maySkip() {
      return calls.call(writer::maySkip);
    }

    @Override
    public boolean wantsWholeSplits() {
      return calls.call(writer::wantsWholeSplits);
    }

    @Override
    public SplitWriter open(WriteState state, String splitId, WriteContext context) {
      return new PluginSplitWriter(calls, calls.call(() -> writer.open(state, splitId, context)));
    }

    @Override
    public void publish(WriteState state, List<SplitCommit> commits, StageContext context) {
      calls.run(() -> writer.publish(state, commits, context));
    }

    @Override
    public void discard(WriteState state, StageContext context) {
      calls.run(() -> writer.discard(state, context));
    }

    @Override
    public void forget(WriteState state, StageContext context) {
      calls.run(() -> writer.forget(state, context));
    }

    @Override
    public List<String> leftBehind(Instant before, StageContext context) {
      return calls.call(() -> writer.leftBehind(before, context));
    }

    @Override
    public int cleanUp(Instant before, StageContext context) {
      return calls.call(() -> writer.cleanUp(before, context));
    }

    @Override
    public void close() {
      calls.run(writer::close);
    }
  }

  private record PluginSplitWriter(PluginCalls calls, SplitWriter writer) implements SplitWriter {

    @Override
    public long write(RecordBatch batch) {
      return calls.call(() -> writer.write(batch));
    }

    @Override
    public long skipped() {
      return calls.call(writer::skipped);
    }

    @Override
    public void keepAlive() {
      calls.run(writer::keepAlive);
    }

    @Override
    public SplitCommit commit(SplitTally tally) {
      return calls.call(() -> writer.commit(tally));
    }

    @Override
    public void close() {
      calls.run(writer::close);
    }
  }
}
