package io.millrace.engine.connector;

import io.millrace.api.ConnectionTest;
import io.millrace.api.Connector;
import io.millrace.api.ConnectorInfo;
import io.millrace.api.StageContext;
import io.millrace.api.TaskContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.read.Overlap;
import io.millrace.api.read.ReadContext;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.read.Split;
import io.millrace.api.read.SplitPlan;
import io.millrace.api.read.SplitReader;
import io.millrace.api.read.SplitRequest;
import io.millrace.api.record.RecordBatch;
import io.millrace.api.record.Schema;
import io.millrace.api.write.WriterFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A plugin's connector as the engine sees it: every call goes through {@link PluginCalls}. That
 * costs once per batch, never per value.
 */
final class PluginConnector implements Connector {

  private final PluginCalls calls;
  private final Connector connector;
  private final ConnectorInfo info;

  PluginConnector(PluginCalls calls, Connector connector) {
    this.calls = calls;
    this.connector = connector;
    this.info = calls.call(connector::info);
  }

  @Override
  public ConnectorInfo info() {
    return info;
  }

  @Override
  public Optional<ReaderFactory> reader() {
    return calls.call(connector::reader).map(factory -> new Factory(calls, factory));
  }

  @Override
  public Optional<WriterFactory> writer() {
    return calls.call(connector::writer).map(factory -> new PluginWriterFactory(calls, factory));
  }

  @Override
  public Optional<ConnectionTest> connectionTest() {
    return calls.call(connector::connectionTest).map(test -> new PluginTest(calls, test));
  }

  private record PluginTest(PluginCalls calls, ConnectionTest test) implements ConnectionTest {

    @Override
    public List<ConfigOption<?>> options() {
      return calls.call(test::options);
    }

    @Override
    public String test(Options options, StageContext context) {
      return calls.call(() -> test.test(options, context));
    }
  }

  private record Factory(PluginCalls calls, ReaderFactory factory) implements ReaderFactory {

    @Override
    public List<ConfigOption<?>> options() {
      return calls.call(factory::options);
    }

    @Override
    public Reader create(Options options, TaskContext context) {
      return new PluginReader(calls, calls.call(() -> factory.create(options, context)));
    }
  }

  private record PluginReader(PluginCalls calls, Reader reader) implements Reader {

    @Override
    public Schema schema(StageContext context) {
      return calls.call(() -> reader.schema(context));
    }

    @Override
    public Map<String, String> identity(StageContext context) {
      return calls.call(() -> reader.identity(context));
    }

    @Override
    public Overlap overlap(String mark, StageContext context) {
      return calls.call(() -> reader.overlap(mark, context));
    }

    @Override
    public void prepare(StageContext context) {
      calls.run(() -> reader.prepare(context));
    }

    @Override
    public SplitPlan split(SplitRequest request, StageContext context) {
      return calls.call(() -> reader.split(request, context));
    }

    @Override
    public SplitReader open(Split split, ReadContext context) {
      return new PluginSplitReader(calls, calls.call(() -> reader.open(split, context)));
    }

    @Override
    public void finish(List<Split> splits, StageContext context) {
      calls.run(() -> reader.finish(splits, context));
    }

    @Override
    public void close() {
      calls.run(reader::close);
    }
  }

  private record PluginSplitReader(PluginCalls calls, SplitReader reader) implements SplitReader {

    @Override
    public boolean read(RecordBatch into) {
      return calls.call(() -> reader.read(into));
    }

    @Override
    public void close() {
      calls.run(reader::close);
    }
  }
}
