package io.millrace.scheduler.runner;

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
import io.millrace.api.write.WriterFactory;
import java.util.List;
import java.util.Optional;

/** A source that does something else just before it tells its columns. */
record HookedSource(Connector source, Runnable beforeSchema) implements Connector {

  @Override
  public ConnectorInfo info() {
    return source.info();
  }

  @Override
  public Optional<WriterFactory> writer() {
    return Optional.empty();
  }

  @Override
  public Optional<ReaderFactory> reader() {
    ReaderFactory factory = source.reader().orElseThrow();
    return Optional.of(
        new ReaderFactory() {
          @Override
          public List<ConfigOption<?>> options() {
            return factory.options();
          }

          @Override
          public Reader create(Options options, TaskContext context) {
            return new Hooked(factory.create(options, context), beforeSchema);
          }
        });
  }

  private record Hooked(Reader reader, Runnable beforeSchema) implements Reader {
    @Override
    public Schema schema(StageContext context) {
      beforeSchema.run();
      return reader.schema(context);
    }

    @Override
    public void prepare(StageContext context) {
      reader.prepare(context);
    }

    @Override
    public SplitPlan split(SplitRequest request, StageContext context) {
      return reader.split(request, context);
    }

    @Override
    public SplitReader open(Split split, ReadContext context) {
      return reader.open(split, context);
    }

    @Override
    public void finish(List<Split> splits, StageContext context) {
      reader.finish(splits, context);
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
