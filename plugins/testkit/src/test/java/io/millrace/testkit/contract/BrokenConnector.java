package io.millrace.testkit.contract;

import io.millrace.api.Connector;
import io.millrace.api.ConnectorInfo;
import io.millrace.api.StageContext;
import io.millrace.api.TaskContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.Schema;
import io.millrace.api.write.SplitCommit;
import io.millrace.api.write.SplitWriter;
import io.millrace.api.write.WriteContext;
import io.millrace.api.write.WritePlan;
import io.millrace.api.write.WriteState;
import io.millrace.api.write.Writer;
import io.millrace.api.write.WriterFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A connector that is right but for what a test changes in its reader or writer. */
record BrokenConnector(
    Connector right, UnaryOperator<Reader> breakReader, UnaryOperator<Writer> breakWriter)
    implements Connector {

  @Override
  public ConnectorInfo info() {
    return right.info();
  }

  @Override
  public Optional<ReaderFactory> reader() {
    ReaderFactory factory = right.reader().orElseThrow();
    return Optional.of(
        new ReaderFactory() {
          @Override
          public List<ConfigOption<?>> options() {
            return factory.options();
          }

          @Override
          public Reader create(Options options, TaskContext context) {
            return breakReader.apply(factory.create(options, context));
          }
        });
  }

  @Override
  public Optional<WriterFactory> writer() {
    WriterFactory factory = right.writer().orElseThrow();
    return Optional.of(
        new WriterFactory() {
          @Override
          public List<ConfigOption<?>> options() {
            return factory.options();
          }

          @Override
          public Writer create(Options options, TaskContext context) {
            return breakWriter.apply(factory.create(options, context));
          }
        });
  }

  /** A reader that does what another does. */
  static class SameReader implements Reader {
    final Reader same;

    SameReader(Reader same) {
      this.same = same;
    }

    @Override
    public Schema schema(StageContext context) {
      return same.schema(context);
    }

    @Override
    public SplitPlan split(SplitRequest request, StageContext context) {
      return same.split(request, context);
    }

    @Override
    public SplitReader open(Split split, ReadContext context) {
      return same.open(split, context);
    }
  }

  /** A writer that does what another does. */
  static class SameWriter implements Writer {
    final Writer same;

    SameWriter(Writer same) {
      this.same = same;
    }

    @Override
    public Schema check(Schema source, StageContext context) {
      return same.check(source, context);
    }

    @Override
    public WriteState prepare(WritePlan plan, StageContext context) {
      return same.prepare(plan, context);
    }

    @Override
    public WriteState takeOver(WriteState state, long epoch, StageContext context) {
      return same.takeOver(state, epoch, context);
    }

    @Override
    public Map<String, SplitCommit> commits(WriteState state, StageContext context) {
      return same.commits(state, context);
    }

    @Override
    public SplitWriter open(WriteState state, String splitId, WriteContext context) {
      return same.open(state, splitId, context);
    }

    @Override
    public void publish(WriteState state, List<SplitCommit> commits, StageContext context) {
      same.publish(state, commits, context);
    }

    @Override
    public void discard(WriteState state, StageContext context) {
      same.discard(state, context);
    }

    @Override
    public void forget(WriteState state, StageContext context) {
      same.forget(state, context);
    }
  }
}
