package io.millrace.stream;

import io.millrace.api.TaskContext;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.StandardError;
import io.millrace.api.option.ConfigOption;
import io.millrace.api.option.Options;
import io.millrace.api.read.Reader;
import io.millrace.api.read.ReaderFactory;
import java.util.ArrayList;
import java.util.List;

/** The reader's options. */
final class StreamReaderFactory implements ReaderFactory {

  static final ConfigOption<Long> SLICE_RECORD_COUNT =
      ConfigOption.integer(
              "sliceRecordCount", 0, 1_000_000_000_000L, "Rows of each split; one split a channel.")
          .mandatory();

  static final ConfigOption<Object> COLUMN =
      ConfigOption.json(
              "column",
              "Columns, each {\"type\": string|long|double|bool|date|bytes} with a \"value\", a"
                  + " \"random\" range such as \"0,10\" (of lengths for string and bytes, of"
                  + " weights of false and true for bool), or for long \"incr\": \"start,step\";"
                  + " optionally \"name\" and, for date, \"dateFormat\".")
          .mandatory()
          .withOpenContent();

  static final ConfigOption<Long> SEED =
      ConfigOption.integer(
              "seed",
              Long.MIN_VALUE,
              Long.MAX_VALUE,
              "The same seed gives the same random values, run after run.")
          .withDefault(0L);

  @Override
  public List<ConfigOption<?>> options() {
    return List.of(SLICE_RECORD_COUNT, COLUMN, SEED);
  }

  @Override
  public Reader create(Options options, TaskContext context) {
    if (!(options.get(COLUMN) instanceof List<?> declared) || declared.isEmpty()) {
      throw wrong("option 'column' must be a list of at least one column");
    }
    List<GeneratedColumn> columns = new ArrayList<>(declared.size());
    for (int i = 0; i < declared.size(); i++) {
      try {
        columns.add(ColumnParser.parse(declared.get(i), i));
      } catch (IllegalArgumentException e) {
        throw wrong("option 'column', entry " + (i + 1) + ": " + e.getMessage());
      }
    }
    return new StreamReader(columns, options.get(SLICE_RECORD_COUNT), options.get(SEED));
  }

  private static MillraceException wrong(String message) {
    return new MillraceException(StandardError.CONFIGURATION, "stream reader: " + message);
  }
}
