package com.example.lines;

import io.millrace.api.Connector;
import io.millrace.api.ConnectorInfo;
import io.millrace.api.TaskContext;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import io.millrace.api.write.Writer;
import io.millrace.api.write.WriterFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads and writes lines of text files. */
public final class LinesConnector implements Connector {

  static final ConfigOption<String> SOURCE =
      ConfigOption.string("path", "A text file, or a directory of *.txt files, in UTF-8.")
          .mandatory();

  static final ConfigOption<String> TARGET =
      ConfigOption.string("path", "A directory; each split becomes a file in it. Made when missing.")
          .mandatory();

  @Override
  public ConnectorInfo info() {
    return new ConnectorInfo("lines", List.of(), "Reads and writes lines of text files.");
  }

  @Override
  public Optional<ReaderFactory> reader() {
    return Optional.of(
        new ReaderFactory() {
          @Override
          public List<ConfigOption<?>> options() {
            return List.of(SOURCE);
          }

          @Override
          public Reader create(Options options, TaskContext context) {
            return new LinesReader(context.files().allowed(Path.of(options.get(SOURCE))));
          }
        });
  }

  @Override
  public Optional<WriterFactory> writer() {
    return Optional.of(
        new WriterFactory() {
          @Override
          public List<ConfigOption<?>> options() {
            return List.of(TARGET);
          }

          @Override
          public Writer create(Options options, TaskContext context) {
            return new LinesWriter(context.files().allowed(Path.of(options.get(TARGET))));
          }
        });
  }
}
