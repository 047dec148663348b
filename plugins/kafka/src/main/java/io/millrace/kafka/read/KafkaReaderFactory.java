package io.millrace.kafka.read;

import io.millrace.api.TaskContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import java.util.List;

/** Declares the reader's options and makes readers. */
public final class KafkaReaderFactory implements ReaderFactory {

  @Override
  public List<ConfigOption<?>> options() {
    return DeclaredOptions.all();
  }

  @Override
  public Reader create(Options options, TaskContext context) {
    return new KafkaReader(ReaderOptions.of(options, context.zone(), context.files()), context);
  }
}
