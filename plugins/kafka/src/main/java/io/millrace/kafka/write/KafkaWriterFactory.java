package io.millrace.kafka.write;

import io.millrace.api.TaskContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.write.Writer;
import io.millrace.api.write.WriterFactory;
import java.util.List;

/** Declares the writer's options and makes writers. */
public final class KafkaWriterFactory implements WriterFactory {

  @Override
  public List<ConfigOption<?>> options() {
    return WriteOptions.declared();
  }

  @Override
  public Writer create(Options options, TaskContext context) {
    WriteOptions own = WriteOptions.of(options, context.files());
    return own.exactlyOnce()
        ? new TransactionalWriter(own, context)
        : new PlainWriter(own, context);
  }
}
