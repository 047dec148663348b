package io.millrace.stream;

import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.write.Writer;
import io.millrace.api.write.WriterFactory;
import java.nio.charset.Charset;
import java.util.List;

/** The writer's options. */
final class StreamWriterFactory implements WriterFactory {

  static final ConfigOption<Boolean> PRINT =
      ConfigOption.bool("print", "Prints each row to standard output; otherwise discards it.")
          .withDefault(true);

  static final ConfigOption<String> FIELD_DELIMITER =
      ConfigOption.string("fieldDelimiter", "Stands between the values of a printed row.")
          .withDefault("\t");

  static final ConfigOption<String> ENCODING =
      ConfigOption.string("encoding", "The character set of printed rows.").withDefault("UTF-8");

  private final PrintedLines lines;

  StreamWriterFactory(PrintedLines lines) {
    this.lines = lines;
  }

  @Override
  public List<ConfigOption<?>> options() {
    return List.of(PRINT, FIELD_DELIMITER, ENCODING);
  }

  @Override
  public Writer create(Options options, TaskContext context) {
    if (!options.get(PRINT)) {
      return new StreamWriter(batch -> {});
    }
    try {
      Charset charset = Charset.forName(options.get(ENCODING));
      return new StreamWriter(new RowPrinter(lines, options.get(FIELD_DELIMITER), charset));
    } catch (IllegalArgumentException e) {
      throw new MillraceException(
          StandardError.CONFIGURATION,
          "stream writer: option 'encoding': no character set '" + options.get(ENCODING) + "' here",
          e);
    }
  }
}
